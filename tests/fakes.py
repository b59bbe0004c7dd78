"""Synthetic runs: the events a real run would tell, without training anything."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.spec.command import Command, Stop
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.event import (
    Began,
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Floats,
    StageBegan,
    StageFacts,
    StepsDone,
    TaskFacts,
)
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import Job
from workbench.spec.experiments.resources import Resources
from workbench.spec.measures import summarise
from workbench.spec.question import Columns, ListTasks, Question, RefusedError, Tell
from workbench.spec.user_files.file_facts import FileFacts
from workbench.store import run as store

TASKS = ("first", "second")
STAGE_STEPS = 20


def facts(name: str) -> TaskFacts:
    """A classification task called `name`."""
    return TaskFacts(
        name=name,
        family="fake",
        metric="accuracy",
        higher_is_better=True,
        chance=0.5,
        head=name,
        input="Vector(4)",
        output="Classes(2)",
        n_train=100,
        n_val=10,
        n_test=10,
        score_range=(0.0, 1.0),
    )


def began(seed: int = 0, step: int = 0) -> Began:
    """Two stages, one task each."""
    return Began(
        step=step,
        seed=seed,
        tasks=tuple(facts(name) for name in TASKS),
        stages=tuple(StageFacts(name, (name,), STAGE_STEPS) for name in TASKS),
        parameters=100,
        shared_parameters=60,
    )


def block(first: int, end: int, seed: int = 0) -> StepsDone:
    """Steps `first` to `end` − 1 with losses that depend on the step and the seed alone."""
    steps = np.arange(first, end, dtype=np.float32)
    losses = np.stack([np.exp(-steps / 7) + seed, np.full_like(steps, np.nan)], axis=1)
    weights = np.stack([np.ones_like(steps), steps / np.float32(3)], axis=1)
    return StepsDone(end, losses, weights, np.full_like(steps, 0.001), (end - first) / 1000)


def row(stage: int) -> Floats:
    """A row of the [stage, task] matrix."""
    rows = {-1: (0.1, 0.2), 0: (0.9, 0.3), 1: (0.6, 0.95)}
    return np.asarray(rows[stage], dtype=np.float32)


def finished(seed: int = 0, status: str = "done", step: int = 2 * STAGE_STEPS) -> Finished:
    """The end of a run whose stages all ended, or of one that was stopped in the first."""
    is_done = status == "done"
    matrix = np.stack([row(0), row(1)]) if is_done else np.zeros((0, 2), dtype=np.float32)
    return Finished(
        step=step,
        status="done" if is_done else "stopped",
        matrix=matrix,
        baseline=row(-1),
        scores={
            task: {"accuracy": float(score) + seed / 100, "auroc": None}
            for task, score in zip(TASKS, row(1), strict=True)
        },
        summary=summarise(matrix, row(-1), [(name,) for name in TASKS], TASKS, [True, True]),
        seconds=2.5,
        train_seconds=0.04,
    )


def evaluated(step: int, stage: int, *, ends_stage: bool) -> Evaluated:
    """A row on the test split."""
    losses = np.asarray([np.nan, np.inf], dtype=np.float32)
    return Evaluated(step, stage, "test", row(stage), losses, ends_stage)


def run(seed: int = 0, from_step: int = 0) -> Iterator[Event]:
    """A whole run, with a checkpoint in the middle of the first stage and after it.

    `from_step` is 0, 10 or 20: what a run resumed there tells.
    """
    yield began(seed, from_step)
    if from_step == 0:
        yield evaluated(0, -1, ends_stage=False)
        yield StageBegan(0, 0)
        yield block(0, 7, seed)
        yield block(7, 10, seed)
        yield CheckpointSaved(10)
    if from_step <= 10:
        yield block(10, 20, seed)
        yield evaluated(20, 0, ends_stage=True)
        yield CheckpointSaved(20)
    yield StageBegan(20, 1)
    yield block(20, 40, seed)
    yield evaluated(40, 1, ends_stage=True)
    yield CheckpointSaved(40)
    yield finished(seed)


def entry(role: str, key: str, **more: Any) -> Entry:
    """A catalogue entry; `settings` are the properties of its JSON Schema."""
    properties = more.pop("settings", {})
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return Entry(role, key, key.title(), f"What {key} does.", settings=schema, **more)


CATALOGUE: Catalogue = {
    (found.role, found.key): found
    for found in (
        entry("tasks", "fake", tasks=TASKS),
        entry("tasks", "broken", broken="ImportError: no module"),
        entry("curriculum", "joint"),
        entry("curriculum", "sequential", gives=("stages",)),
        entry(
            "encoder",
            "mlp",
            settings={
                "hidden": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 1},
                    "maxItems": 3,
                    "default": [8],
                    "description": "Widths.",
                    "unit": "units",
                },
                "activation": {"enum": ["relu", "tanh"], "default": "relu"},
                "rate": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}]},
                "size": {"type": "number", "exclusiveMinimum": 0, "default": 1.5},
            },
        ),
        entry("sharing", "hard", gives=("shared-parameters",)),
        entry("sharing", "separate"),
        entry("balancing", "fixed"),
        entry(
            "balancing",
            "pcgrad",
            formula="d = Σᵢ gᵢ",
            paper="Yu 2020",
            link="https://arxiv.org/abs/2001.06782",
            needs=("shared-parameters",),
            settings={"normalise": {"type": "boolean", "default": False}},
        ),
        entry("retention", "none"),
        entry(
            "retention",
            "replay",
            needs=("stages",),
            settings={"memory": {"type": "integer", "minimum": 1, "default": 200}},
        ),
        entry("learner", "gradient", gives=("single-update",)),
        entry("metric", "accuracy", gives=("score-zero",)),
    )
}


class Runner:
    """Records what `told` tells, given the seed, as a real runner would."""

    def __init__(self, told: Callable[[int], Iterable[Event]] = run) -> None:
        self.told = told
        self.specs: list[Spec] = []
        self.commands: list[Command] = []
        self.is_closed = False
        self.asked: list[Question] = []
        self.refusal = RefusedError("nobody knows")
        self.answers: dict[type[Question], Any] = {}

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        """A new run."""
        self.specs.append(spec)
        yield from store.record(self.told(seed), store.create(spec, seed, root))

    def resume(self, folder: Path) -> Iterator[Event]:
        """Go on with a run from step 10."""
        yield from store.record(run(store.read(folder).seed, from_step=10), folder)

    def ask(self, question: Question, tell: Tell | None = None) -> Any:
        """Nothing is known."""
        self.asked.append(question)
        if type(question) in self.answers:
            return self.answers[type(question)]
        if isinstance(question, ListTasks):
            chosen = [
                (i, name)
                for i, choice in enumerate(question.spec.tasks)
                for name in ([choice.task] if choice.task else TASKS)
            ]
            return tuple(replace(facts(name), entry=i) for i, name in chosen)
        raise self.refusal

    def send(self, command: Command) -> None:
        """Remember what was asked."""
        self.commands.append(command)

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True


class Pool:
    """Runs `runner` side by side: an event of each in turn."""

    def __init__(self, runner: Runner, n_children: int) -> None:
        self.runner = runner
        self.n_children = n_children
        self.jobs: list[Job] = []
        self.most_at_once = 0
        self.is_stopped = False
        self.is_closed = False

    def limit(self, n_children: int) -> None:
        """Run no more at once."""
        self.n_children = n_children

    def ask(self, question: Question) -> Any:
        """What the runner knows."""
        return self.runner.ask(question)

    def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
        """The events of all jobs in turn."""
        waiting = enumerate(jobs)
        going: dict[int, Iterator[Event]] = {}
        while True:
            while len(going) < self.n_children and not self.is_stopped:
                number, job = next(waiting, (-1, None))
                if job is None:
                    break
                self.jobs.append(job)
                going[number] = (
                    self.runner.run(job.spec, job.seed, job.root)
                    if job.folder is None
                    else self.runner.resume(job.folder)
                )
            self.most_at_once = max(self.most_at_once, len(going))
            if not going:
                return
            for number, events in list(going.items()):
                event = next(events, None)
                if event is None:
                    del going[number]
                else:
                    yield number, event

    def send(self, command: Command, number: int | None = None) -> None:
        """Remember what was asked."""
        self.runner.send(command)

    def stop(self) -> None:
        """Begin no further run; those that go on are told."""
        self.is_stopped = True
        self.runner.send(Stop())

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True


class Services:
    """Everything that the command line asks for, faked."""

    def __init__(self, runner: Runner | None = None) -> None:
        self.fake_runner = runner or Runner()
        self.pools: list[Pool] = []
        self.addresses: list[str] = []
        self.resources: list[Resources | None] = []
        self.opened: list[str | None] = []
        self.in_process: list[bool] = []

    def first_look(self, question: Columns) -> FileFacts | None:
        """Nothing is known of files."""
        del question
        return None

    def catalogue(self) -> Catalogue:
        """The fake catalogue."""
        return CATALOGUE

    def runner(self) -> Runner:
        """The fake runner."""
        return self.fake_runner

    def pool(self, n_children: int) -> Pool:
        """A fake pool of the fake runner."""
        self.pools.append(Pool(self.fake_runner, n_children))
        return self.pools[-1]

    def cluster(
        self, address: str, n_children: int | None, resources: Resources | None = None
    ) -> Pool:
        """A fake pool, whatever the address."""
        self.addresses.append(address)
        self.resources.append(resources)
        return self.pool(n_children or 1)

    def window(self, preset: str | None, *, in_process: bool = False) -> int:
        """Remember what was opened, and how."""
        self.opened.append(preset)
        self.in_process.append(in_process)
        return 0
