"""Markup: pieces of a page; every text that is shown in them is escaped."""

from collections.abc import Iterable, Sequence

from workbench.publish.figures.svg import element, escaped
from workbench.spec.text import visible, visible_lines
from workbench.study.interval import Estimate

#: Of longer texts, such as an error's, so many letters are shown.
_MOST_LETTERS = 2_000


def shown(text: str) -> str:
    """A text of the user's or of a program's as markup, on one line."""
    cut = text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + "…"
    return escaped(visible(cut))


def paragraph(text: str, class_: str | None = None) -> str:
    """A paragraph of plain text."""
    return element("p", shown(text), class_=class_)


def block(text: str) -> str:
    """Several lines as they are written."""
    return element("pre", escaped(visible_lines(text)))


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "", numbers: int = 1
) -> str:
    """A table of texts, whose columns from number `numbers` on are figures."""

    def cells(tag: str, row: Sequence[str]) -> str:
        kinds = ("n" if i >= numbers else "long" for i in range(len(row)))
        return "".join(
            f'<{tag} class="{kind}">{shown(text)}</{tag}>'
            for kind, text in zip(kinds, row, strict=True)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    named = element("caption", shown(caption)) if caption else ""
    top = f"<thead><tr>{cells('th', head)}</tr></thead>"
    return f'<div class="scroll"><table>{named}{top}<tbody>{body}</tbody></table></div>'


def figure(svg: str, caption: str) -> str:
    """A figure with what it shows."""
    return element("figure", svg + element("figcaption", shown(caption)))


def number(value: float | None) -> str:
    """A number as tables have it."""
    if value is None:
        return "–"
    return f"{value:.4f}" if abs(value) < 1e6 else f"{value:.4e}"


def estimate_text(value: Estimate | None) -> str:
    """A mean with half its interval, and the seeds it rests on."""
    if value is None:
        return "–"
    if value.low is None or value.high is None:
        return number(value.mean)
    return f"{number(value.mean)} ± {number((value.high - value.low) / 2)}"
