"""Encodings: how a text file writes its letters, told by its mark or guessed from its beginning."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from workbench.engine.readers.errors import opened

#: Encodings there are to choose from, by their names in settings.
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "cp1250"),
    *("cp1251", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)

#: Those that are guessed where a file is no UTF-8, and have letters that tell them apart.
_GUESSED = ("gb18030", "shift_jis", "euc_jp", "big5", "euc_kr", "cp1251", "cp1252")

#: Bytes that are looked at for a guess.
_LOOKED_AT = 1 << 16
#: Share of zero bytes at one parity from which on text is UTF-16: Latin letters have one each.
_ZEROS = 0.3

#: An accented letter of Latin-1 between two bytes of ASCII, and how often it is that.
_LONE = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])")
_NEARLY = 0.8
_RUN = re.compile(rb"[\x80-\xff]+")
#: Letters of a word, on average.
_WORD = 3

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(raw: bytes, wanted: str, *, is_whole: bool) -> tuple[str, str]:
    """The encoding of a text that begins with these bytes, and what to say where it was guessed.

    A mark at the beginning says it, whatever is `wanted`; else what is wanted is taken, and with
    auto it is UTF-8 where the bytes are that. `is_whole` says that nothing follows.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name, ""
    if wanted != "auto":
        return wanted, ""
    wide = _wide(raw)
    if wide:
        return wide, f"is taken for {wide.upper()} without its mark: each letter has two bytes"
    if _is_utf_8(raw, is_whole=is_whole):
        return "utf-8", ""
    return _guessed(raw[:_LOOKED_AT], is_whole=is_whole and len(raw) <= _LOOKED_AT)


def marked_encoding(path: Path, encoding: str) -> str:
    """UTF-16 where a file's first bytes say so, as spreadsheets write them; else the one given.

    The mark of UTF-8 is left to those who decode it. Raises DataError and OSError.
    """
    with opened(path) as file:
        is_marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return "utf-16" if is_marked else encoding


def _wide(raw: bytes) -> str:
    """UTF-16 of either order where every second byte is zero often enough, and the others never."""
    sample = raw[: len(raw) // 2 * 2][:_LOOKED_AT]
    if not sample:
        return ""
    even, odd = sample[0::2].count(0) / (len(sample) / 2), sample[1::2].count(0) / (len(sample) / 2)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros >= _ZEROS and not others:
            return name
    return ""


def _is_utf_8(raw: bytes, *, is_whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=is_whole)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(raw: bytes, *, is_whole: bool) -> tuple[str, str]:
    """The likeliest of a few encodings; cp1252 where nothing tells: nearly all bytes are text."""
    if _has_lone_letters(raw):
        name = "cp1252" if _decodes(raw, "cp1252", is_whole=is_whole) else "latin-1"
        return name, _words(name)
    fitting = [name for name in _GUESSED if _decodes(raw, name, is_whole=is_whole)]
    best = (
        from_bytes(raw, cp_isolation=list(fitting), enable_fallback=False).best()
        if fitting
        else None
    )
    name = codecs.lookup(best.encoding).name if best is not None else ""
    name = next((one for one in fitting if codecs.lookup(one).name == name), "")
    name = name or ("cp1252" if "cp1252" in fitting else "latin-1")
    if name == "cp1252" and "cp1251" in fitting and _has_words(raw):
        name = "cp1251"
    return name, _words(name)


def _words(name: str) -> str:
    return f"is no UTF-8 and taken for {name}; set the encoding where letters look wrong"


def _has_lone_letters(raw: bytes) -> bool:
    """Whether nearly all bytes that are no ASCII stand alone, and are letters with an accent.

    So is what is written in Western languages; where letters have two bytes, or all of them are
    none of ASCII, it is not so.
    """
    lone = len(_LONE.findall(raw))
    return lone > _NEARLY * sum(byte >= 0x80 for byte in raw)


def _has_words(raw: bytes) -> bool:
    """Whether letters that are no ASCII stand in whole words, as in Cyrillic and not in Latin."""
    runs = _RUN.findall(raw)
    return bool(runs) and sum(map(len, runs)) >= _WORD * len(runs)


def _decodes(raw: bytes, name: str, *, is_whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(raw, final=is_whole)
    except UnicodeDecodeError:
        return False
    return True
