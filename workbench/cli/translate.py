"""Translate: what a run's model answers to texts, from arguments or standard input."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.cli import BAD, DONE, output
from workbench.cli.services import Services
from workbench.spec.question import RefusedError, Translate
from workbench.spec.shown.written import TranslationAnswer
from workbench.store.index import Index
from workbench.store.stored_run import read


def translate(
    services: Services,
    run: str,
    texts: Sequence[str],
    to: str,
    source: str,
    *,
    width: int,
    as_json: bool,
) -> int:
    """Answer each text; returns the exit code. Raises UnknownRunError, NotARunError, OSError.

    Without texts each line of standard input is one; empty lines stay empty lines.
    """
    folder = Path(Index.open().find(run).path)
    stored = read(folder)
    targets = tuple(code.strip() for code in to.split(",") if code.strip())
    runner = services.runner()
    question = Translate(stored.spec, stored.seed, str(folder), "", source, targets, width)
    code, documents = DONE, list[dict[str, object]]()
    for place, text in enumerate(texts or _lines(), 1):
        if text is None:
            output.remark(f"line {place:,} of standard input is not UTF-8")
            code = BAD
            continue
        if not text.strip() and not texts:
            documents.append({"source": text, "to": {}})
            if not as_json:
                output.emit("")
            continue
        try:
            of_text = replace(question, text=text)
            answer: TranslationAnswer = runner.ask(of_text)
        except RefusedError as error:
            output.remark(str(error) if texts else f"line {place:,}: {error}")
            code = BAD
            continue
        said = {each.target: each.text for each in answer.answers}
        documents.append({"source": text, "to": said})
        if not as_json:
            for target, translated in said.items():
                output.emit(f"{target}: {translated}" if len(said) > 1 else translated)
    if as_json:
        output.emit_json(documents)
    return code


def _lines() -> Iterator[str | None]:
    """The lines of standard input; None for one that is no text."""
    for line in sys.stdin.buffer:
        try:
            yield line.decode("utf-8").rstrip("\r\n").lstrip("\ufeff")
        except UnicodeDecodeError:
            yield None
