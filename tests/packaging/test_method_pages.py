"""The pages of methods are what the catalogue says today."""

import re
import runpy
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from workbench.engine.build.catalogue import discover
from workbench.spec.entry import Entry

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "methods"

Pages = Callable[[Iterable[Entry]], dict[str, str]]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(discover().entries())


@pytest.fixture(scope="module")
def pages() -> Pages:
    return runpy.run_path(str(ROOT / "docs" / "method_pages.py"))["pages"]


def test_the_pages_are_those_that_the_catalogue_gives(pages: Pages, entries: list[Entry]) -> None:
    shown = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    wanted = pages(entries)
    old = sorted(name for name in shown | wanted if shown.get(name) != wanted.get(name))
    assert old == [], "run python docs/method_pages.py"


def test_every_method_has_its_heading_and_every_setting_its_row(entries: list[Entry]) -> None:
    for entry in entries:
        text = (FOLDER / f"{entry.role}.md").read_text(encoding="utf-8")
        sections = re.split(r"^## ", text, flags=re.MULTILINE)
        (section,) = (each for each in sections if f": `{entry.key}`\n" in each[:200])
        missing = [name for name in entry.defaults() if f"\n| `{name}` | " not in section]
        assert missing == [], f"{entry.role}.{entry.key}"


def test_what_looks_like_markup_is_text(pages: Pages) -> None:
    entry = Entry("metric", "mine", "A*b*", "Less |x| <b> than it was", settings={})
    page = pages([entry])["metric.md"]
    assert "## A\\*b\\*: `mine`" in page
    assert "Less \\|x\\| &lt;b> than it was" in page
