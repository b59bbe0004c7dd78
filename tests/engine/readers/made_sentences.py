"""Files of sentences, in memory: valid ones, and ones put together from hostile parts.

Aligned files are one text here, with `BETWEEN` between them.
"""

from collections.abc import Callable
from random import Random

#: Between the contents of two aligned files.
BETWEEN = b"\x1e"

_TEXTS = (
    "one", "a\x0bb\x85c", "  drei ", "", " ", "\t", "two\r", "a\u2028b", "😀👩‍👩‍👧",
    "\u202eאב", "مائة", "\x1b[31m", "<2fr>", "&amp;", "&lt;", '"x', "x" * 3000, "e\u0301",
    "\ufeff", "二万", "\0",
)  # fmt: skip
_CODES = ("en", "fr", "de", "pt-BR", "en-US", "EN", "zh_Hant", "id", "", "text", "1", "\ufeffen")
_ENCODINGS = ("utf-8",) * 6 + ("utf-8-sig", "utf-16", "utf-16-le", "latin-1", "gb18030")

_TABLE = "en\tfr\tde\n" + "".join(f"{i} one\t{i} un\t{i} eins\n" for i in range(20))

_MEMORY = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>one <bpt i="1">&lt;b&gt;</bpt>two<ept i="1">&lt;/b&gt;</ept></seg></tuv>
<tuv xml:lang="fr"><seg>un <hi>deux</hi></seg></tuv></tu>
<tu><tuv lang="en-US"><seg>Mr &amp; Mrs</seg></tuv>
<tuv xml:lang="fr"><seg>M. et Mme</seg></tuv></tu>
<tu><note>x</note><tuv xml:lang="en"><seg>é</seg></tuv><tuv xml:lang="fr"><seg>è</seg></tuv></tu>
</body></tmx>
"""


def _tables() -> list[bytes]:
    notes = "en\tnote\tfr\r\none\t5\tun\r\n\r\ntwo\t\tdeux\r\n"
    return [_TABLE.encode(), _TABLE.encode("utf-16"), notes.encode("utf-8-sig")]


def _aligned() -> list[bytes]:
    english = "".join(f"{i} one\n" for i in range(20)).encode()
    french = "".join(f"{i} un\n" for i in range(20)).encode()
    return [english + BETWEEN + french, english.replace(b"\n", b"\r\n") + BETWEEN + french[:-1]]


def _memories() -> list[bytes]:
    return [
        _MEMORY.format(encoding=encoding).encode(encoding)
        for encoding in ("utf-8", "utf-16", "iso-8859-1", "windows-1252")
    ]


def _dirty_table(draw: Random) -> bytes:
    codes = draw.choices(_CODES, k=draw.choice((1, 2, 2, 3)))
    lines = ["\t".join(draw.choice((codes, ["en", "fr"])))]
    for _ in range(draw.choice((0, 1, 5, 30))):
        lines.append("\t".join(draw.choices(_TEXTS, k=draw.choice((2, 2, 2, 3, 1)))))
    end = draw.choice(("\n", "\r\n", "\r"))
    return (end.join(lines) + draw.choice(("", end))).encode(draw.choice(_ENCODINGS), "replace")


def _dirty_aligned(draw: Random) -> bytes:
    n_lines = draw.choice((0, 1, 5, 30))
    encoding, end = draw.choice(_ENCODINGS), draw.choice(("\n", "\r\n", "\r"))
    sides = list[bytes]()
    for extra in (0, draw.choice((0, 0, 0, 1, -1))):
        texts = draw.choices(_TEXTS[:-1], k=max(n_lines + extra, 0))
        sides.append(end.join(texts).encode(encoding, "replace"))
    return BETWEEN.join(sides)


_NODES = (
    "<tu>", "</tu>", '<tuv xml:lang="en">', '<tuv lang="fr">', "<tuv>", "</tuv>", "<seg>", "</seg>",
    "<ph>", "</ph>", "<hi/>", "one", "&amp;", "&nbsp;", "&x;", "&#0;", "&#xD800;", "&#x1F600;", "é",
    "<![CDATA[<seg>]]>", "<!-- x -->", "<?x y?>", "<tmx>", "</body>",
)  # fmt: skip
_TYPES = (
    "", "", '<!DOCTYPE tmx SYSTEM "tmx14.dtd">', '<!DOCTYPE tmx SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE tmx [<!ENTITY x "y">]>', '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://localhost:1/"> %x;]>',
    '<!DOCTYPE tmx [<!ENTITY a "aa"><!ENTITY x "&a;&a;&a;&a;">]>',
)  # fmt: skip


def _odd_memory(draw: Random) -> bytes:
    encoding = draw.choice(("utf-8", "utf-16", "latin-1", "ascii", "big5", "none", "rot13"))
    parts = [f'<?xml version="1.0" encoding="{encoding}"?>', draw.choice(_TYPES), "<tmx><body>"]
    for _ in range(draw.choice((1, 3, 10))):
        if draw.random() < 0.7:
            first, second = draw.choices(_NODES[11:18] if draw.random() < 0.5 else ("a", "b"), k=2)
            parts.append(
                f'<tu><tuv xml:lang="en"><seg>{first}</seg></tuv>'
                f'<tuv xml:lang="fr"><seg>{second}</seg></tuv></tu>'
            )
        else:
            parts += draw.choices(_NODES, k=3)
    parts.append("</body></tmx>")
    is_known = encoding not in ("none", "rot13") and draw.random() < 0.7
    return "".join(parts).encode(encoding if is_known else "utf-8", "replace")


VALID: dict[str, Callable[[], list[bytes]]] = {
    "sentences": _tables,
    "aligned": _aligned,
    "memory": _memories,
}
LYING: dict[str, Callable[[Random], bytes]] = {
    "sentences": _dirty_table,
    "aligned": _dirty_aligned,
    "memory": _odd_memory,
}
