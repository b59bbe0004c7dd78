"""A made-up run that tells everything a run can tell, with any names."""

from collections.abc import Iterator, Sequence

import numpy as np

from tests.ui.adapted import KINDS, adapted
from tests.ui.fakes import probed
from workbench.spec.event import (
    Began,
    DriftDetected,
    Evaluated,
    Event,
    Finished,
    Intervened,
    Mapped,
    Noticed,
    Plotted,
    Reported,
    StageBegan,
    StageFacts,
    StepsDone,
    Structured,
    Table,
    TaskFacts,
    Written,
)
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.measures import summarise
from workbench.spec.shown.plane import Map, Plane
from workbench.spec.shown.samples import Pictures
from workbench.spec.shown.written import AnswerShares, WrittenTexts
from workbench.spec.structure import Edge, Node, Structure
from workbench.ui.model.run_model import RunModel

#: Steps of a stage.
STEPS = 40
#: A metric whose scores are also infinite, unknown and as large as a number can be.
UNBOUNDED = "unbounded"


def spec_of(names: Sequence[str], name: str = "A run", about: str = "") -> Spec:
    """A setup of so many tasks, one after the other."""
    tasks = tuple(TaskChoice(family="digits-split", task=task) for task in names)
    return Spec.model_validate(
        {"name": name, "about": about, "tasks": tasks, "curriculum": {"kind": "sequential"}}
    )


def whole_run(
    names: Sequence[str],
    metric: str = "accuracy",
    seed: int = 0,
    family: str = "digits-split",
    joint: bool = False,
    word: str = "",
) -> Iterator[Event]:
    """Every kind of event; `word` is part of whatever else has a name."""
    n, random = len(names), np.random.default_rng(seed)
    higher = metric == "accuracy"
    facts = tuple(
        TaskFacts(
            *(t, family, metric, higher, 0.1 if higher else None, t, "v", "c", 90, 9, 9),
            score_range=(0.0, 1.0) if higher else (None, None),
        )
        for t in names
    )
    each = tuple(StageFacts(t, (t,), STEPS) for t in names)
    stages = (StageFacts("all tasks", tuple(names), STEPS),) if joint else each
    yield Began(0, seed, facts, stages, 1000, 600, run_id=f"whole-{seed}")
    yield Structured(0, _structure(names, word))
    yield Evaluated(0, -1, "test", _scores(random, n, metric), _none(n), False)
    yield Plotted(0, tuple(_plane(task, word) for task in names))
    yield from _adapted(names, 0, -1, word, ends_stage=False)
    rows: list[np.ndarray] = []
    for at, stage in enumerate(stages):
        yield StageBegan(at * STEPS, at)
        active = np.array([task in stage.tasks for task in names])
        for end in range(at * STEPS + 10, (at + 1) * STEPS + 1, 10):
            losses = np.where(active, random.random((10, n)) + 0.1, np.nan).astype(np.float32)
            rates = np.full(10, 0.001, np.float32)
            yield StepsDone(end, losses, np.ones((10, n), np.float32), rates, 0.01)
            if n > 1:
                yield probed(end, np.ones(n, dtype=bool), True)
            yield Evaluated(end, at, "val", _scores(random, n, metric), _none(n), False)
            if end < (at + 1) * STEPS:
                yield from _adapted(names, end, at, word, ends_stage=False)
        end = (at + 1) * STEPS
        rows.append(_scores(random, n, metric))
        yield Evaluated(end, at, "test", rows[-1], _none(n), True)
        yield from _reports(end, names, word)
        yield Mapped(end, at, tuple(_map(task) for task in names), False)
        yield from _adapted(names, end, at, word, ends_stage=True)
        yield _written(names, end, at, word)
    end = len(stages) * STEPS
    yield Intervened(end, names[0], 2.0)
    yield DriftDetected(end, names[0], "adwin")
    yield Noticed(end, f"balancing{word}", f"gave up on {names[0]}")
    matrix, learned = np.stack(rows), [stage.tasks for stage in stages]
    summary = summarise(matrix, rows[0], learned, list(names), [higher] * n)
    scores: dict[str, dict[str, float | None]] = {
        task: {metric: float(value)} for task, value in zip(names, rows[-1], strict=True)
    }
    yield Finished(end, "done", matrix, rows[0], scores, summary, 1.0, 0.5)


