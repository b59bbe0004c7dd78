"""PublishDialog: how a figure is to look on paper, seen while it is chosen, and where it goes."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from workbench.spec.text import file_stem
from workbench.ui.plots.figure import Figure
from workbench.ui.plots.figure_style import FigureStyle
from workbench.ui.widgets.basics import PlainLabel, column, label, row
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Publish")

_KEY = "figure"
#: After the last change, in milliseconds, the preview is drawn again.
_SETTLED_MS = 120

KINDS = ("svg", "pdf", "png")


def style_of(settings: QSettings) -> FigureStyle:
    """The style that was chosen last."""
    plain = FigureStyle()

    def number(name: str) -> float:
        usual = float(getattr(plain, name))
        try:
            return float(str(settings.value(f"{_KEY}/{name}", usual)))
        except ValueError:
            return usual

    return FigureStyle(
        look="dark" if settings.value(f"{_KEY}/look") == "dark" else "light",
        width_cm=min(max(number("width_cm"), 3.0), 100.0),
        height_cm=min(max(number("height_cm"), 0.0), 100.0),
        font_pt=min(max(number("font_pt"), 4.0), 40.0),
        line_width=min(max(number("line_width"), 0.25), 6.0),
        dpi=round(min(max(number("dpi"), 50), 1200)),
    )


class PublishDialog(QDialog):
    """Settings at the left, the page at the right; stays open so that one more can be saved."""

    def __init__(self, figure: Figure, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("publishDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Publish"))
        self._figure = figure
        self._settings = settings
        self._saved: Path | None = None
        style = style_of(settings)
        self.look = QComboBox()
        self.look.addItem(tr("Light"), "light")
        self.look.addItem(tr("Dark"), "dark")
        self.look.setCurrentIndex(1 if style.look == "dark" else 0)
        self.width_box = _number(style.width_cm, 3, 100, 0.5, " cm")
        self.height_box = _number(style.height_cm, 0, 100, 0.5, " cm")
        self.height_box.setSpecialValueText(tr("as the plots ask for"))
        self.font_box = _number(style.font_pt, 4, 40, 0.5, " pt")
        self.lines_box = _number(style.line_width, 0.25, 6, 0.25, " ×")
        self.dpi_box = QSpinBox()
        self.dpi_box.setRange(50, 1200)
        self.dpi_box.setSingleStep(50)
        self.dpi_box.setValue(style.dpi)
        self.dpi_box.setSuffix(" dpi")
        self.data = QCheckBox(tr("The numbers beside it, as CSV"))
        self.data.setChecked(str(settings.value(f"{_KEY}/data", "true")) == "true")
        self.preview = PlainLabel()
        self.preview.setAccessibleName(tr("The page"))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setMinimumSize(360, 300)
        self.preview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.said = label("", "muted", wraps=True)
        self.open_button = QPushButton(tr("Open the &folder"))
        self.open_button.clicked.connect(self._open_folder)
        self.open_button.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self.redraw)
        self._build()
        self.resize(880, 560)

    def _build(self) -> None:
        form = QFormLayout()
        for words, box in (
            (tr("Colours"), self.look),
            (tr("Width"), self.width_box),
            (tr("Height"), self.height_box),
            (tr("Letters"), self.font_box),
            (tr("Lines"), self.lines_box),
            (tr("Picture"), self.dpi_box),
        ):
            box.setAccessibleName(words)
            form.addRow(words, box)
        self.look.currentIndexChanged.connect(self._change)
        for box in (self.width_box, self.height_box, self.font_box, self.lines_box, self.dpi_box):
            box.valueChanged.connect(self._change)
        self.data.toggled.connect(self._change)
        save = {kind: QPushButton(tr("Save as {}…").format(kind.upper())) for kind in KINDS}
        for kind, button in save.items():
            button.setObjectName(f"publish.{kind}")
            button.clicked.connect(lambda _=False, kind=kind: self._ask(kind))
        copy = QPushButton(tr("&Copy"))
        copy.setObjectName("publish.copy")
        set_hint(copy, tr("As a picture and as SVG, for whatever takes it"))
        copy.clicked.connect(self._copy)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        left = QWidget()
        side = column(left, (0, 0, 0, 0), 10)
        side.addLayout(form)
        side.addWidget(self.data)
        for button in (*save.values(), copy):
            side.addWidget(button)
        side.addWidget(self.said)
        side.addWidget(self.open_button)
        side.addStretch(1)
        side.addWidget(close)
        left.setFixedWidth(270)
        whole = column(self, (18, 16, 18, 16), 0)
        parts = row(left, self.preview, spacing=18)
        parts.setStretch(1, 1)
        whole.addLayout(parts)

    @property
    def style_chosen(self) -> FigureStyle:
        """The style as it is set now."""
        return FigureStyle(
            look="dark" if self.look.currentData() == "dark" else "light",
            width_cm=self.width_box.value(),
            height_cm=self.height_box.value(),
            font_pt=self.font_box.value(),
            line_width=self.lines_box.value(),
            dpi=self.dpi_box.value(),
        )

    def _change(self, *_: object) -> None:
        style = self.style_chosen
        for name in ("look", "width_cm", "height_cm", "font_pt", "line_width", "dpi"):
            self._settings.setValue(f"{_KEY}/{name}", getattr(style, name))
        self._settings.setValue(f"{_KEY}/data", "true" if self.data.isChecked() else "false")
        self._timer.start()

    def redraw(self) -> None:
        """Draw the page, as large as there is room for."""
        style = self.style_chosen
        ratio = self.devicePixelRatioF()
        page = self._figure.page(style)
        room = self.preview.size()
        scale = min(room.width() / page.width(), room.height() / page.height()) * ratio
        dpi = max(scale * page.width() / style.width_cm * 2.54, 1.0)
        picture = QPixmap.fromImage(self._figure.image(style, dpi))
        picture.setDevicePixelRatio(ratio)
        self.preview.setPixmap(picture)
        sizes = (f"{cm:.1f}" for cm in (style.width_cm, self._figure.height_cm(style)))
        self.preview.setAccessibleDescription(tr("{} × {} cm").format(*sizes))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the page again once the dialog has its size."""
        super().resizeEvent(event)
        self._timer.start()

    def _ask(self, kind: str) -> None:
        folder = str(self._settings.value(f"{_KEY}/folder", "") or Path.home())
        name = f"{file_stem(self._figure.title or self._figure.panels[0][0].name, 'figure')}.{kind}"
        dialog = QFileDialog(self, tr("Save the figure"), str(Path(folder) / name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.setNameFilter(f"{kind.upper()} (*.{kind})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Save the figure there, and say so."""
        try:
            files = self._figure.write(path, self.style_chosen, with_data=self.data.isChecked())
        except OSError as error:
            self.said.setText(tr("{} was not saved: {}").format(path, error.strerror or error))
            self.open_button.hide()
            return
        self._saved = path
        self._settings.setValue(f"{_KEY}/folder", str(path.parent))
        words = tr("Saved: {}") if len(files) == 1 else tr("Saved: {}, and {} with its numbers")
        self.said.setText(words.format(path.name, len(files) - 1))
        self.open_button.show()

    def _copy(self) -> None:
        style, mime = self.style_chosen, QMimeData()
        mime.setImageData(self._figure.image(style))
        mime.setData("image/svg+xml", QByteArray(self._figure.svg(style)))
        QGuiApplication.clipboard().setMimeData(mime)
        self.said.setText(tr("Copied"))

    def _open_folder(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved.parent)))


def _number(value: float, least: float, most: float, step: float, unit: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(least, most)
    box.setDecimals(2 if step < 0.5 else 1)
    box.setSingleStep(step)
    box.setValue(value)
    box.setSuffix(unit)
    return box
