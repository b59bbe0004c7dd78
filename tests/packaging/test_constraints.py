"""constraints.txt pins what the program and its tests need, all of it and nothing else."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WITH_CUDA = re.compile(r"cuda-|nvidia-|triton$")


def pins() -> dict[str, str]:
    """Version by canonical name."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): pinned for name, pinned in pairs}


def direct() -> list[Requirement]:
    """What pyproject.toml asks for, tests included."""
    return [
        Requirement(text)
        for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    ]


def needed() -> set[str]:
    """Canonical names of everything that is installed because the project asks for it."""
    result: set[str] = set()
    waiting = [(requirement.name, requirement.extras) for requirement in direct()]
    while waiting:
        name, extras = waiting.pop()
        canonical = canonicalize_name(name)
        if canonical in result:
            continue
        result.add(canonical)
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            marker = requirement.marker
            environments = [{"extra": extra} for extra in ("", *extras)]
            if marker is None or any(marker.evaluate(e) for e in environments):
                waiting.append((requirement.name, requirement.extras))
    return result


def test_every_package_that_is_needed_is_pinned() -> None:
    assert needed() - set(pins()) == set()


def test_nothing_is_pinned_that_is_not_needed() -> None:
    rest = set(pins()) - needed()
    assert {name for name in rest if not WITH_CUDA.match(name)} == set()


@pytest.mark.parametrize("requirement", direct(), ids=lambda r: r.name)
def test_a_pin_lies_in_the_range_of_its_requirement(requirement: Requirement) -> None:
    assert Version(pins()[canonicalize_name(requirement.name)]) in requirement.specifier
