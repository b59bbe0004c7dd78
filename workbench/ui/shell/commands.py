"""Commands: everything that can be done by name, in the palette, and the sheet of shortcuts."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.spec.entry import ROLES, by_role
from workbench.spec.files import changelog, shipped
from workbench.ui.dialogs.glossary_window import GlossaryWindow
from workbench.ui.dialogs.guide import GuideWindow
from workbench.ui.model.presenter import Presenter
from workbench.ui.shell.command_palette import CommandPalette, Item, ShortcutSheet
from workbench.ui.shell.inspect_controller import InspectController
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import PresetFiles
from workbench.ui.shell.preset_menus import PresetMenus
from workbench.ui.words.glossary import glossary
from workbench.ui.words.language import translator
from workbench.ui.words.texts import of_preset

tr = translator("App")


class Commands(QObject):
    """Offers the window's actions, presets and methods by name."""

    def __init__(
        self,
        window: MainWindow,
        presenter: Presenter,
        inspector: InspectController,
        files: PresetFiles,
        menus: PresetMenus,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter
        self._inspector = inspector
        self._files = files
        self._menus = menus
        actions = window.actions_
        actions["palette"].triggered.connect(self.open_palette)
        actions["guide"].triggered.connect(self.open_guide)
        actions["glossary"].triggered.connect(lambda: self.open_glossary())
        actions["news"].triggered.connect(lambda: self.open_guide().page.open_page(changelog()))
        window.help_wanted.connect(self.open_help)
        actions["shortcuts"].triggered.connect(self.open_shortcuts)
        actions["copy_command"].triggered.connect(self._copy_command)
        actions["about"].triggered.connect(self._show_about)

    def open_palette(self) -> None:
        """Offer every command, method and preset."""
        CommandPalette(self.items(), self._window).open_over(self._window)

    def open_guide(self) -> GuideWindow:
        """Show the guide, the one that is open if there is one."""
        guide = self._window.findChild(GuideWindow)
        if guide is None:
            guide = GuideWindow(self._window.look, self._window)
        guide.show()
        guide.raise_()
        guide.activateWindow()
        return guide

    def open_glossary(self, measure: str = "") -> None:
        """Show the glossary, the one that is open if there is one, at a measure."""
        window = self._window.findChild(GlossaryWindow)
        if window is None:
            entries = glossary(self._presenter.catalogue)
            window = GlossaryWindow(entries, self._window.look, self._window)
        window.show()
        window.raise_()
        window.activateWindow()
        if measure:
            window.show_measure(measure)

    def open_help(self, topic: str) -> None:
        """Show what a question mark stands beside: a page of the guide, or a measure."""
        kind, _, name = topic.partition(":")
        if kind == "measure":
            self.open_glossary(name)
        else:
            self.open_guide().page.open_page(self.page_of(name))

    def page_of(self, name: str) -> Path:
        """The file of a page, such as "guide/first-run.md"."""
        return shipped("docs") / name

    def open_shortcuts(self) -> None:
        """Show every shortcut."""
        ShortcutSheet(self._window.actions_, self._window).open()

    def _copy_command(self) -> None:
        QApplication.clipboard().setText(self._presenter.command)

    def _show_about(self) -> None:
        text = tr(
            "<h3>Workbench {}</h3><p>Multi-task and lifelong learning experiments, "
            "seen while they run.</p><p>MIT licence.</p>"
        )
        box = QMessageBox(self._window)
        box.setWindowTitle(tr("About Workbench"))
        box.setText(text.format(version("mtl-workbench")))
        box.open()

    def items(self) -> list[Item]:
        """What can be done now; while a run goes on the setup stays as it is."""
        actions = self._window.actions_
        items = [
            Item(_group(name), actions.title(name), action.shortcut().toString(), action.trigger)
            for name, action in actions.by_name.items()
            if action.isEnabled() and name != "palette"
        ]
        return items if self._presenter.is_live else [*items, *self._presets(), *self._methods()]

    def _presets(self) -> list[Item]:
        return [
            Item(
                tr("Preset"),
                of_preset(card.spec.name),
                "",
                partial(self._files.open_path, card.path),
            )
            for card in self._menus.cards
        ]

    def _methods(self) -> list[Item]:
        items: list[Item] = []
        for role in ROLES[1:-1]:
            group = self._window.setup.choices[role].combo.accessibleName()
            for entry in by_role(self._presenter.catalogue, role):
                if not self._presenter.reason_against(entry):
                    items.append(Item(group, entry.title, "", self._chooser(role, entry.key)))
        return items

    def _chooser(self, role: str, key: str) -> Callable[[], object]:
        def choose() -> None:
            self._presenter.choose(role, key)
            self._inspector.explain(self._presenter.catalogue.get((role, key)))

        return choose


def _group(name: str) -> str:
    """What an action needs in front of its title, seen outside its menu."""
    if name.startswith("theme_"):
        return tr("Theme")
    if name.startswith("language_"):
        return tr("Language")
    return tr("Show") if name.startswith("show_") else ""
