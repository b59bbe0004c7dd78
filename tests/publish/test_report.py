"""A report opens from a disk: it fetches nothing, runs nothing, and says what is the case."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests import fakes
from tests.publish.made import HOSTILE, hostile, made, three
from workbench.publish.record import Record, records
from workbench.publish.report.page import report
from workbench.publish.report.words import MEASURES
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.measures import MEASURES as ALL_MEASURES
from workbench.store import run as store


class Reader(HTMLParser):
    """The tags of a page and their attributes, whether they close, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def read(chosen: list[Record]) -> Reader:
    page = Reader(report(chosen))
    assert page.open == []
    return page


def test_it_has_every_part_of_an_experiment_over_seeds(tmp_path: Path) -> None:
    page = read(three(tmp_path))
    titles = {"Results", "Figures", "Setup", "Runs", "What the measures mean", "Environment"}
    assert titles <= set(page.texts)
    assert [tag for tag, _ in page.tags].count("svg") == 2
    assert "Final score (ACC)" in page.text
    assert "Lopez-Paz & Ranzato 2017" in page.text
    assert "seeds: [0, 1, 2]" in page.text
    assert "first" in page.texts
    assert "0.6100 ± 0.0248" in page.text  # 0.6, 0.61 and 0.62: t(2) · 0.01 / √3
    assert "3 runs on 3 seeds" in page.text


def test_it_begins_with_the_sentence_of_the_comparison(tmp_path: Path) -> None:
    others = [made(tmp_path, seed, name="Other", optimizer={"lr": 0.5}) for seed in range(3)]
    both = records([*(r.stored.folder for r in three(tmp_path)), *others])
    page = read(both)
    assert "Other and Fake reach the same" in page.text
    assert "Other than in the first experiment: optimizer.lr=0.5" in page.text
    assert "nothing to compare it with yet" in read(both[:3]).text


def test_it_fetches_nothing_and_runs_nothing(tmp_path: Path) -> None:
    for chosen in (three(tmp_path / "a"), hostile(tmp_path / "b")):
        page = read(chosen)
        names = {tag for tag, _ in page.tags}
        assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
        for _, attributes in page.tags:
            assert not {"src", "href", "srcset", "onload", "onerror", "style"} & set(attributes)
        policy = next(a for tag, a in page.tags if a.get("http-equiv"))
        assert (policy["content"] or "").startswith("default-src 'none'")
        style = report(chosen)
        assert "url(" not in style
        assert "@import" not in style


def test_hostile_names_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    chosen = hostile(tmp_path)
    text = report(chosen)
    page = read(chosen)
    assert "<script" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "\0" not in text
    assert HOSTILE[0] in page.text
    assert "=1+1<script>" in page.text


def test_it_names_no_folder_of_this_machine(tmp_path: Path, home: Path) -> None:
    text = report(three(tmp_path))
    for place in (str(tmp_path), str(home), str(Path.home()) + "/"):
        assert place not in text


def test_it_is_dark_where_the_reader_has_it_dark(tmp_path: Path) -> None:
    assert report(three(tmp_path)).count("prefers-color-scheme:dark") == 2


def test_every_measure_is_defined() -> None:
    assert set(MEASURES) == {*ALL_MEASURES, "delta_m"}


@pytest.mark.parametrize("n", [1, 6, 21])
def test_runs_that_did_not_end_say_so(n: int, tmp_path: Path) -> None:
    folder = store.create(Spec(tasks=(TaskChoice(family="fake"),)), 0, tmp_path)
    events = [event for event in fakes.run() if event.step < n]
    list(store.record(events, folder))
    page = read(records([folder]))
    assert "interrupted" in page.texts
    assert "no finished run" in page.text or "came to its end" in page.text


def test_a_run_that_never_began_has_a_report_too(tmp_path: Path) -> None:
    folder = store.create(Spec(tasks=(TaskChoice(family="fake"),)), 0, tmp_path)
    assert "None of these runs began." in read(records([folder])).text


def test_a_damaged_run_says_what_is_damaged_and_has_no_say(tmp_path: Path) -> None:
    chosen = three(tmp_path)
    (chosen[2].stored.folder / "environment.json").write_text("{")
    page = read(records([record.stored.folder for record in chosen]))
    assert "damaged: environment.json" in page.text
    assert "n = 2" in page.text
