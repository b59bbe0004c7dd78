"""Stand-ins for the runner and the history, and a small catalogue, for tests of the window."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.spec.command import Command, Pause, Resume, SetRate, SetWeight, StepOnce, Stop
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.event import (
    Began,
    Diverged,
    Evaluated,
    Event,
    Failed,
    Finished,
    Intervened,
    Probed,
    StageBegan,
    StageFacts,
    StepsDone,
    TaskFacts,
)
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.experiments.flat_settings import Value, flat_settings
from workbench.spec.experiments.job import Job
from workbench.spec.experiments.task_names import run_names
from workbench.spec.fingerprint import fingerprint
from workbench.spec.measures import summarise
from workbench.spec.question import ListTasks, Question, RefusedError, Tell
from workbench.spec.run_row import RunRow
from workbench.spec.score import Score
from workbench.ui.services.history_backend import DeletedRun, RunRecord


def schema(**properties: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a settings model with these fields."""
    return {"type": "object", "properties": properties}


def number(default: float, description: str, **bounds: Any) -> dict[str, Any]:
    """A field for a number."""
    kind = "integer" if isinstance(default, int) else "number"
    return {"type": kind, "default": default, "description": description, **bounds}


def entries() -> Catalogue:
    """A catalogue like the real one, with one method that cannot be used."""
    result = [
        Entry(
            "tasks",
            "digits-attributes",
            "Digits: attributes",
            "Five questions about one picture of a digit.",
            paper="scikit-learn, Optical recognition of handwritten digits",
            helps="A quick look at tasks that share an input.",
            tasks=("digit", "parity", "at-least-five", "prime", "has-loop"),
        ),
        Entry(
            "tasks",
            "digits-split",
            "Digits: split",
            "The ten digits cut into tasks of a few classes each.",
            gives=("varying-tasks",),
            tasks=("0-1", "2-3", "4-5", "6-7", "8-9"),
            settings=schema(
                n_tasks=number(5, "Number of tasks; it divides ten.", minimum=1, maximum=10),
                scenario={
                    "type": "string",
                    "enum": ["class", "domain", "task"],
                    "default": "class",
                    "description": "Whether the task is known when the model is asked.",
                },
            ),
        ),
        Entry("curriculum", "joint", "Joint", "All tasks at once.", gives=()),
        Entry(
            "curriculum",
            "sequential",
            "Sequential",
            "One task after the other.",
            gives=("stages",),
            helps="To see what is forgotten.",
        ),
        Entry(
            "encoder",
            "mlp",
            "MLP",
            "Layers of units with ReLU between them.",
            formula="h ← ReLU(W h + b)",
            settings=schema(
                hidden={
                    "type": "array",
                    "items": {"type": "integer", "minimum": 1},
                    "default": [128, 128],
                    "description": "Units in each hidden layer.",
                },
                dropout=number(0.0, "Share of units left out.", minimum=0, exclusiveMaximum=1),
            ),
        ),
        Entry(
            "sharing",
            "hard",
            "Hard",
            "One trunk, a head a task.",
            paper="Caruana, Multitask Learning, 1997",
            link="https://doi.org/10.1023/A:1007379606734",
            gives=("shared-parameters",),
        ),
        Entry("sharing", "separate", "Separate", "One network a task: the baseline."),
        Entry(
            "balancing",
            "fixed",
            "Fixed weights",
            "The weights you set.",
            formula="L = Σᵢ wᵢ Lᵢ",
        ),
        Entry(
            "balancing",
            "pcgrad",
            "PCGrad",
            "Takes out of each gradient what conflicts with another.",
            formula="gᵢ ← gᵢ − (gᵢ·gⱼ / ‖gⱼ‖²) gⱼ   where gᵢ·gⱼ < 0",
            paper="Yu et al., Gradient Surgery for Multi-Task Learning, NeurIPS 2020",
            link="https://arxiv.org/abs/2001.06782",
            helps="When the gradients of tasks point apart and differ in length.",
            needs=("shared-parameters",),
            settings=schema(
                normalise={
                    "type": "boolean",
                    "default": False,
                    "description": "Scale so that the weights sum to the number of tasks.",
                }
            ),
        ),
        Entry("balancing", "torn", "Torn", "A module that broke.", broken="No module named 'qp'"),
        Entry("retention", "none", "None", "Plain fine-tuning: the lower bound."),
        Entry(
            "retention",
            "replay",
            "Replay",
            "Keeps some examples and shows them again.",
            needs=("stages",),
            settings=schema(
                memory=number(200, "Examples kept in all.", minimum=1, unit="examples"),
                balanced={"type": "boolean", "default": True, "description": "Same for each."},
            ),
        ),
        Entry(
            "retention",
            "ewc",
            "EWC",
            "Holds on to the parameters that mattered.",
            formula="L + (λ/2) Σ F (θ − θ*)²",
            needs=("stages", "single-update"),
            settings=schema(
                strength=number(100.0, "λ: how strongly the past is held.", minimum=0),
            ),
        ),
        Entry("learner", "gradient", "Gradient", "One step a batch.", gives=("single-update",)),
    ]
    return {(entry.role, entry.key): entry for entry in result}


