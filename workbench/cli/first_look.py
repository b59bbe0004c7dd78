"""First look: how the files of a preset are read, told before anything is built of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.cli.services import Services
from workbench.spec.experiment import Spec
from workbench.spec.experiments.nested import nested
from workbench.spec.question import Columns
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.reading import Reading
from workbench.spec.user_files.text_facts import TextReading

#: Settings of reading that are told where they were guessed or given; the rest is told if given.
_TOLD = ("encoding", "separator", "decimal", "sheet")


def first_looks(spec: Spec, services: Services) -> Iterator[str]:
    """What is said of each file that tasks are made of: what it is, and how it is read."""
    said = set[str]()
    for choice in spec.tasks:
        for family, settings in _with_files(choice.family, choice.settings):
            reading, texts = Reading.of(settings), TextReading.of(settings)
            question = Columns(settings["file"], reading, 1, True, texts, family)
            facts = services.first_look(question)
            for words in _words(facts) if facts is not None else ():
                if words not in said:
                    said.add(words)
                    yield words


def _with_files(
    family: str, settings: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every family that reads a file, those within others too."""
    if settings.get("file"):
        yield family, settings
    for _, data in nested(settings):
        yield from _with_files(str(data.get("family", "")), data)


def _words(facts: FileFacts) -> Iterator[str]:
    name = Path(facts.path).name
    read = [
        f"{one.name} {one.value}"
        for one in facts.reading
        if one.value != "auto" and one.name in _TOLD
    ]
    how = f", read with {', '.join(read)}" if read else ""
    yield f"{name}: {facts.kind}{how}"
    yield from facts.notes
    if facts.texts is not None and facts.texts.left_out:
        yield from map(str, facts.texts.left_out)
