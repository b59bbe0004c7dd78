"""Diagram words: what a part of a model is called, drawn in it and said of it."""

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from workbench.spec.cost import amount
from workbench.spec.structure import Edge, Node, Structure
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.words.language import translator

#: Kinds of parts that are drawn layer by layer.
_STACKS = ("trunk", "tower", "head")

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


def counts_of(structure: Structure) -> dict[str, int]:
    """How many parts of each kind there are; layers that stand on each other are one part."""
    kinds = {node.key: node.kind for node in structure.nodes}
    below = {
        edge.source
        for edge in structure.edges
        if edge.kind == "flow" and kinds[edge.source] == kinds[edge.target] in _STACKS
    }
    return Counter(node.kind for node in structure.nodes if node.key not in below)


def draw_words(
    painter: QPainter, node: Node, area: QRectF, theme: Theme, *, is_shared: bool
) -> None:
    """A part's label and size in the painter's font, as far as there is room in `area`."""
    metrics = QFontMetricsF(painter.font())
    room = area.width() - 10
    if room < metrics.horizontalAdvance("M") * 2 or area.height() < metrics.height():
        return
    sizes = _sizes_of(node)
    label = visible(node.label)
    middle = area.adjusted(5, 1, -5, -6 if is_shared else -1)
    is_low = middle.height() < 2 * metrics.height()
    in_a_line = [f"{label} · {size}" for size in sizes] if is_low else []
    fitting = [text for text in in_a_line if metrics.horizontalAdvance(text) <= room]
    words = fitting[0] if fitting else metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
    painter.setPen(QColor(theme.text))
    if is_low or not sizes:
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, visible(words))
        return
    upper, lower = QRectF(middle), QRectF(middle)
    upper.setBottom(middle.center().y())
    lower.setTop(middle.center().y())
    side = Qt.AlignmentFlag.AlignHCenter
    painter.drawText(upper, side | Qt.AlignmentFlag.AlignBottom, visible(words))
    painter.setPen(QColor(theme.muted))
    shown = next((text for text in sizes if metrics.horizontalAdvance(text) <= room), sizes[-1])
    painter.drawText(lower, side | Qt.AlignmentFlag.AlignTop, visible(shown))


def _sizes_of(node: Node) -> list[str]:
    """What may be said of a part's size, the longest first; nothing where it has no parameters."""
    if not node.parameters:
        return []
    size = amount(node.parameters)
    if "→" in node.detail:
        return [f"{node.detail} · {size}", node.detail, size]
    return [tr("{} parameters").format(size), size]


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