def tasks_of(choice: TaskChoice) -> list[str]:
    """The tasks of one entry, as the engine would list them."""
    if choice.family == "digits-split":
        n = int(choice.settings.get("n_tasks", 5))
        size = 10 // n
        return [f"{i * size}-{i * size + size - 1}" for i in range(n)]
    return [choice.task] if choice.task else [*entries()[("tasks", choice.family)].tasks]


def probed(step: int, active: Any, has_affinity: bool = False) -> Probed:
    """A made-up probe of the tasks that are active: 0 and 1 fight the most, always."""
    n = len(active)
    angles = np.linspace(0.0, 0.5 * np.pi, n) + 0.1 * np.sin(step)
    angles[:2] = 0.0, (0.75 + 0.05 * np.sin(step)) * np.pi
    cosines = np.cos(angles[:, None] - angles[None, :]).astype(np.float32)
    cosines[~np.outer(active, active)] = np.nan
    norms = np.where(active, np.arange(1.0, n + 1), np.nan).astype(np.float32)
    layers = ("all", "trunk.0", "trunk.1")
    table = 0.01 * cosines + 0.001 * np.tri(n, dtype=np.float32)
    empty = np.zeros((0, 0), dtype=np.float32)
    affinity = table.astype(np.float32) if has_affinity else empty
    scaled = np.stack([cosines, cosines, -cosines])
    return Probed(step, layers, scaled, np.stack([norms, norms, 2 * norms]), affinity)


def facts_of(spec: Spec) -> tuple[TaskFacts, ...]:
    """What a made-up run of `spec` tells of its tasks."""
    tasks = [(i, own) for i, choice in enumerate(spec.tasks) for own in tasks_of(choice)]
    names = run_names([(spec.tasks[i].family, own) for i, own in tasks])
    return tuple(
        TaskFacts(
            name,
            spec.tasks[i].family,
            *("accuracy", True, 0.1, "head", "pixels", "classes", 1257, 180, 360),
            weight=spec.tasks[i].weight,
            entry=i,
            own_name=own,
            score_range=(0.0, 1.0),
        )
        for name, (i, own) in zip(names, tasks, strict=True)
    )


