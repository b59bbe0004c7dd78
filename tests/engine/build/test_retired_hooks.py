"""Whoever writes a hook by the name that it had is told the one that it has."""

from typing import Any

import pytest

from workbench.engine.build.retired_hooks import RENAMED, retired_hooks
from workbench.engine.roles.balancing import Balancing
from workbench.engine.roles.curriculum import Curriculum
from workbench.engine.roles.method import Method
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.methods.retention.replay import Replay

ROLES: dict[str, type[Method]] = {
    made.role: made for made in (Balancing, Curriculum, Retention, Sharing)
}
NAMES = [(role, old, new) for role, names in RENAMED.items() for old, new in names.items()]


@pytest.mark.parametrize(("role", "old", "new"), NAMES)
def test_every_name_of_today_is_one_that_the_role_has_and_the_old_one_is_not(
    role: str, old: str, new: str
):
    assert hasattr(ROLES[role], new)
    assert not hasattr(ROLES[role], old)


@pytest.mark.parametrize(("role", "old", "new"), NAMES)
def test_a_method_that_defines_an_old_name_is_told_the_new_one(role: str, old: str, new: str):
    made = type("Made", (ROLES[role],), {old: lambda *_: None})
    assert list(retired_hooks(made)) == [f"defines '{old}', which nothing calls: it is '{new}' now"]
    assert not list(retired_hooks(type("Made", (ROLES[role],), {new: lambda *_: None})))


def test_a_helper_of_that_name_beside_the_hook_is_left_alone():
    both: dict[str, Any] = {"mix": lambda *_: None, "augment_batch": lambda *_: None}
    helped = type("Helped", (Retention,), both)
    assert not list(retired_hooks(helped))
    assert not list(retired_hooks(type("More", (helped,), {"mix": lambda *_: None})))


def test_what_a_base_of_todays_defines_does_not_hide_an_old_name():
    assert list(retired_hooks(type("Late", (Replay,), {"mix": lambda *_: None})))


def test_names_belong_to_a_role():
    assert not list(retired_hooks(type("Begins", (Balancing,), {"begin": lambda *_: None})))
