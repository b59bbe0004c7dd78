"""translate: texts from arguments or standard input, answers as lines or JSON."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import fakes
from tests.cli.printed import Capture, printed_json
from workbench import cli
from workbench.spec.question import Question, RefusedError, Tell, Translate
from workbench.spec.shown.written import TranslatedText, TranslationAnswer


@dataclass
class Speaking(fakes.Runner):
    """Says each text in capitals, in every language."""

    def ask(self, question: Question, tell: Tell | None = None) -> Any:
        assert isinstance(question, Translate)
        if "?" in question.text:
            raise RefusedError("that is a question")
        none = np.zeros((0, 0, 0), dtype=np.float32)
        answers = tuple(
            TranslatedText(f"en-{to}", "en", to, f"{to} {question.text.upper()}", (), (), none)
            for to in question.to or ("fr", "de")
        )
        return TranslationAnswer(4, answers, (4,))


@pytest.fixture
def run(good: str, home: Path) -> str:
    assert cli.main(fakes.Services(), ["run", good, "--seeds", "3", "--quiet"]) == 0
    (folder,) = (home / "runs").iterdir()
    return folder.name


def services() -> fakes.Services:
    return fakes.Services(Speaking())


def test_texts_from_arguments(run: str, capsys: Capture):
    capsys.readouterr()
    assert cli.main(services(), ["translate", run, "one", "two", "--to", "fr"]) == 0
    assert capsys.readouterr().out == "fr ONE\nfr TWO\n"
    assert cli.main(services(), ["translate", run, "one"]) == 0
    assert capsys.readouterr().out == "fr: fr ONE\nde: de ONE\n"
    assert cli.main(services(), ["translate", run, "one", "--to", "de,fr", "--json"]) == 0
    assert printed_json(capsys) == [{"source": "one", "to": {"de": "de ONE", "fr": "fr ONE"}}]


def test_lines_of_standard_input(run: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch):
    given = "\ufeffone\r\n\nwhy?\n".encode() + b"\xff\xfe\n" + "two\u202e\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    capsys.readouterr()
    assert cli.main(services(), ["translate", run, "--to", "fr"]) == 2
    told = capsys.readouterr()
    assert told.out.splitlines()[:2] == ["fr ONE", ""]
    assert "line 3: that is a question" in told.err
    assert "line 4 of standard input is not UTF-8" in told.err
    assert len(told.out.splitlines()) == 3


def test_an_unknown_run(capsys: Capture):
    assert cli.main(services(), ["translate", "nothing", "one"]) == 2
    assert "there is no run 'nothing'" in capsys.readouterr().err
