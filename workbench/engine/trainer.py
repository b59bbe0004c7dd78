"""Trainer: stages × steps, told as events. Knows the roles, and no method by name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import numpy as np
import torch

from workbench.engine import checkpoint
from workbench.engine.batch import Sampler
from workbench.engine.control import Control
from workbench.engine.evaluation import Evaluator
from workbench.engine.past import StageData
from workbench.engine.recorder import Recorder
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.method import Method
from workbench.engine.schedule import factor_of
from workbench.engine.update import NotFinite, Update
from workbench.spec import command
from workbench.spec.event import (
    Began,
    CheckpointSaved,
    Diverged,
    Evaluated,
    Event,
    Finished,
    Floats,
    Intervened,
    Split,
    StageBegan,
)
from workbench.spec.experiment import Spec
from workbench.spec.measures import summarise

#: A checkpoint is saved about this often while training.
CHECKPOINT_SECONDS = 30.0


@dataclass(slots=True)
class Progress:
    """Where the run is: the stage, steps done in all and in the stage, scores so far."""

    stage: int = 0
    step: int = 0
    stage_step: int = 0
    is_begun: bool = False
    rows: list[Floats] = field(default_factory=list[Floats])
    baseline: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    rate: float = 0.0
    seconds: float = 0.0
    train_seconds: float = 0.0


class Trainer:
    """One run. `run` is an iterator: nothing happens unless somebody asks for the next event."""

    def __init__(
        self,
        spec: Spec,
        update: Update,
        learner: Learner,
        evaluator: Evaluator,
        stages: list[Stage],
        samplers: list[Sampler],
        began: Began,
        control: Control,
        folder: Path | None = None,
    ) -> None:
        self.spec = spec
        self.update = update
        self.model = update.model
        self.learner = learner
        self.evaluator = evaluator
        self.stages = stages
        self.samplers = samplers
        self.began = began
        self.control = control
        self.folder = folder
        self.names = list(update.tasks)
        self.recorder = Recorder(self.names)
        self.at = Progress(rate=spec.optimizer.lr)
        self.is_stopped = False
        self._is_paused = False
        self._single = False
        self._changes = sorted(spec.interventions, key=lambda change: change.step)
        self._saved_at = monotonic()
        self._clock = perf_counter()

    # --- the run -------------------------------------------------------------------------

    def run(self) -> Iterator[Event]:
        """Every event of the run, ending with Finished or Diverged."""
        self._clock = perf_counter()
        yield self.began
        try:
            if len(self.at.baseline) == 0:
                yield self._evaluated("val", -1, ends_stage=False)
                row = self._evaluated("test", -1, ends_stage=False)
                self.at.baseline = row.scores
                yield row
            while self.at.stage < len(self.stages) and not self.is_stopped:
                yield from self._stage()
        except NotFinite as error:
            yield from self._diverged(error)
            return
        yield from self._save()
        yield self._finished()

    def _stage(self) -> Iterator[Event]:
        at = self.at
        stage, sampler = self.stages[at.stage], self.samplers[at.stage]
        data = StageData(at.stage, stage.tasks, self.update.tasks, self.model)
        steps = self.began.stages[at.stage].steps
        if not at.is_begun:
            self._begin(data)
            yield StageBegan(at.step, at.stage)
        self.update.draw = sampler.draw
        self.model.train()
        yield from self._steps(sampler, steps)
        if self.is_stopped:
            return
        self.update.retention.end(data)
        yield self._evaluated("val", at.stage, ends_stage=True)
        row = self._evaluated("test", at.stage, ends_stage=True)
        at.rows.append(row.scores)
        at.stage, at.stage_step, at.is_begun = at.stage + 1, 0, False
        yield row

    def _begin(self, data: StageData) -> None:
        self.grow(data.index)
        self.update.balancing.begin(data.names)
        self.update.retention.begin(data)
        self.at.is_begun = True

    def grow(self, stage: int) -> None:
        """Let the model begin a stage, and have the optimizer train what that added."""
        self.model.begin(stage)
        self.update.refresh()
        known = {id(p) for group in self.update.optimizer.param_groups for p in group["params"]}
        grown = [p for p in self.update.parameters if id(p) not in known]
        if grown:
            self.update.optimizer.add_param_group({"params": grown})

    def _steps(self, sampler: Sampler, steps: int) -> Iterator[Event]:
        """The stage's steps that are left. This loop is what a run's speed is made of."""
        at, recorder, update = self.at, self.recorder, self.update
        learn, draw = self.learner.learn, sampler.draw
        every = self.spec.training.evaluate_every
        factor = factor_of(self.spec.optimizer.schedule, steps)
        groups = update.optimizer.param_groups
        rate = self._set_rate(at.rate * (factor(at.stage_step) if factor else 1.0))
        recorder.resume_clock()
        while at.stage_step < steps:
            if self.control.pending or self._is_paused or self._changes or self._checkpoint_due():
                yield from self._attend()
                if self.is_stopped:
                    return
                rate = self._set_rate(at.rate * (factor(at.stage_step) if factor else 1.0))
            elif factor is not None:
                rate = at.rate * factor(at.stage_step)
                for group in groups:
                    group["lr"] = rate
            report = learn(draw(), update)
            at.step += 1
            at.stage_step += 1
            if recorder.add(report, rate):
                yield from self._flush()
            if every and at.stage_step % every == 0 and at.stage_step < steps:
                yield from self._flush()
                yield self._evaluated("val", at.stage, ends_stage=False)
                recorder.resume_clock()
        yield from self._flush()

    def _flush(self) -> Iterator[Event]:
        block = self.recorder.flush(self.at.step)
        if block is not None:
            yield block

    def _set_rate(self, rate: float) -> float:
        for group in self.update.optimizer.param_groups:
            group["lr"] = rate
        return rate

    # --- what interrupts it --------------------------------------------------------------

    def _checkpoint_due(self) -> bool:
        return self.folder is not None and monotonic() - self._saved_at > CHECKPOINT_SECONDS

    def _attend(self) -> Iterator[Event]:
        """Live changes, recorded changes, pauses and checkpoints, before the next step."""
        while self._changes and self._changes[0].step <= self.at.step:
            change = self._changes.pop(0)
            if change.step == self.at.step:
                value = change.lr if change.lr is not None else change.weight
                yield from self._change(change.task, float(value or 0.0))
        if self._checkpoint_due():
            yield from self._flush()
            yield from self._save()
            self.recorder.resume_clock()
        if self._single:
            self._is_paused, self._single = True, False
        while self.control.pending or self._is_paused:
            if self._is_paused and not self.control.pending:
                yield from self._flush()
                self.control.wait()
                self.recorder.resume_clock()
            for asked in self.control.take():
                yield from self._obey(asked)
            if self.is_stopped or self._single:
                break
        if self.is_stopped:
            yield from self._flush()

    def _obey(self, asked: command.Command) -> Iterator[Event]:
        match asked:
            case command.Pause():
                self._is_paused = True
            case command.Resume():
                self._is_paused = self._single = False
            case command.StepOnce():
                self._is_paused, self._single = False, True
            case command.Stop():
                self.is_stopped = True
            case command.SetWeight(task, value):
                yield from self._change(task, value)
            case command.SetRate(value):
                yield from self._change(None, value)

    def _change(self, task: str | None, value: float) -> Iterator[Event]:
        if task is None:
            self.at.rate = value
        elif task in self.update.task_weights:
            self.update.task_weights[task] = value
        else:
            return
        yield from self._flush()
        yield Intervened(self.at.step, task, value)

    # --- what is told of it --------------------------------------------------------------

    def _evaluated(self, split: Split, stage: int, *, ends_stage: bool) -> Evaluated:
        scores, losses = self.evaluator.scores(split)
        return Evaluated(self.at.step, stage, split, scores, losses, ends_stage)

    def _diverged(self, error: NotFinite) -> Iterator[Event]:
        self.recorder.resume_clock()
        yield from self._flush()
        message = (
            f"the loss of {error.task} became {error.value} at step {self.at.step}; "
            "lower the learning rate or clip the gradient"
        )
        yield Diverged(self.at.step, error.task, message)

    def _finished(self) -> Finished:
        rows = self.at.rows
        n_tasks = len(self.names)
        matrix = np.stack(rows) if rows else np.zeros((0, n_tasks), dtype=np.float32)
        summary = summarise(
            matrix,
            self.at.baseline,
            [stage.tasks for stage in self.stages],
            self.names,
            [facts.higher_is_better for facts in self.began.tasks],
        )
        return Finished(
            step=self.at.step,
            status="stopped" if self.is_stopped else "done",
            matrix=matrix,
            baseline=self.at.baseline,
            scores=self.evaluator.all_scores("test"),
            summary=summary,
            seconds=self.at.seconds + perf_counter() - self._clock,
            train_seconds=self.at.train_seconds + self.recorder.train_seconds,
        )

    # --- going on later ------------------------------------------------------------------

    def _roles(self) -> dict[str, Method]:
        update = self.update
        return {
            "balancing": update.balancing,
            "retention": update.retention,
            "learner": self.learner,
        }

    def _save(self) -> Iterator[Event]:
        if self.folder is None:
            return
        path = checkpoint.save(self.folder, self.at.step, self.model, self.state_dict())
        self._saved_at = monotonic()
        yield CheckpointSaved(self.at.step, str(path))

    def state_dict(self) -> dict[str, Any]:
        """All but the model and the random generators, in types that load without code."""
        at = self.at
        return {
            "stage": at.stage,
            "step": at.step,
            "stage_step": at.stage_step,
            "is_begun": at.is_begun,
            "rows": [row.tolist() for row in at.rows],
            "baseline": at.baseline.tolist(),
            "rate": at.rate,
            "threads": self.began.threads,
            "seconds": at.seconds + perf_counter() - self._clock,
            "train_seconds": at.train_seconds + self.recorder.train_seconds,
            "weights": dict(self.update.task_weights),
            "optimizer": self.update.optimizer.state_dict(),
            "samplers": [sampler.state_dict() for sampler in self.samplers],
            "generator": self.update.balancing.generator.get_state(),
            "roles": {role: method.state_dict() for role, method in self._roles().items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave; the model already holds its parameters."""
        self.at = Progress(
            stage=state["stage"],
            step=state["step"],
            stage_step=state["stage_step"],
            is_begun=state["is_begun"],
            rows=[np.asarray(row, dtype=np.float32) for row in state["rows"]],
            baseline=np.asarray(state["baseline"], dtype=np.float32),
            rate=state["rate"],
            seconds=state["seconds"],
            train_seconds=state["train_seconds"],
        )
        self.update.task_weights.update(state["weights"])
        self.update.optimizer.load_state_dict(state["optimizer"])
        self.update.balancing.generator.set_state(state["generator"])
        for sampler, saved in zip(self.samplers, state["samplers"], strict=True):
            sampler.load_state_dict(saved)
        for role, method in self._roles().items():
            method.load_state_dict(state["roles"][role])
        self._changes = [change for change in self._changes if change.step >= self.at.step]
