"""Runs to publish, told by the fakes, among them some with names that would do harm."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tests import fakes
from workbench.publish.record import Record, records
from workbench.spec.event import Began, Event, Finished
from workbench.spec.experiment import Spec, TaskChoice
from workbench.store import run as store

#: What a task may be called: a formula, markup, a path, what breaks a line, and an end of text.
HOSTILE = ("=cmd|' /C calc'!A0", '</script><img src=x onerror="alert(1)">../../x\r\n,"\x00\x1b')


def made(
    root: Path, seed: int = 0, name: str = "Fake", tasks: Sequence[str] = (), **more: Any
) -> Path:
    """A run that is done; its tasks may be called otherwise."""
    spec = Spec(name=name, tasks=(TaskChoice(family="fake"),), **more)
    folder = store.create(spec, seed, root)
    named = dict(zip(fakes.TASKS, tasks or fakes.TASKS, strict=True))
    list(store.record([renamed(event, named) for event in fakes.run(seed)], folder))
    return folder


def renamed(event: Event, named: dict[str, str]) -> Event:
    """The event of a run whose tasks are called otherwise."""
    match event:
        case Began():
            tasks = tuple(replace(t, name=named[t.name], own_name="") for t in event.tasks)
            stages = tuple(
                replace(s, name=named[s.name], tasks=tuple(named[t] for t in s.tasks))
                for s in event.stages
            )
            return replace(event, tasks=tasks, stages=stages)
        case Finished():
            return replace(event, scores={named[k]: v for k, v in event.scores.items()})
        case _:
            return event


def three(root: Path) -> list[Record]:
    """An experiment on three seeds."""
    return records([made(root, seed) for seed in range(3)])


def hostile(root: Path) -> list[Record]:
    """A run whose every name is hostile, but for its folder's."""
    about = "<b>bold</b> & \u202e"
    return records([made(root, 0, '=1+1<script>"&\u202e', HOSTILE, about=about)])


def long_series(folder: Path, n_steps: int) -> None:
    """Put a series of so many steps into a run that the fakes told."""
    from workbench.spec.event import StepsDone
    from workbench.store.series import SeriesWriter

    for path in folder.glob("steps-*.arrow"):
        path.unlink()
    writer = SeriesWriter(folder, fakes.TASKS, 0)
    draw = np.random.default_rng(0)
    for a in range(0, n_steps, 4096):
        b = min(a + 4096, n_steps)
        values = draw.random((b - a, 2), dtype=np.float32)
        writer.append(StepsDone(b, values, values, values[:, 0], 0.1))
    writer.close()
