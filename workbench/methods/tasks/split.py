"""split: the classes of any task, a few to each of several."""

from collections.abc import Sequence
from typing import Annotated, Literal

import torch
from pydantic import Field

from workbench.engine.blocks.tasks.made.classes import (
    Scenario,
    codes_of,
    cut,
    names_of,
    with_classes,
    words_of,
)
from workbench.engine.blocks.tasks.made.inputs import n_bytes, named
from workbench.engine.numerics.random_streams import derived
from workbench.engine.roles.made import Maker, Source, source
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting

#: A class by its name, which may be a number.
_ClassName = Annotated[str, Field(max_length=1000)] | Annotated[int, Field(ge=-(2**31), lt=2**31)]


class Split(Maker):
    """A task with many classes, cut into tasks with a few of them each.

    Scenarios of van de Ven & Tolias 2019. class: one head over all classes, the task is not
    known; domain: one head that tells a task's first class from its second and so on, the task is
    not known; task: a head for each task, which is known. Examples stay in the split they are in.
    """

    key = "split"
    title = "Split by class"
    paper = "van de Ven & Tolias, Three scenarios for continual learning, 2019"
    link = "https://arxiv.org/abs/1904.07734"
    helps = "Lifelong learning on any data with classes: one task after the other."

    class Settings(Settings):
        """What is cut, into how many, and what the model is asked."""

        rules = (Rule("classes", "differ"),)

        of: Source = source(
            description="The family whose classes are cut into tasks, with its settings."
        )
        n_tasks: int = setting(5, "Number of tasks.", ge=1, le=1000, title="Tasks")
        scenario: Scenario = setting(
            "class", "Whether the task is known when the model is asked, and what it answers."
        )
        order: Literal["given", "seed"] = setting(
            "given",
            "Classes in the order in which they are listed, or drawn anew by each seed of the run.",
        )
        classes: list[_ClassName] = setting(
            [],
            "The classes that are learned, in their order; all of them if empty.",
            max_length=1000,
        )

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        (tasks,) = sources
        return [made for task in tasks for made in self._cut(task, len(tasks))]

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        return n_bytes(sources[0])

    def _cut(self, task: Task, n_sources: int) -> list[Task]:
        settings = self.settings
        codes = codes_of(task, settings.classes, "classes")
        self._require(task, len(codes))
        is_drawn = settings.order == "seed"
        if is_drawn:
            generator = torch.Generator().manual_seed(derived(self.seed, "order of classes"))
            codes = [codes[i] for i in torch.randperm(len(codes), generator=generator).tolist()]
        groups = cut(codes, settings.n_tasks)
        # Names are the same whatever is drawn: runs of several seeds are one experiment.
        words = [f"split-{i + 1}" for i in range(len(groups))]
        names = words if is_drawn else names_of(task, groups, "split")
        by_task = settings.scenario == "task"
        head = "" if by_task else f"{self.key} of {task.head_identity}"
        made = [
            named(with_classes(task, codes, settings.scenario, name), task, name, head, n_sources)
            for codes, name in zip(groups, names, strict=True)
        ]
        if is_drawn:
            told = "; ".join(
                f"{one.name}: {words_of(task, group)}"
                for one, group in zip(made, groups, strict=True)
            )
            notice = f"classes drawn by seed {self.seed}: {told}"
            made[0].notices = (*made[0].notices, notice)
        for one in made[1:]:
            one.notices = ()
        return made

    def _require(self, task: Task, n_classes: int) -> None:
        n_tasks, scenario = self.settings.n_tasks, self.settings.scenario
        if n_tasks > n_classes:
            message = f"{task.name} has {n_classes} classes: they make no {n_tasks} tasks"
            raise BadSpecError("n_tasks", message)
        if scenario == "domain" and n_classes % n_tasks:
            message = (
                f"with one head for all, tasks have equally many classes: n_tasks must divide "
                f"the {n_classes} of {task.name}; found {n_tasks}"
            )
            raise BadSpecError("n_tasks", message)
        if scenario != "class" and n_classes // n_tasks < 2:
            message = (
                f"a task with one class has nothing to tell apart: of the {n_classes} of "
                f"{task.name}, {n_tasks} tasks have one each; scenario class can have that"
            )
            raise BadSpecError("n_tasks", message)
