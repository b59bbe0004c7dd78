"""The catalogue cache: right or absent."""

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from workbench.spec.entry import Entry
from workbench.store import catalogue

ENTRIES = [
    Entry("balancing", "fixed", "Fixed", "Weights you set.", settings={"properties": {}}),
    Entry("tasks", "digits", "数字", "Digits.", needs=("a",), tasks=("x", "y"), broken="no"),
]


def test_what_is_kept_comes_back_in_order(home: Path):
    assert catalogue.cached() is None
    cached = catalogue.keep(iter(ENTRIES))
    assert list(cached.values()) == ENTRIES
    assert catalogue.cached() == cached
    assert cached["tasks", "digits"] is ENTRIES[1]


def test_a_changed_method_makes_it_stale(monkeypatch: pytest.MonkeyPatch):
    catalogue.keep(ENTRIES)
    monkeypatch.setattr(catalogue, "fingerprint", lambda: "another")
    assert catalogue.cached() is None


def test_the_fingerprint_follows_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "workbench"
    (package / "methods" / "tasks").mkdir(parents=True)
    source = package / "methods" / "tasks" / "one.py"
    source.write_text("a = 1")
    monkeypatch.setattr(catalogue.workbench, "__file__", str(package / "__init__.py"))
    first = catalogue.fingerprint()
    assert catalogue.fingerprint() == first
    source.write_text("a = 2")
    second = catalogue.fingerprint()
    source.rename(source.with_name("two.py"))
    assert len({first, second, catalogue.fingerprint()}) == 3


def test_the_fingerprint_follows_what_methods_are_built_from_and_how_they_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = tmp_path / "workbench"
    monkeypatch.setattr(catalogue.workbench, "__file__", str(package / "__init__.py"))
    fingerprints = [catalogue.fingerprint()]
    for place in ("roles", "blocks/tasks", "build"):
        (package / "engine" / place).mkdir(parents=True)
        (package / "engine" / place / "one.py").write_text("a = 1")
        fingerprints.append(catalogue.fingerprint())
    assert len(set(fingerprints)) == 4


@pytest.mark.parametrize("place", ["plugin/near.py", "plugin/near/__init__.py", "alone.py"])
def test_the_fingerprint_follows_methods_of_other_packages_without_importing_them(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = tmp_path / place
    source.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "plugin").mkdir(exist_ok=True)
    (tmp_path / "plugin" / "__init__.py").write_text("raise AssertionError('imported')")
    source.write_text("raise AssertionError('imported')")
    module = ".".join(Path(place.removesuffix("/__init__.py")).with_suffix("").parts)
    points = [
        EntryPoint("retention.near", module, "workbench.methods"),
        EntryPoint("retention.lost", "not_installed_anywhere.near", "workbench.methods"),
    ]
    monkeypatch.setattr(catalogue, "entry_points", lambda group: points)
    monkeypatch.syspath_prepend(tmp_path)
    first = catalogue.fingerprint()
    assert catalogue.fingerprint() == first
    source.write_text("b = 2")
    assert catalogue.fingerprint() != first


def test_a_torn_cache_is_no_cache(home: Path):
    catalogue.keep(ENTRIES)
    path = home / "cache" / "catalogue.json"
    whole = path.read_bytes()
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        assert catalogue.cached() is None
    for other in ([], 3, {"fingerprint": catalogue.fingerprint(), "entries": [3]}):
        path.write_text(json.dumps(other))
        assert catalogue.cached() is None
    for content in (b"[" * 100_000, b'{"a":' * 100_000, b"\0" * 500, bytes(range(256))):
        path.write_bytes(content)
        assert catalogue.cached() is None


def test_a_home_that_cannot_be_written_is_no_error(home: Path):
    home.write_text("a file")
    assert list(catalogue.keep(ENTRIES).values()) == ENTRIES
    assert catalogue.cached() is None