def whole_model(
    names: Sequence[str], metric: str = "accuracy", seed: int = 0, joint: bool = False
) -> RunModel:
    """What the window keeps of such a run."""
    return RunModel.of(whole_run(names, metric, seed, joint=joint), seed, spec_of(names))


def _scores(random: np.random.Generator, n: int, metric: str = "accuracy") -> np.ndarray:
    if metric == UNBOUNDED:
        return random.choice(np.array([np.inf, -np.inf, np.nan, 3e38, -3e38, 0.5], np.float32), n)
    return random.random(n).astype(np.float32)


def _none(n: int) -> np.ndarray:
    return np.full(n, np.nan, dtype=np.float32)


def _structure(names: Sequence[str], word: str) -> Structure:
    tasks = tuple(names)
    experts = [f"expert {word}{i}" for i in range(2)]
    nodes = [Node("x", "input", 0, f"x{word}", tasks)]
    nodes += [Node(e, "expert", 1, e, tasks, 100, detail=f"MLP {word}") for e in experts]
    nodes += [Node(f"g {t}", "gate", 2, t, (t,), 9) for t in tasks]
    nodes += [Node(f"h {t}", "head", 3, t, (t,), 20) for t in tasks]
    edges = [Edge("x", e) for e in experts]
    edges += [Edge(f"g {t}", f"h {t}") for t in tasks]
    edges += [Edge(e, f"g {t}", "flow", "gates", t, e) for e in experts for t in tasks]
    return Structure(tasks, tuple(nodes), tuple(edges))


def _plane(task: str, word: str) -> Plane:
    points = np.array([[0.2, 0.3], [0.7, 0.8]], dtype=np.float32)
    classes = np.array([0, 1], dtype=np.uint8)
    names = (f"no{word}", f"yes{word}")
    return Plane(task, (f"x{word}", f"y{word}"), names, (0.0, 1.0), (0.0, 1.0), points, classes)


def _map(task: str) -> Map:
    classes = np.zeros((8, 8), dtype=np.uint8)
    classes[:, 4:] = 1
    return Map(task, classes, np.full((8, 8), 230, dtype=np.uint8))


def _adapted(
    names: Sequence[str], step: int, stage: int, word: str, *, ends_stage: bool
) -> Iterator[Event]:
    words = (f"first {word}", f"second {word}", word)
    for i, task in enumerate(names):
        kind, references = KINDS[i % len(KINDS)], ((f"guess {word}", 0.3),)
        told = {"stage": stage, "ends_stage": ends_stage, "words": words}
        yield adapted(task, step, kind, references=references, **told)


def _written(names: Sequence[str], step: int, stage: int, word: str) -> Written:
    pairs = [(t, f"en{word}", f"{t}{word}") for t in names]
    read, right, wrong = (f"one {word}", word), (f"eins {word}", word), (f"{word} zwei", word)
    texts = tuple(WrittenTexts(*pair, read, right, wrong) for pair in pairs)
    shares = tuple(AnswerShares(*pair, 0.5, 0.25, 0.25, 8, bool(i)) for i, pair in enumerate(pairs))
    return Written(step, stage, "test", True, texts, shares)


def _reports(step: int, names: Sequence[str], word: str) -> Iterator[Event]:
    def table(name: str, rows: Sequence[str], columns: Sequence[str]) -> Table:
        values = np.linspace(0.1, 1.0, len(rows) * len(columns), dtype=np.float32)
        values = values.reshape(len(rows), len(columns))
        return Table(name, tuple(rows), tuple(columns), values, f"of {word}", f"how {word}")

    experts = [f"expert {word}{i}" for i in range(2)]
    images = np.arange(2 * 64, dtype=np.uint8).reshape(2, 8, 8)
    pictures = tuple(Pictures(task, images, (f"0{word}", f"1{word}")) for task in names)
    held = table("memory", [*(f"{t} · 0" for t in names), "all"], ["examples", "bytes", "age"])
    yield Reported(step, "sharing", (table("gates", names, experts),))
    yield Reported(step, "retention", (held,), pictures)
    layers = [f"layer-{word}{i}" for i in range(2)]
    yield Reported(step, "representation", (table("likeness", layers, names),))
