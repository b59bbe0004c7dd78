"""Of runs: the curves and the matrix of an experiment, over its seeds."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.publish.figures.chart import Line, Numbers, interval_chart, line_chart
from workbench.publish.figures.grid import matrix_chart
from workbench.publish.record import Record, done_of, one_a_seed
from workbench.spec.event import Evaluated
from workbench.study.interval import estimate
from workbench.study.spread import Spread, spread_of

#: A curve of losses has at most so many points, each a mean.
_POINTS = 300


def figures_of(experiment: str, chosen: Sequence[Record]) -> Iterator[tuple[str, str, str]]:
    """Name, caption and SVG of each figure of one experiment's runs that began."""
    runs = done_of(chosen) or [record for record in one_a_seed(chosen) if record.tasks]
    names = [[task.name for task in record.tasks] for record in runs]
    runs = [record for record, of_run in zip(runs, names, strict=True) if of_run == names[0]]
    if not runs:
        return
    tasks = runs[0].tasks
    is_share = all(task.is_share for task in tasks)
    stages = _stage_ends(runs[0])
    seeds = f"mean of {len(runs)} seeds, band: {Spread.INTERVAL}" if len(runs) > 1 else "one seed"
    scores = _score_lines(runs)
    if any(len(each.x) > 1 for each in scores):
        metrics = ", ".join(dict.fromkeys(task.metric for task in tasks))
        caption = f"Score of each task on the validation split while it is trained ({seeds})."
        yield (
            "scores",
            caption + (" Dashed: a stage ends." if stages else ""),
            line_chart(scores, f"{experiment}: validation scores", "step", metrics, stages,
                       is_share=is_share),
        )  # fmt: skip
    losses, n_steps = _loss_lines(runs)
    if losses:
        caption = f"Training loss of each task ({seeds}); a point is a mean of {n_steps:,} steps."
        if n_steps == 1:
            caption = f"Training loss of each task at each step ({seeds})."
        yield "losses", caption, line_chart(losses, f"{experiment}: losses", "step", "loss", stages)
    ended = [record for record in runs if len(record.matrix) == len(record.stages)]
    if ended and len(ended[0].stages) > 1:
        yield "matrix", *_matrix(experiment, ended, is_share=is_share)


def _stage_ends(record: Record) -> list[float]:
    ends = np.cumsum([stage.steps for stage in record.stages]).tolist()
    return [float(end) for end in ends[:-1]]


def _score_lines(runs: Sequence[Record]) -> list[Line]:
    """The validation scores, at the steps at which any of the runs was evaluated."""
    events = [[e for e in run.events(Evaluated) if e.split == "val"] for run in runs]
    steps = sorted({event.step for of_run in events for event in of_run})
    place = {step: i for i, step in enumerate(steps)}
    values = np.full((len(runs), len(steps), len(runs[0].tasks)), np.nan)
    for s, of_run in enumerate(events):
        for event in of_run:
            values[s, place[event.step]] = event.scores
    return _lines(runs[0], np.asarray(steps, dtype=np.float64), values)


def _loss_lines(runs: Sequence[Record]) -> tuple[list[Line], int]:
    """The losses as means over stretches of steps, and how long a stretch is."""
    last = max((int(run.series.steps[-1]) + 1 for run in runs if len(run.series.steps)), default=0)
    if not last:
        return [], 1
    n_steps = -(-last // _POINTS)
    n_points = -(-last // n_steps)
    values = np.full((len(runs), n_points, len(runs[0].tasks)), np.nan)
    for s, run in enumerate(runs):
        at = run.series.steps // n_steps
        for j in range(values.shape[2]):
            losses = run.series.losses[:, j].astype(np.float64)
            known = np.isfinite(losses)
            n = np.bincount(at[known], minlength=n_points)
            with np.errstate(invalid="ignore"):
                values[s, :, j] = np.bincount(at[known], losses[known], n_points) / n
    x = np.asarray((np.arange(n_points) + 0.5) * n_steps - 0.5, dtype=np.float64)
    return _lines(runs[0], x, values), n_steps


def _lines(record: Record, x: Numbers, values: NDArray[np.float64]) -> list[Line]:
    """A line a task, of values [S, N, T]."""
    bounds = spread_of(values, Spread.INTERVAL)
    return [
        Line(task.name, x, bounds.mean[:, j], bounds.low[:, j], bounds.high[:, j])
        for j, task in enumerate(record.tasks)
    ]


def _matrix(experiment: str, runs: Sequence[Record], *, is_share: bool) -> tuple[str, str]:
    tasks = runs[0].tasks
    rows = np.stack([np.concatenate([r.baseline[None, :], r.matrix]) for r in runs])
    mean = spread_of(rows, Spread.INTERVAL).mean
    names = ["before training", *(f"after {stage.name}" for stage in runs[0].stages)]
    seeds = f"mean of {len(runs)} seeds" if len(runs) > 1 else "one seed"
    scale = "from 0 to 1" if is_share else "the better within its column"
    return (
        f"Test score on each task (column) after each stage (row), {seeds}; deeper is {scale}.",
        matrix_chart(
            mean,
            names,
            [task.name for task in tasks],
            f"{experiment}: test scores after each stage",
            higher_is_better=[task.higher_is_better for task in tasks],
            is_share=is_share,
        ),
    )


def intervals_of(
    groups: Mapping[str, Sequence[Record]], value: Callable[[Record], float | None], name: str
) -> str:
    """A measure of several experiments with its interval over the seeds that are done."""
    rows = [
        (experiment, estimate(value(record) for record in done_of(runs)))
        for experiment, runs in groups.items()
    ]
    return interval_chart(rows, f"{name} of each experiment", name)
