"""Diagram words: what a part of a model is called, drawn in it and said of it."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from workbench.spec.cost import amount
from workbench.spec.structure import Edge, Node, Structure
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.words.language import translator

tr = translator("Diagram")


def kind_names() -> dict[str, str]:
    """What parts of each kind are called."""
    return {
        "input": tr("inputs"),
        "trunk": tr("trunk"),
        "tower": tr("towers"),
        "expert": tr("experts"),
        "gate": tr("gates"),
        "adapter": tr("adapters"),
        "fusion": tr("fusion"),
        "head": tr("heads"),
    }


def draw_words(
    painter: QPainter, node: Node, area: QRectF, theme: Theme, *, is_shared: bool
) -> None:
    """A part's label and size in the painter's font, as far as there is room in `area`."""
    metrics = QFontMetricsF(painter.font())
    room = area.width() - 10
    if room < metrics.horizontalAdvance("M") * 2 or area.height() < metrics.height():
        return
    size = amount(node.parameters) if node.parameters else ""
    detail = tr("{} parameters").format(size)
    if "→" in node.detail:
        detail = f"{node.detail} · {size}"
    painter.setPen(QColor(theme.text))
    words = metrics.elidedText(visible(node.label), Qt.TextElideMode.ElideRight, room)
    middle = area.adjusted(5, 1, -5, -6 if is_shared else -1)
    if not size or middle.height() < 2 * metrics.height():
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, visible(words))
        return
    upper, lower = QRectF(middle), QRectF(middle)
    upper.setBottom(middle.center().y())
    lower.setTop(middle.center().y())
    side = Qt.AlignmentFlag.AlignHCenter
    painter.drawText(upper, side | Qt.AlignmentFlag.AlignBottom, visible(words))
    if metrics.horizontalAdvance(detail) > room:
        detail = size
    painter.setPen(QColor(theme.muted))
    painter.drawText(lower, side | Qt.AlignmentFlag.AlignTop, visible(detail))


def explained(structure: Structure, key: str, values: Mapping[Edge, float]) -> str:
    """A part in words: what it is, whose it is, and the numbers on the lines into it."""
    node = structure.node(key)
    lines = [f"{kind_names()[node.kind]}: {node.label}"]
    if node.detail:
        lines.append(node.detail)
    lines.append(tr("{} parameters").format(f"{node.parameters:,}"))
    lines.append(tr("used by {}").format(", ".join(node.users)))
    labels = {one.key: one.label for one in structure.nodes}
    lines += [
        f"{labels[edge.source]}: {value:.3g}"
        for edge, value in values.items()
        if edge.target == key
    ][:12]
    return "\n".join(lines)