class FakeRunner:
    """Tells made-up runs: losses that fall, scores that rise and are forgotten.

    `pace_s` is waited after each block of ten steps; `hold_at` is a step before which the run
    waits until it is stopped or let go.
    """

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        pace_s: float = 0.0,
        steps: int = 60,
        hold_at: int | None = None,
        ending: str = "done",
        keeps: float = 0.15,
    ) -> None:
        self._catalogue = entries() if catalogue is None else catalogue
        self.pace_s, self.steps, self.hold_at = pace_s, steps, hold_at
        self.ending, self.keeps = ending, keeps
        self.sent: list[Command] = []
        self.sent_to: list[int | None] = []
        self.at_once = 1
        self.n_children: int | None = None
        self._is_over = False
        self.n_closed = self.n_warmed = self.n_cancelled = 0
        self.asked: list[Question] = []
        self.answers: dict[type[Question], Any] = {}
        self.runs: list[tuple[Spec, int]] = []
        self.resumed: list[Path] = []
        self._news = threading.Condition()
        self._is_paused = self._is_stopped = False
        self._n_single = 0
        self._changes: list[Command] = []

    def warm(self) -> None:
        """Note that a run is expected."""
        self.n_warmed += 1

    def catalogue(self) -> Catalogue:
        """The small catalogue."""
        return self._catalogue

    def send(self, command: Command, number: int | None = None) -> None:
        """Note and obey a command."""
        with self._news:
            self.sent.append(command)
            self.sent_to.append(number)
            match command:
                case Pause():
                    self._is_paused = True
                case Resume():
                    self._is_paused = False
                case StepOnce():
                    self._n_single += 1
                case Stop():
                    self._is_stopped = True
                case SetWeight() | SetRate():
                    self._changes.append(command)
            self._news.notify_all()

    def ask(self, question: Question, tell: Tell | None = None) -> Any:
        """What `answers` holds for this kind of question, worked out if it is a function."""
        with self._news:
            self.asked.append(question)
        if isinstance(question, ListTasks) and ListTasks not in self.answers:
            return facts_of(question.spec)
        answer = self.answers.get(type(question), RefusedError("nobody knows"))
        if callable(answer):
            answer = answer(question, tell)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def cancel(self) -> None:
        """Note that an answer is no longer wanted."""
        with self._news:
            self.n_cancelled += 1
            self._news.notify_all()

    def let_go(self) -> None:
        """Go on from `hold_at`."""
        with self._news:
            self.hold_at = None
            self._news.notify_all()

    def close(self) -> None:
        """End what goes on."""
        self.n_closed += 1
        self.send(Stop())

    def resume(self, folder: Path) -> Iterator[Event]:
        """A run from its beginning, in the place of one that goes on."""
        self.resumed.append(folder)
        from tests.ui.specs import sequential_spec

        return self.run(sequential_spec(), 0)

    def run_all(
        self, jobs: Sequence[Job], n_children: int | None = None
    ) -> Iterator[tuple[int, Event]]:
        """The jobs one after the other, or side by side, an event of each in turn."""
        self.n_children, self._is_over = n_children, False
        return self._in_turn(jobs, self.at_once)

    def _in_turn(self, jobs: Sequence[Job], at_once: int) -> Iterator[tuple[int, Event]]:
        waiting = enumerate(jobs)
        going: dict[int, Iterator[Event]] = {}
        while True:
            while len(going) < at_once and not self._is_over:
                number, job = next(waiting, (-1, None))
                if job is None:
                    break
                going[number] = (
                    self.run(job.spec, job.seed) if job.folder is None else self.resume(job.folder)
                )
            if not going:
                return
            for number, events in list(going.items()):
                event = next(events, None)
                if event is None:
                    del going[number]
                else:
                    yield number, event

    def stop(self) -> None:
        """Begin no further run, and end what goes on."""
        self._is_over = True
        self.send(Stop())

    def run(self, spec: Spec, seed: int) -> Iterator[Event]:
        """A made-up run of `spec`."""
        self.runs.append((spec, seed))
        self._is_stopped = self._is_over
        self._is_paused = False
        self._changes.clear()
        yield from self._events(spec, seed)

    def _events(self, spec: Spec, seed: int) -> Iterator[Event]:
        random = np.random.default_rng(seed)
        tasks = facts_of(spec)
        names = [task.name for task in tasks]
        is_joint = spec.curriculum.kind == "joint"
        stages = (
            (StageFacts("all tasks", tuple(names), self.steps),)
            if is_joint
            else tuple(StageFacts(name, (name,), self.steps) for name in names)
        )
        weights = np.array([task.weight for task in tasks], dtype=np.float32)
        shared = 0 if spec.sharing.kind == "separate" else 24_832
        yield Began(0, seed, tasks, stages, 25_098, shared, run_id=f"fake-{seed}")
        learned = np.zeros(len(names))
        baseline = (0.1 + 0.05 * random.random(len(names))).astype(np.float32)
        rows = [baseline]
        nothing = np.full(len(names), np.nan, dtype=np.float32)
        yield Evaluated(0, -1, "test", baseline, nothing, False)
        step = 0
        for number_, stage in enumerate(stages):
            yield StageBegan(step, number_)
            active = np.array([name in stage.tasks for name in names])
            done = 0
            while done < stage.steps:
                yield from self._between(step, names, weights)
                if self._is_stopped:
                    yield self._finished("stopped", step, rows, stages, names)
                    return
                n = min(10, stage.steps - done)
                grown = 1 - np.exp(-4.0 * n / stage.steps)
                learned = np.where(
                    active,
                    learned + (0.98 - learned) * grown,
                    learned * (1 - (1 - self.keeps) * 2.2 * n / stage.steps * (learned > 0.02)),
                )
                spread = 0.12 * random.standard_normal((n, len(names)))
                losses = np.maximum(2.3 * (1 - learned) + spread * (1.2 - learned), 0.01)
                losses = np.where(active, losses, np.nan).astype(np.float32)
                step, done = step + n, done + n
                rates = np.full(n, spec.optimizer.lr, dtype=np.float32)
                yield StepsDone(step, losses, np.tile(weights, (n, 1)), rates, n / 2400)
                every = spec.probes.every if shared and active.sum() > 1 else 0
                if every and done % every == 0:
                    yield probed(step, active, spec.probes.affinity)
                if done % 20 == 0:
                    scores = self._scores(learned, baseline, random)
                    yield Evaluated(step, number_, "val", scores, nothing, False)
                if self.pace_s:
                    time.sleep(self.pace_s)
                if self.ending == "diverged" and step >= 30:
                    yield Diverged(step, names[0], "loss is nan")
                    return
                if self.ending == "failed" and step >= 30:
                    yield Failed(step, "the child process was killed", "Traceback: …")
                    return
            rows.append(self._scores(learned, baseline, random))
            yield Evaluated(step, number_, "test", rows[-1], nothing, True)
        yield self._finished("done", step, rows, stages, names)

    def _between(self, step: int, names: list[str], weights: Any) -> Iterator[Event]:
        with self._news:
            while not self._is_stopped and (
                (self._is_paused and not self._n_single) or self.hold_at == step
            ):
                self._news.wait()
            self._n_single = max(self._n_single - 1, 0)
            changes, self._changes = list(self._changes), []
        for change in changes:
            if isinstance(change, SetWeight):
                weights[names.index(change.task)] = change.value
                yield Intervened(step, change.task, change.value)
            elif isinstance(change, SetRate):
                yield Intervened(step, None, change.value)

    def _scores(self, learned: Any, baseline: Any, random: Any) -> Any:
        noise = 0.01 * random.standard_normal(len(learned))
        return np.clip(baseline + (0.99 - baseline) * learned + noise, 0, 1).astype(np.float32)

    def _finished(
        self, status: Any, step: int, rows: list[Any], stages: Any, names: list[str]
    ) -> Finished:
        matrix = np.array(rows[1:], dtype=np.float32).reshape(len(rows) - 1, len(names))
        summary = summarise(matrix, rows[0], [s.tasks for s in stages], names, [True] * len(names))
        return Finished(step, status, matrix, rows[0], {}, summary, 2.5, step / 2400)


