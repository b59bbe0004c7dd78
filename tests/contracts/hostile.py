"""Names that people, files and other programs bring, which mean nothing but themselves."""

import unicodedata

#: Shown as they are.
PLAIN = (
    "width [cm]",
    "a[/b]",
    "[/b]",
    "[bold red]x[/]",
    "<b>bold</b> & <i>it</i>",
    "<img src='file:///etc/hostname'>",
    "<table><tr><td>x",
    "R&D &amp; &copy;",
    "=cmd()",
    "{} {0} {name} %s %n %1",
    "back\\slash $HOME `id`",
    "../../up",
    "名前 é 👩‍👩‍👧",
    "[*]",
    "$$x^2$$",
)

#: Held back from what would act on them: shown with escapes.
ACTING = (
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "two\nlines",
    "tab\tand\rreturn",
    "\u202egnp.exe",
    "\u2066isolated",
    "nul\x00inside",
    "c1 \x9b31m",
    "line\u2028separator",
)

ALL = PLAIN + ACTING


def acting_in(text: str, allowed: str = "\n") -> set[str]:
    """The characters of a text that a terminal or a reader would obey."""
    return {
        c
        for c in text
        if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")
        and c not in allowed
        and c not in "\u200c\u200d"
    }
