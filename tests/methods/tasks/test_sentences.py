"""Your own sentences as tasks."""

from pathlib import Path
from typing import Any

import pytest

from tests.methods.tasks.test_numbers import said
from workbench.engine.readers.errors import DataError
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task
from workbench.methods.tasks.sentences import OwnSentences
from workbench.spec.user_files.sources import digest

ROWS = [(f"word {i}", f"mot {i}", f"Wort {i}") for i in range(40)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.tsv"
    path.write_text("\n".join("\t".join(row) for row in [("en", "fr", "de"), *ROWS]) + "\n")
    return path


def tasks(file: Path, **settings: Any) -> dict[str, Task]:
    given = {"file": str(file), "vocabulary": 280, **settings}
    return {task.name: task for task in OwnSentences(OwnSentences.Settings(**given)).tasks()}


def test_every_pair_of_a_table_is_a_task(file: Path):
    made = tasks(file, sha256=digest(file))
    assert list(made) == ["en-fr", "en-de", "fr-en", "fr-de", "de-en", "de-fr"]
    rows = set[tuple[str, str]]()
    for split, n in (("train", 32), ("val", 4), ("test", 4)):
        assert len(made["en-fr"].data[split]) == n
        rows |= set(said(made["en-fr"], split))
    assert rows == {(english, french) for english, french, _ in ROWS}


def test_aligned_files_and_chosen_languages(tmp_path: Path):
    for code, column in (("en", 0), ("fr", 1), ("de", 2)):
        text = "".join(f"{row[column]}\n" for row in ROWS)
        (tmp_path / f"news.{code}").write_text(text)
    made = tasks(tmp_path / "news.fr", languages=["fr", "en"], pairs="from-fr")
    assert list(made) == ["fr-en"]


def test_what_was_left_out_is_told(file: Path):
    with file.open("a") as more:
        more.write("\tune\tein\nword 1\tmot 1\tWort 1\n" + "x" * 500 + "\ty\tz\n")
    notices = next(iter(tasks(file).values())).notices
    assert notices == (
        "1 row left out: a side is empty (line 42)",
        "1 row left out: the same as a row before it (line 43)",
        "1 row left out: longer than 400 characters (line 44)",
    )


def test_rows_that_have_a_text_in_common_are_in_one_split(tmp_path: Path):
    path = tmp_path / "mine.tsv"
    rows = [f"word {i // 4}\tmot {i}\tWort {i // 2}" for i in range(80)]
    path.write_text("\n".join(["en\tfr\tde", *rows]) + "\n")
    made = tasks(path, pairs="all", test=0.2, val=0.2)
    for name in made:
        texts = [{text for text, _ in said(made[name], s)} for s in ("train", "val", "test")]
        assert sum(map(len, texts)) == len(set().union(*texts))
        assert all(texts)


def test_characters_are_all_known(file: Path):
    with file.open("a") as more:
        more.write("".join(f"{c}\t{c}{c}\t{c}{c}{c}\n" for c in "äöüßéèàçñ"))
    made = tasks(file, tokens="characters", pairs="en-fr")
    assert sum(len(part) for part in made["en-fr"].data.values()) == 49


def test_few_sentences_may_be_asked_for(file: Path):
    made = tasks(file, sentences={"de": 3}, pairs="from-en")
    assert [len(task.data["train"]) for task in made.values()] == [32, 3]


def test_faults_of_the_file_are_said(file: Path, tmp_path: Path):
    with pytest.raises(BadSpecError, match="names no file"):
        OwnSentences(OwnSentences.Settings()).tasks()
    with pytest.raises(BadSpecError, match="changed"):
        tasks(file, sha256="0" * 64)
    with pytest.raises(DataError, match="has no 'it'; there is en, fr, de"):
        tasks(file, languages=["en", "it"])
    broken = tmp_path / "latin.tsv"
    broken.write_bytes(b"en\tfr\nx\t\xe9\n")
    with pytest.raises(DataError, match="line 2: is not UTF-8 text"):
        tasks(broken)
    with pytest.raises(BadSpecError, match="leaves no row to train") as caught:
        tasks(file, val=0.5, test=0.5)
    assert caught.value.field == "val"
