"""What a file of sentences has in it, told before anything is chosen; tables stay tables."""

from pathlib import Path

import pytest

from tests.contracts import hostile
from workbench.engine.answers.columns import answer
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.texts.facts import FIRST_ROWS, kind_of
from workbench.spec.question import Columns
from workbench.spec.user_files.file_facts import FileFacts
from workbench.spec.user_files.text_facts import LanguageFacts, LeftOut, TextFacts, TextReading

ROWS = "".join(f"word {i}\tmot {i}\tWort {i}\n" for i in range(30))


def table(folder: Path, text: str, name: str = "mine.tsv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def facts(path: Path, *, is_quick: bool = False, family: str = "", **reading: object) -> FileFacts:
    texts = TextReading.of(reading)
    question = Columns(str(path), is_quick=is_quick, texts=texts, family=family)
    return answer(question, Catalogue([], []), lambda _done, _text: None)


def texts_of(path: Path, **reading: object) -> TextFacts:
    texts = facts(path, **reading).texts  # pyright: ignore[reportArgumentType]
    assert texts is not None
    return texts


def test_a_table_of_texts_says_its_languages_what_stays_and_what_does_not(tmp_path: Path):
    path = table(tmp_path, f"en\tfr\tde\n{ROWS}\tune\tein\nword 1\tmot 1\tWort 1\n")
    known = facts(path)
    assert (known.family, known.kind, known.n_rows, known.others) == (
        "sentences", "TSV", 32, ("table",)
    )  # fmt: skip
    assert known.texts == TextFacts(
        (LanguageFacts("en", 31), LanguageFacts("fr", 32), LanguageFacts("de", 32)),
        ("en", "fr", "de"),
        32,
        30,
        (
            LeftOut("a side is empty", 1, (32,)),
            LeftOut("the same as a row before it", 1, (33,)),
        ),
    )
    assert [column.name for column in known.columns] == ["en", "fr", "de"]
    assert known.rows[1] == ("word 1", "mot 1", "Wort 1")
    assert len(known.sha256) == 64
    assert known.beside_sha256 == ""


def test_fewer_languages_keep_rows_that_lack_the_others_and_lengths_are_counted(tmp_path: Path):
    path = table(tmp_path, f"en\tfr\tde\n{ROWS}\tune\tein\n")
    assert texts_of(path, languages=["fr", "de"]).n_kept == 31
    short = texts_of(path, most_characters=6)
    assert short.n_kept == 10
    assert [one.reason for one in short.left_out] == [
        "longer than 6 characters", "a side is empty",
    ]  # fmt: skip


def test_the_first_rows_are_looked_at_quickly_and_nothing_is_counted_of_them(tmp_path: Path):
    rows = "".join(f"word {i}\tmot {i}\n" for i in range(FIRST_ROWS + 5))
    known = facts(table(tmp_path, f"en\tfr\n{rows}"), is_quick=True)
    assert known.texts is not None
    assert (known.texts.n_read, known.texts.left_out) == (FIRST_ROWS, ())
    assert not known.is_whole
    assert not known.sha256


def test_columns_that_are_called_after_languages_and_hold_none_are_a_table(tmp_path: Path):
    numbers = "".join(f"{i}\t{i % 2}\t{i * 3}\n" for i in range(20))
    path = table(tmp_path, f"id\tno\tprice\n{numbers}")
    assert facts(path).family == "table"
    answers = "yes\tja\nno\tnein\n" * 5
    assert facts(table(tmp_path, f"en\tde\n{answers}")).family == "table"
    words = "".join(f"word {i}\tw{i}\t{i}\t{i}\t{i}\n" for i in range(9))
    assert facts(table(tmp_path, f"en\tde\ta\tb\tc\n{words}")).family == "table"


def test_it_may_be_taken_for_a_table_all_the_same(tmp_path: Path):
    known = facts(table(tmp_path, f"en\tfr\tde\n{ROWS}"), family="table")
    assert (known.family, known.others) == ("table", ("sentences",))
    assert [column.name for column in known.columns] == ["en", "fr", "de"]


def test_aligned_files_are_told_by_any_of_them_with_the_sum_of_those_beside_it(tmp_path: Path):
    for code in ("en", "fr", "old"):
        table(tmp_path, "".join(f"{code} {i}\n" for i in range(12)), f"news.{code}")
    known = facts(tmp_path / "news.fr")
    assert known.texts is not None
    assert known.kind == "aligned files"
    assert known.texts.languages == (
        LanguageFacts("en", 12), LanguageFacts("fr", 12), LanguageFacts("old", None, False),
    )  # fmt: skip
    assert known.texts.chosen == ("en", "fr")
    before = known.beside_sha256
    table(tmp_path, "changed\n" * 12, "news.old")  # which is not read
    assert facts(tmp_path / "news.fr").beside_sha256 == before != ""
    table(tmp_path, "".join(f"an {i}\n" for i in range(12)), "news.en")
    assert facts(tmp_path / "news.fr").beside_sha256 != before


def test_a_file_that_is_alone_says_so_and_may_be_a_table(tmp_path: Path):
    path = table(tmp_path, "a,b\n1,2\n", "news.en")
    known = facts(path, is_quick=True)
    assert "has no file beside it in another language" in known.problem
    assert known.others == ("table",)
    assert facts(path, family="table").family == "table"


def test_a_memory_is_told_by_what_is_in_it(tmp_path: Path):
    side = '<tuv xml:lang="{}"><seg>{} {}</seg></tuv>'
    sides = [side.format("en-US", "a", i) + side.format("ar", "ب", i) for i in range(9)]
    units = "".join(f"<tu>{both}</tu>" for both in sides)
    path = table(tmp_path, f'<tmx version="1.4"><body>{units}</body></tmx>', "memory.xml")
    known = facts(path)
    assert known.texts is not None
    assert (known.kind, known.texts.chosen, known.texts.n_kept) == ("TMX", ("en", "ar"), 9)
    assert known.reading == ()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.tsv", "en\tru\n" + "word\tслово номер\nwords\tслова\n", "line 2: is not UTF-8 text"),
        ("a.tmx", "<tmx><body><tu>\n<tuv>", "line 2: a text names no language"),
        ("a.en", "one\ntwo\n", "a.fr, line 2: has 1 lines, and a.en has 2"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, name: str, content: str, sentence: str
):
    path = table(tmp_path, content, name, "cp1251")
    table(tmp_path, "un\n", "a.fr")
    known = facts(path, is_quick=True)
    assert (known.family, sentence in known.problem) == ("sentences", True), known.problem
    with pytest.raises(DataError, match=sentence):
        facts(path)


def test_another_encoding_mends_it(tmp_path: Path):
    rows = "".join(f"word {i}\tслово {i}\n" for i in range(9))
    path = table(tmp_path, f"en\tru\n{rows}", encoding="cp1251")
    known = facts(path, is_quick=True)
    encoding = known.setting("encoding")
    assert encoding is not None
    assert (encoding.value, encoding.proposed) == ("utf-8", "cp1251")
    assert texts_of(path, encoding="cp1251").n_kept == 9


def test_hostile_texts_are_kept_or_counted_and_never_lost(tmp_path: Path):
    odd = [text for text in hostile.ALL if not {"\n", "\r", "\t", "\0"} & set(text)]
    rows = "".join(f"{text} {i}\tmot {i}\n" for i, text in enumerate(odd))
    texts = texts_of(table(tmp_path, f"en\tfr\n{rows}"))
    assert texts.n_read == len(odd)
    assert texts.n_kept + sum(one.n_rows for one in texts.left_out) == texts.n_read


def test_a_parquet_file_that_is_called_after_a_language_is_a_parquet_file(tmp_path: Path):
    path = tmp_path / "news.pq"
    path.write_bytes(b"PAR1")
    assert kind_of(path) == ""
