"""Column menu: every column that the runs have, to tick; and what they can be grouped by."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from workbench.study.listed_run import OF_SCORES
from workbench.ui.model.history.run_line import FACTS, MEASURED
from workbench.ui.model.history.run_list import BY_EXPERIMENT, BY_NOTHING, BY_TAG
from workbench.ui.panels.runs.columns import title_of
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import without_mnemonic

Choose = Callable[[str], object]

#: More than so many in one menu are put into menus of their own.
_MOST = 30

tr = translator("Runs")


def fill_columns(
    menu: QMenu, ticked: Collection[str], tasks: Sequence[str], paths: Sequence[str], turn: Choose
) -> None:
    """Offer the columns; `turn` is called with the key of one that is ticked or no more."""
    menu.clear()
    for key in FACTS:
        if key not in MEASURED and key not in ("starred", "name"):
            _add(menu, key, title_of(key), ticked, turn)
    menu.addSeparator()
    measures = menu.addMenu(tr("Measures"))
    for key in MEASURED:
        _add(measures, key, title_of(key), ticked, turn)
    scores = menu.addMenu(tr("Scores of tasks"))
    for task in tasks[: 3 * _MOST]:
        key = OF_SCORES + task
        _add(scores, key, title_of(key), ticked, turn)
    scores.setEnabled(bool(tasks))
    settings = menu.addMenu(tr("Settings"))
    for title, below in _rooms(paths).items():
        place = settings.addMenu(without_mnemonic(title)) if title else settings
        for path in below:
            _add(place, path, path, ticked, turn)
    settings.setEnabled(bool(paths))


def fill_groups(menu: QMenu, chosen: str, paths: Sequence[str], choose: Choose) -> None:
    """Offer what runs can be grouped by."""
    menu.clear()
    group = QActionGroup(menu)
    kinds = {BY_EXPERIMENT: tr("Experiment: its seeds together"), BY_TAG: tr("Tag")}
    for key, title in {BY_NOTHING: tr("Nothing: a line a run"), **kinds}.items():
        _choice(menu, group, key, title, chosen, choose)
    menu.addSeparator()
    methods = [path for path in paths if path.endswith(".kind") and path.count(".") == 1]
    for path in ("tasks", *methods):
        if path in paths:
            _choice(menu, group, path, title_of(path), chosen, choose)
    settings = menu.addMenu(tr("Any setting"))
    for title, below in _rooms(paths).items():
        place = settings.addMenu(without_mnemonic(title)) if title else settings
        for path in below:
            _choice(place, group, path, path, chosen, choose)
    settings.setEnabled(bool(paths))


def _rooms(paths: Sequence[str]) -> dict[str, list[str]]:
    """The settings by their first word; those of one word alone under none."""
    rooms: dict[str, list[str]] = {}
    for path in paths:
        first, dot, _ = path.partition(".")
        rooms.setdefault(first if dot else "", []).append(path)
    return rooms


def _add(menu: QMenu, key: str, title: str, ticked: Collection[str], turn: Choose) -> None:
    action = menu.addAction(without_mnemonic(title))
    action.setCheckable(True)
    action.setChecked(key in ticked)
    action.triggered.connect(partial(_call, turn, key))


def _choice(
    menu: QMenu, group: QActionGroup, key: str, title: str, chosen: str, choose: Choose
) -> None:
    action = menu.addAction(without_mnemonic(title))
    action.setCheckable(True)
    action.setChecked(key == chosen)
    group.addAction(action)
    action.triggered.connect(partial(_call, choose, key))


def _call(call: Choose, key: str, _: bool = False) -> None:
    call(key)
