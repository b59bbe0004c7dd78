"""Run menu: what can be done with the runs that are chosen, and what is asked for it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from workbench.spec.run_row import RunRow
from workbench.ui.model.history.run_line import Line
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import without_mnemonic

if TYPE_CHECKING:
    from workbench.ui.panels.runs.panel import RunsPanel

Labels = Mapping[str, Mapping[str, str | bool]]
Say = Callable[[Labels], object]

#: How runs ended that may go on.
_CUT_SHORT = ("stopped", "interrupted", "failed", "damaged")

tr = translator("Runs")


def fill_run_menu(menu: QMenu, panel: "RunsPanel", line: Line, rows: Sequence[RunRow]) -> None:
    """Offer what can be done with a line, and with all the runs that are chosen."""
    row = next(run.row for run in line.runs)
    is_run = line.run is not None
    if len(rows) > 1:
        words = tr("Compare these {} runs").format(len(rows))
        menu.addAction(words, lambda: panel.compare_wanted.emit(list(rows)))
        menu.addSeparator()
    if is_run:
        menu.addAction(tr("Show its curves"), lambda: panel.opened.emit(row))
    menu.addAction(tr("Draw over the plots, or not") + "\tSpace", panel.turn_eyes)
    _add_colours(menu, panel)
    _add_variations(menu, panel, row)
    menu.addAction(tr("Load its setup"), lambda: panel.setup_wanted.emit(row))
    cut_short = [run.row for run in line.runs if run.row.status in _CUT_SHORT]
    if cut_short:
        words = tr("Resume its {} runs").format(len(cut_short))
        words = tr("Resume") if len(cut_short) == 1 else words
        menu.addAction(words, lambda: panel.resume_wanted.emit(cut_short))
    if is_run and row.status != "running":
        menu.addAction(tr("Go on from here…"), lambda: panel.go_on_wanted.emit(row))
        _add_trunk(menu, panel, row)
        menu.addAction(tr("Run again exactly"), lambda: panel.again_wanted.emit(row))
    menu.addSeparator()
    say = panel.labels_wanted.emit
    menu.addAction(tr("Rename…") + "\tF2", partial(ask_name, panel, rows, say))
    menu.addAction(tr("Note…"), partial(ask_note, panel, rows, say))
    menu.addAction(tr("Tags…"), partial(ask_tags, panel, rows, say))
    star = tr("Remove star") if row.starred else tr("Star")
    stars = {one.path: {"starred": not row.starred} for one in rows}
    menu.addAction(star, lambda: say(stars))
    pinned = [] if row.pinned else [run.row for run in line.runs]
    pin = tr("No baseline any more") if row.pinned else tr("Pin as baseline")
    menu.addAction(pin, lambda: panel.pin_wanted.emit(pinned))
    menu.addSeparator()
    menu.addAction(tr("Open folder"), lambda: panel.folder_wanted.emit(Path(row.path)))
    menu.addAction(tr("Delete") + "\tDel", panel.delete_chosen)


def _add_trunk(menu: QMenu, panel: "RunsPanel", row: RunRow) -> None:
    """Offer to let the setup begin with the trunk of the run's model."""
    trunk = menu.addMenu(tr("Use its trunk…"))
    for freeze, words in (
        ("none", tr("and learn it on")),
        ("all-but-last", tr("frozen but for its last stage")),
        ("all", tr("frozen")),
    ):
        trunk.addAction(words, lambda freeze=freeze: panel.trunk_wanted.emit(row, freeze))


def _add_variations(menu: QMenu, panel: "RunsPanel", row: RunRow) -> None:
    """Offer to make the run again with one thing changed, and compare."""
    again = menu.addMenu(tr("Duplicate with…"))
    for role, (title, methods) in panel.variations().items():
        choices = again.addMenu(without_mnemonic(title))
        for key, name in methods:
            choices.addAction(
                without_mnemonic(name),
                lambda role=role, key=key: panel.variation_wanted.emit(row, role, key),
            )
    again.setEnabled(not again.isEmpty())


def _add_colours(menu: QMenu, panel: "RunsPanel") -> None:
    """Offer each colour of a plot to what is chosen."""
    colours = menu.addMenu(tr("Draw it in this colour"))
    colours.setEnabled(len(panel.table.chosen_lines) == 1)
    for number, eye in enumerate(panel.model.eyes):
        words = tr("Colour {}").format(number + 1)
        action = colours.addAction(eye, words)
        action.triggered.connect(lambda _=False, number=number: panel.paint(number))


def ask_name(parent: QWidget, rows: Sequence[RunRow], say: Say) -> None:
    """Ask for another name of runs; an empty one is their preset's again."""
    words = tr("Name of this run; empty: that of its preset") if len(rows) == 1 else ""
    words = words or tr("Name of these {} runs; empty: that of their preset").format(len(rows))
    dialog = _dialog(parent, tr("Rename"), words, rows[0].name)
    dialog.textValueSelected.connect(
        lambda text: say({row.path: {"name": text.strip()} for row in rows})
    )
    dialog.open()


def ask_note(parent: QWidget, rows: Sequence[RunRow], say: Say) -> None:
    """Ask for a note of one or more lines."""
    notes = {row.note for row in rows}
    dialog = _dialog(parent, tr("Note"), tr("What is to be remembered"), "")
    dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
    dialog.setTextValue(notes.pop() if len(notes) == 1 else "")
    dialog.textValueSelected.connect(
        lambda text: say({row.path: {"note": text.strip()} for row in rows})
    )
    dialog.open()


def ask_tags(parent: QWidget, rows: Sequence[RunRow], say: Say) -> None:
    """Ask for tags; what only some of several runs have is left to them."""
    common = [tag for tag in rows[0].tags if all(tag in row.tags for row in rows)]
    dialog = _dialog(parent, tr("Tags"), tr("Tags, parted by commas"), ", ".join(common))
    dialog.textValueSelected.connect(lambda text: say(with_tags(rows, common, text)))
    dialog.open()


def with_tags(rows: Sequence[RunRow], common: Sequence[str], text: str) -> Labels:
    """Each run's tags with those that all had, `common`, in exchange for those in a text."""
    new = [tag for part in text.split(",") if (tag := part.strip())]
    labels: dict[str, dict[str, str | bool]] = {}
    for row in rows:
        own = [tag for tag in row.tags if tag not in common]
        labels[row.path] = {"tag": ", ".join(dict.fromkeys((*own, *new)))}
    return labels


def _dialog(parent: QWidget, title: str, words: str, text: str) -> QInputDialog:
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(words)
    dialog.setTextValue(text)
    dialog.setMinimumWidth(380)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
