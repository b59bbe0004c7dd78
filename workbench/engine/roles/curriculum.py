"""Curriculum: when each task is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from workbench.engine.roles.method import Method


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of training: its name, the tasks learned in it, its length in epochs."""

    name: str
    tasks: tuple[str, ...]
    epochs: int


class Curriculum(Method):
    """An ordered list of stages."""

    role: ClassVar[str] = "curriculum"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        """The stages for these tasks, where a stage lasts `epochs` unless settings say else."""
        raise NotImplementedError