@dataclass(frozen=True, slots=True)
class FakeRow(RunRow):
    """A line of the history, mostly filled in."""

    name: str = "See forgetting"
    seed: int = 0
    status: str = "done"
    started: str = "2026-03-01T10:20:30+00:00"
    seconds: float | None = 12.4
    steps: int = 2000
    acc: float | None = 0.213
    forgetting: float | None = 0.912
    bwt: float | None = -0.905
    path: str = ""
    learning_accuracy: float | None = 0.987


class FakeHistory:
    """A history in memory."""

    def __init__(self, rows: list[FakeRow] | None = None, resumable: bool = True) -> None:
        self._rows = list(rows or [])
        self.recorded: dict[str, RunRecord] = {}
        self.resumable = resumable
        self.saved: dict[str, list[int]] = {}
        self.deleted: dict[DeletedRun, FakeRow] = {}
        self.reached: dict[tuple[str, int], Sequence[Score]] = {}

    def scores(self, spec: Spec, seed: int) -> Sequence[Score] | None:
        """What a run of this setup reached, if it was noted in `reached`."""
        return self.reached.get((fingerprint(spec), seed))

    def rows(self) -> list[FakeRow]:
        """Every run."""
        return list(self._rows)

    def read(self, folder: Path) -> RunRecord:
        """One run."""
        return self.recorded[str(folder)]

    def known_rows(self) -> list[FakeRow]:
        """Nothing: it was never looked at."""
        return []

    def settings(self, rows: Sequence[RunRow]) -> dict[str, Mapping[str, Value]]:
        """The settings of the runs that can be read."""
        return {
            row.path: flat_settings(self.recorded[row.path].spec)
            for row in rows
            if row.path in self.recorded
        }

    def look(self, going_on: Sequence[str]) -> object:
        """How many runs there are."""
        del going_on
        return len(self._rows)

    def label(self, folder: Path, changes: Mapping[str, Any]) -> None:
        """Star, tag or name a run."""
        self._rows = [
            replace(row, **changes) if row.path == str(folder) else row for row in self._rows
        ]

    def delete(self, folder: Path) -> DeletedRun:
        """Move a run to the trash."""
        (row,) = [row for row in self._rows if row.path == str(folder)]
        if row.status == "running":
            raise OSError(f"{row.run_id} is being recorded")
        self._rows.remove(row)
        deleted = DeletedRun(f"/trash/{row.run_id}", row.path, "2026-03-02T00:00:00+00:00")
        self.deleted[deleted] = row
        return deleted

    def trash(self) -> list[DeletedRun]:
        """What is in the trash."""
        return list(reversed(self.deleted))

    def restore(self, deleted: DeletedRun) -> None:
        """Put a run back."""
        self._rows.insert(0, self.deleted.pop(deleted))

    def empty_trash(self, chosen: Sequence[DeletedRun]) -> None:
        """Forget runs of the trash."""
        for one in chosen:
            del self.deleted[one]

    def add(self, row: FakeRow) -> None:
        """A run that another program made."""
        self._rows.insert(0, row)

    def starts(self, folder: Path) -> list[int]:
        """The steps at which a run was saved."""
        return self.saved.get(str(folder), [])

    def can_resume(self, folder: Path) -> bool:
        """Whether there is a checkpoint."""
        return self.resumable
