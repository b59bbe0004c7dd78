"""ExportDialog: in which forms runs are written, where to, and how far that is."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from workbench.spec.text import visible
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Export")


def forms() -> dict[str, tuple[str, str]]:
    """Each form's name, and what it is for."""
    return {
        "html": (tr("Report (HTML)"), tr("One page with figures and tables, for any browser")),
        "csv": (tr("Tables (CSV)"), tr("A row a step, task and seed, for a spreadsheet")),
        "parquet": (tr("Tables (Parquet)"), tr("The same for pandas, R and others, and smaller")),
        "zip": (tr("Archive (ZIP)"), tr("All of it, with a script that makes the runs again")),
        "tensorboard": ("TensorBoard", tr("Event files")),
        "mlflow": ("MLflow", tr("A store of runs; MLflow must be installed")),
    }


class ExportDialog(QDialog):
    """Asks for forms and a folder; `wanted` has both. What goes on is shown until it is done."""

    wanted = Signal(object, object)
    stop_wanted = Signal()

    def __init__(self, n_runs: int, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export"))
        self.is_busy = False
        self._made: Path | None = None
        self.boxes: dict[str, QCheckBox] = {}
        layout = column(self, (18, 16, 18, 16), 10)
        words = tr("One run is exported.") if n_runs == 1 else tr("{} runs are exported.")
        layout.addWidget(label(words.format(n_runs), "section"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for i, (name, (title, hint)) in enumerate(forms().items()):
            box = QCheckBox(title)
            box.setObjectName(f"export.{name}")
            set_hint(box, hint)
            box.setChecked(name == "html")
            box.toggled.connect(self._refresh)
            self.boxes[name] = box
            grid.addWidget(box, i, 0)
            grid.addWidget(label(hint, "muted"), i, 1)
        layout.addLayout(grid)
        self.folder = QLineEdit(str(folder))
        self.folder.setObjectName("export.folder")
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.textChanged.connect(self._refresh)
        choose = QPushButton(tr("&Choose…"))
        choose.clicked.connect(self._choose)
        layout.addLayout(row(label(tr("Folder")), self.folder, choose))
        self._choose_button = choose
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Export"))
        self.bar.hide()
        self.state = label("", "muted", wraps=True)
        layout.addWidget(self.bar)
        layout.addWidget(self.state)
        buttons = QDialogButtonBox()
        self.write = buttons.addButton(tr("&Export"), QDialogButtonBox.ButtonRole.ActionRole)
        self.open_folder = buttons.addButton(
            tr("&Open the folder"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.leave = buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.open_folder.hide()
        self.write.setDefault(True)
        self.write.clicked.connect(self._want)
        self.open_folder.clicked.connect(self._show_folder)
        self.leave.clicked.connect(self.reject)
        layout.addWidget(buttons)
        self._refresh()

    @property
    def chosen(self) -> list[str]:
        """The forms that are ticked."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def _refresh(self) -> None:
        has_all = bool(self.chosen) and bool(self.folder.text().strip())
        self.write.setEnabled(has_all and not self.is_busy)
        for part in (*self.boxes.values(), self.folder, self._choose_button):
            part.setEnabled(not self.is_busy)
        self.bar.setVisible(self.is_busy)
        self.leave.setText(tr("Stop") if self.is_busy else tr("Close"))

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Folder"), self.folder.text())
        if folder:
            self.folder.setText(folder)

    def _want(self) -> None:
        self.is_busy = True
        self.open_folder.hide()
        self.state.setText("")
        self._refresh()
        self.wanted.emit(self.chosen, Path(self.folder.text().strip()).expanduser().absolute())

    def tell(self, text: str) -> None:
        """Say what is being written."""
        if self.is_busy:
            self.state.setText(visible(text))

    def done(self, result: int) -> None:
        """Close; while something is written, have that end first."""
        if self.is_busy:
            self.stop_wanted.emit()
            return
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """While something is written the window stays until it has ended."""
        if self.is_busy:
            self.stop_wanted.emit()
            event.ignore()
            return
        super().closeEvent(event)

    def show_saved(self, folder: Path) -> None:
        """It is written."""
        self._end(tr("Saved in {}").format(visible(str(folder))))
        self._made = folder
        self.open_folder.show()
        self.open_folder.setFocus()

    def show_failed(self, reason: str) -> None:
        """It could not be written, or was stopped."""
        self._end(visible(reason))

    def _end(self, text: str) -> None:
        self.is_busy = False
        self.state.setText(text)
        self._refresh()

    def _show_folder(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made)))
