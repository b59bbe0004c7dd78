"""Sentences from files: paired line by line, nothing lost without a word, faults said by line."""

import unicodedata
from pathlib import Path

import pytest

from workbench.engine.readers.errors import DataError
from workbench.engine.readers.texts import sentences, text_lines
from workbench.engine.readers.texts.sentences import Sentences, languages_of
from workbench.spec.work import finished


def table(folder: Path, text: str | bytes, name: str = "mine.tsv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def aligned(folder: Path, **sides: str | bytes) -> Path:
    for code, text in sides.items():
        table(folder, text, f"news.{code}")
    return folder / f"news.{next(iter(sides))}"


def memory(folder: Path, body: str, head: str = "") -> Path:
    text = f'<?xml version="1.0"?>\n{head}<tmx version="1.4">\n<body>\n{body}\n</body>\n</tmx>'
    return table(folder, text, "mine.tmx")


def unit(**sides: str) -> str:
    tuvs = (f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in sides.items())
    return f"<tu>{''.join(tuvs)}</tu>"


def read(path: Path, *languages: str, **choices: object) -> Sentences:
    return finished(sentences.read(path, languages, **choices))  # type: ignore[arg-type]


def refused(path: Path, *languages: str, **choices: object) -> str:
    with pytest.raises(DataError) as caught:
        read(path, *languages, **choices)
    return str(caught.value)


# three kinds of files


def test_a_table_has_a_column_a_language(tmp_path: Path):
    path = table(tmp_path, "en\tnote\tfr\tde\none\tx\tun\teins\ntwo\t\tdeux\tzwei\n")
    result = read(path)
    assert result.texts == {
        "en": ["one", "two"],
        "fr": ["un", "deux"],
        "de": ["eins", "zwei"],
    }
    assert result.n_rows == 2
    assert result.left_out == ()
    assert result.notes == ("column 'note' is called after no language: not read",)
    assert read(path, "de", "en").texts == {"de": ["eins", "zwei"], "en": ["one", "two"]}


def test_files_that_are_called_alike_are_read_together(tmp_path: Path):
    path = aligned(tmp_path, en="one\ntwo\n", fr="un\ndeux", de="eins\nzwei\n")
    table(tmp_path, "1\n2\n", "news.ids")
    table(tmp_path, "other\n", "other.fr")
    assert read(path).texts == {"de": ["eins", "zwei"], "en": ["one", "two"], "fr": ["un", "deux"]}
    assert read(path, "fr", "en").languages == ("fr", "en")


def test_the_names_that_opus_gives_are_read(tmp_path: Path):
    table(tmp_path, "one\n", "Tatoeba.en-fr.en")
    path = table(tmp_path, "un\n", "Tatoeba.en-fr.fr")
    table(tmp_path, "x\n", "Tatoeba.en-fr.ids")
    assert read(path).texts == {"en": ["one"], "fr": ["un"]}


def test_a_translation_memory_is_read(tmp_path: Path):
    path = memory(
        tmp_path,
        unit(en='a <bpt i="1">&lt;</bpt>bold<ept i="1">&gt;</ept> word', fr="un <hi>mot</hi>")
        + unit(**{"en-US": "Mr &amp; Mrs &#233;", "FR": "<![CDATA[M. <et> Mme]]>"}),
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n',
    )  # fmt: skip
    assert read(path).texts == {
        "en": ["a bold word", "Mr & Mrs é"],
        "fr": ["un mot", "M. <et> Mme"],
    }


def test_what_is_a_translation_memory_is_known_by_its_beginning(tmp_path: Path):
    path = memory(tmp_path, unit(en="one", fr="un")).rename(tmp_path / "mine.xml")
    assert read(path).texts == {"en": ["one"], "fr": ["un"]}


def test_two_kinds_of_one_language_are_told_apart(tmp_path: Path):
    path = memory(tmp_path, unit(**{"pt-BR": "trem", "pt-PT": "comboio", "en-GB": "train"}))
    assert read(path).languages == ("pt-br", "pt-pt", "en")
    assert read(table(tmp_path, "pt_BR\ten\num\tone\n")).languages == ("pt", "en")
    assert read(table(tmp_path, "pt_BR\ten\num\tone\n"), "pt-br", "en").texts["pt-br"] == ["um"]


@pytest.mark.parametrize("kind", ["table", "aligned", "memory"])
def test_languages_are_known_without_reading_all(tmp_path: Path, kind: str):
    path = {
        "table": lambda: table(tmp_path, "en\tfr\n" + "one\tun\n" * 9),
        "aligned": lambda: aligned(tmp_path, en="one\n", fr="un\n"),
        "memory": lambda: memory(tmp_path, unit(en="one", fr="un")),
    }[kind]()
    assert languages_of(path) == ["en", "fr"] == list(read(path).languages)


# what is left out


def test_what_is_left_out_is_told_with_its_lines(tmp_path: Path):
    rows = [
        "one\tun",
        "two\t",
        "\tdeux",
        "x" * 21 + "\ty",
        "one\tun",
        "three",
        "a\tb\tc",
        "",
        " \t ",
    ]
    result = read(table(tmp_path, "en\tfr\n" + "\n".join(rows) + "\n"), most_characters=20)
    assert result.texts == {"en": ["one"], "fr": ["un"]}
    assert result.n_rows == len(rows)
    assert [str(reason) for reason in result.left_out] == [
        "3 rows left out: a side is empty (line 3, 4, 10)",
        "1 row left out: longer than 20 characters (line 5)",
        "1 row left out: the same as a row before it (line 6)",
        "3 rows left out: not one text for each language (line 7, 8, 9)",
    ]


def test_only_the_first_lines_are_named(tmp_path: Path):
    (reason,) = read(table(tmp_path, "en\tfr\n" + "a\tb\n" * 3000)).left_out
    assert str(reason) == "2,999 rows left out: the same as a row before it (line 3, 4, 5, 6, 7, …)"


def test_a_row_that_lacks_a_language_counts_only_where_it_is_wanted(tmp_path: Path):
    path = memory(tmp_path, unit(en="one", fr="un", de="eins") + "\n" + unit(en="two", fr="deux"))
    (reason,) = read(path).left_out
    assert (reason.reason, reason.lines) == ("not one text for each language", (5,))
    assert read(path, "en", "fr").left_out == ()


def test_a_file_of_which_nothing_is_left_is_refused_with_the_reasons(tmp_path: Path):
    words = refused(table(tmp_path, "en\tfr\n\tun\n"))
    assert words == (
        "mine.tsv: has no sentences that can be used: 1 row left out: a side is empty (line 2)"
    )
    assert refused(table(tmp_path, "en\tfr\n")).endswith("can be used: there are none")


def test_more_rows_than_asked_for_are_not_read(tmp_path: Path):
    lines = "".join(f"{i}\t{i}\n" for i in range(9))
    body = "".join(unit(en=str(i), fr=str(i)) for i in range(9))
    sides = "".join(f"{i}\n" for i in range(9))
    for path in (
        table(tmp_path, f"en\tfr\n{lines}"),
        memory(tmp_path, body),
        aligned(tmp_path, en=sides, fr=sides),
    ):
        result = read(path, most_rows=4)
        assert result.texts["en"] == ["0", "1", "2", "3"]
        assert "the first 4 rows are read, and no more" in result.notes


# hostile text


def test_hostile_text_is_read_as_it_is(tmp_path: Path):
    odd = [
        "😀 👩‍👩‍👧",
        "\u202eאב",
        "a\u2028b",
        "a\x0bb\x85c\x1cd",
        "e\u0301",
        '"quoted',
        "<2fr>",
        "\x1b[31m",
    ]
    path = table(tmp_path, "en\tfr\n" + "".join(f"{text}\tx\n" for text in odd))
    assert read(path).texts["en"] == [unicodedata.normalize("NFC", text) for text in odd]
    both = aligned(tmp_path, en="\n".join(odd), fr="\n".join(map(str, range(len(odd)))))
    assert read(both).texts["fr"] == [str(i) for i in range(len(odd))]


@pytest.mark.parametrize(
    ("encoding", "end"),
    [
        *((encoding, "\n") for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be")),
        *((encoding, "\r\n") for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be")),
        *((encoding, "\r") for encoding in ("utf-8", "utf-8-sig")),
    ],
)
def test_marks_and_ends_of_lines_are_no_text(tmp_path: Path, encoding: str, end: str):
    text = end.join(["en\tfr", "é\tà", "二\tb", ""])
    content = text.encode(encoding)
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    result = read(table(tmp_path, content))
    assert result.texts == {"en": ["é", "二"], "fr": ["à", "b"]}
    assert result.left_out == ()


def test_a_line_of_a_megabyte_is_left_out_or_read(tmp_path: Path):
    line = "a" * (1 << 20)
    path = table(tmp_path, f"en\tfr\n{line}\tb\nc\td\n")
    result = read(path)
    assert result.texts == {"en": ["c"], "fr": ["d"]}
    assert result.left_out[0].reason == "longer than 400 characters"
    assert read(path, most_characters=1 << 21).texts["en"] == [line, "c"]
    long_unit = memory(tmp_path, unit(en=line, fr="b") + unit(en="c", fr="d"))
    assert read(long_unit).texts == {"en": ["c"], "fr": ["d"]}


def test_a_line_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(text_lines, "MOST_LINE_BYTES", 1 << 20)
    long = "en\tfr\n" + "a" * (1 << 21)
    for content in (long.encode(), long.encode("utf-16")):
        words = refused(table(tmp_path, content))
        assert words == "mine.tsv, line 2: is longer than 1 MiB, and no line of text"


def test_the_wrong_encoding_is_said_with_its_line(tmp_path: Path):
    latin = "en\tfr\none\tun\ntwo\tdéux\n".encode("latin-1")
    words = refused(table(tmp_path, latin))
    assert words.startswith("mine.tsv, line 3: is not UTF-8 text (byte 0xe9); save it as UTF-8")
    assert read(table(tmp_path, latin), encoding="latin-1").texts["fr"] == ["un", "déux"]
    path = aligned(tmp_path, en="one\ntwo\n", fr="un\nd\xe9ux\n".encode("latin-1"))
    assert refused(path).startswith("news.fr, line 2: is not UTF-8 text")
    half = "en\tfr\na\tb\n".encode("utf-16") + b"\x00\xd8"
    assert "is not UTF-16 text" in refused(table(tmp_path, half))
    assert "'none' is no encoding" in refused(table(tmp_path, latin), encoding="none")
    assert "'rot13' is no encoding" in refused(table(tmp_path, latin), encoding="rot13")


def test_zero_bytes_are_refused(tmp_path: Path):
    words = refused(table(tmp_path, "en\tfr\na\tb\nc\0\td\n"))
    assert words.startswith("mine.tsv, line 3: has a zero byte")
    assert "has a zero byte" in refused(table(tmp_path, "en\tfr\na\tb\n".encode("utf-16-le")))


# files that are not what they should be


def test_files_of_unequal_length_are_refused(tmp_path: Path):
    path = aligned(tmp_path, en="one\ntwo\nthree\n", fr="un\ndeux\n")
    assert refused(path) == (
        "news.fr, line 3: has 2 lines, and news.en has 3: line n of one is to be the translation "
        "of line n of the other"
    )
    path = aligned(tmp_path, en="", fr="un\n")
    assert refused(path).startswith("news.en, line 1: has 0 lines, and news.fr has 1")


def test_a_file_alone_is_refused(tmp_path: Path):
    assert "news.en: has no file beside it in another language" in refused(
        aligned(tmp_path, en="x")
    )


def test_empty_files_are_refused(tmp_path: Path):
    for content in (b"", b"\xef\xbb\xbf", b"\xff\xfe"):
        assert refused(table(tmp_path, content)) == "mine.tsv: is empty"
    assert refused(aligned(tmp_path, en="", fr="")) == "news.en: is empty"
    assert "has no unit of translation in it" in refused(memory(tmp_path, ""))
    assert "no element found" in refused(table(tmp_path, "", "mine.tmx"))


def test_a_first_line_without_languages_is_refused(tmp_path: Path):
    words = refused(table(tmp_path, "hello world\tbonjour\n"))
    assert words.startswith(
        "mine.tsv, line 1: the first line is to have the codes of the languages"
    )
    assert words.endswith("it has 'hello world bonjour'")


def test_languages_that_are_not_there_are_named(tmp_path: Path):
    path = table(tmp_path, "en\tfr\na\tb\n")
    assert refused(path, "en", "de") == "mine.tsv: has no 'de'; there is en, fr"
    assert "has no 'de'; there is en, fr" in refused(aligned(tmp_path, en="a", fr="b"), "en", "de")
    assert "in en alone" in refused(path, "en")
    assert "names the language 'en' twice" in refused(table(tmp_path, "en\tEN\na\tb\n"))
    assert "in en alone" in refused(memory(tmp_path, unit(en="one")))


def test_what_is_no_file_is_refused(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    assert "is a folder" in refused(tmp_path / "mine")
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.tsv")


# XML that means harm


@pytest.mark.parametrize(
    ("head", "text", "words"),
    [
        ('<!DOCTYPE tmx [<!ENTITY x "y">]>', "&x;", "declares an entity of its own, 'x'"),
        (
            '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            "&x;",
            "declares an entity of its own",
        ),
        (
            '<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY x "&a;&a;&a;">]>',
            "&x;",
            "declares an entity of its own, 'a'",
        ),
        ('<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://localhost:1/">%p;]>', "a", "declares an"),
        ('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', "a&nbsp;b", "uses an entity that it does not"),
        ("", "a&nbsp;b", "is no XML: undefined entity"),
        ("", "a<b", "is no XML: not well-formed"),
        ("", "&#0;", "is no XML: reference to invalid character number"),
        ("", "&#xD800;", "is no XML: reference to invalid character number"),
    ],
)  # fmt: skip
def test_entities_and_broken_xml_are_refused(tmp_path: Path, head: str, text: str, words: str):
    said = refused(memory(tmp_path, unit(en=text, fr="x"), f"{head}\n"))
    assert words in said
    assert said.startswith("mine.tmx, line ")


def test_other_xml_is_refused(tmp_path: Path):
    words = refused(table(tmp_path, "<html><body/></html>", "mine.tmx"))
    assert "is no translation memory: it begins with <html>, not <tmx>" in words
    nameless = "<tu><tuv><seg>a</seg></tuv></tu>"
    assert "a text names no language" in refused(memory(tmp_path, nameless))
    strange = '<?xml version="1.0" encoding="big5"?><tmx/>'
    assert "cannot be decoded" in refused(table(tmp_path, strange, "mine.tmx"))


def test_progress_is_told(tmp_path: Path):
    lines = [f"{i} line of some length\t{i}" for i in range(5000)]
    path = table(tmp_path, "en\tfr\n" + "\n".join(lines))
    shares = list(sentences.read(path))
    assert len(shares) == 2
    assert shares == sorted(shares)
    assert all(0 < share <= 1 for share in shares)
