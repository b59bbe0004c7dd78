"""Methods are found where they lie, and a broken one takes nothing else down."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.engine.build.catalogue import discover
from workbench.engine.roles.method import BadSpecError
from workbench.spec.entry import Entry
from workbench.spec.experiment import Choice, TaskChoice

Drop = Callable[[str, str], Entry | None]

GOOD = '''
from workbench.engine.roles.balancing import Balancing
class Found(Balancing):
    """Found where it lies."""
    key = "{key}"
    title = "Found"
'''


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """Puts a module into the folder of balancing methods; gives the entry that comes of it."""
    package = importlib.import_module("workbench.methods.balancing")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    before = set(sys.modules)

    def put(name: str, text: str) -> Entry | None:
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        old = {(entry.role, entry.key) for entry in untouched}
        catalogue = discover().entries()
        assert {(e.role, e.key) for e in catalogue if not e.broken} >= old
        new = [e for e in catalogue if e.broken or (e.role, e.key) not in old]
        return new[0] if new else None

    untouched = discover().entries()
    yield put
    for name in set(sys.modules) - before:
        if name.startswith("workbench.methods.balancing."):
            del sys.modules[name]


def test_a_file_in_a_folder_is_a_method(drop: Drop):
    entry = drop("found", GOOD.format(key="found"))
    assert entry is not None
    assert (entry.role, entry.key, entry.title) == ("balancing", "found", "Found")
    assert entry.summary == "Found where it lies."
    assert not entry.broken


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import not_installed_anywhere", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        (
            GOOD.format(key="x") + "    Settings = None\n",
            "AttributeError",
        ),
        (GOOD.format(key="fixed"), "the key 'fixed' is taken by workbench.methods.balancing.fixed"),
    ],
)
def test_what_cannot_be_used_is_listed_with_the_reason(drop: Drop, text: str, reason: str):
    entry = drop("zz_broken", text)
    assert entry is not None
    assert (entry.role, entry.key) == ("balancing", "zz-broken")
    assert reason in entry.broken


def test_a_broken_method_cannot_be_chosen(drop: Drop):
    drop("zz_broken", "raise RuntimeError('no licence')")
    with pytest.raises(BadSpecError, match=r"balancing.kind: cannot be used: .*no licence"):
        discover().find("balancing", "zz-broken", "balancing.kind")


def test_an_unknown_method_cannot_be_chosen():
    with pytest.raises(BadSpecError, match=r"sharing: there is no 'nothing'"):
        discover().find("sharing", "nothing")


def test_wrong_settings_name_their_field():
    catalogue = discover()
    with pytest.raises(BadSpecError, match=r"^retention\.memory: "):
        catalogue.settings("retention", Choice(kind="replay", memory=0), "retention")
    with pytest.raises(BadSpecError, match=r"^tasks\.2\.n_tasks: "):
        catalogue.settings("tasks", TaskChoice(family="digits-split", n_tasks=99), "tasks.2")


def test_entries_are_in_the_order_of_the_roles():
    roles = [entry.role for entry in discover().entries()]
    assert roles == sorted(roles, key=list(dict.fromkeys(roles)).index)
    assert roles[0] == "tasks"
