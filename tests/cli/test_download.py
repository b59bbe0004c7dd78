"""download: the folder, or why there is none."""

from typing import Any

import pytest

from tests import fakes
from workbench import cli
from workbench.spec.question import Download, Question, RefusedError, Tell


class Fetching(fakes.Services):
    """Services of which only downloads are asked."""

    def __init__(self, answer: str | RefusedError) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[Question] = []

    def runner(self) -> Any:
        return self

    def ask(self, question: Question, tell: Tell) -> str:
        tell(0.5, "half")
        self.asked.append(question)
        if isinstance(self.answer, RefusedError):
            raise self.answer
        return self.answer

    def close(self) -> None:
        """Nothing is held."""


def test_download_prints_the_folder(capsys: pytest.CaptureFixture[str]):
    services = Fetching("/data/mnist")
    assert cli.main(services, ["download", "mnist"]) == 0
    assert services.asked == [Download("mnist")]
    assert capsys.readouterr().out == "/data/mnist\n"


@pytest.mark.parametrize(("field", "code"), [("family", 2), ("", 4)])
def test_download_says_why_it_failed(field: str, code: int, capsys: pytest.CaptureFixture[str]):
    assert cli.main(Fetching(RefusedError("no such thing", field)), ["download", "x"]) == code
    assert "no such thing" in capsys.readouterr().err
