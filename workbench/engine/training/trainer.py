"""Trainer: stages × steps, told as events. Knows the roles, and no method by name."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import numpy as np

from workbench.engine.measure.decision_maps import DecisionMaps
from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.measure.prequential import Prequential, prequential
from workbench.engine.measure.probe import Probe
from workbench.engine.measure.report_collector import ReportCollector
from workbench.engine.measure.representation import Representation
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.method import Method
from workbench.engine.training import checkpoint
from workbench.engine.training.command_queue import CommandQueue
from workbench.engine.training.interruptions import Interruptions
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.engine.training.sampler import Sampler
from workbench.engine.training.schedule import Factor, factor_of
from workbench.engine.training.step_buffer import StepBuffer
from workbench.engine.training.stream import Stream
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.update import NotFiniteError, Update
from workbench.spec.command import WatchPlanes
from workbench.spec.event import (
    Began,
    CheckpointSaved,
    Diverged,
    Evaluated,
    Event,
    Finished,
    Intervened,
    Noticed,
    Replanned,
    Reported,
    Split,
    StageBegan,
    Structured,
)
from workbench.spec.experiment import Intervention, Spec
from workbench.spec.measures import examples_of_one_head, summarise

#: Seconds between checkpoints: the first comes early, later ones ever less often, up to this.
CHECKPOINT_SECONDS = 30.0
_FIRST_SECONDS = 1.0


class Trainer:
    """One run. `run` is an iterator: nothing happens unless somebody asks for the next event."""

    def __init__(
        self,
        spec: Spec,
        update: Update,
        learner: Learner,
        evaluator: Evaluator,
        plan: Plan,
        began: Began,
        control: CommandQueue,
        folder: Path | None = None,
    ) -> None:
        self.spec = spec
        self.update = update
        self.model = update.model
        self.learner = learner
        self.evaluator = evaluator
        self.plan = plan
        self.began = began
        self.interruptions = Interruptions(
            control, spec.interventions, update.tasks, is_open=plan.curriculum.is_open
        )
        self.folder = folder
        self.names = list(update.tasks)
        self.step_buffer = StepBuffer(self.names)
        self.probe = Probe(update.model, update.tasks, spec.probes)
        watch = plan.curriculum.detector
        self.stream = prequential(update.model, update.tasks, evaluator.answer, spec.probes, watch)
        shown = {"sharing": update.model, **self._roles()}
        stages = [stage.tasks for stage in plan.stages]
        update.retention.knows_boundaries = plan.tells_boundaries
        update.retention.sees_stage_data_first = plan.sees_stage_data_first
        self.reports = ReportCollector(shown, update.model, update.tasks, self.stream, stages)
        self.representation = Representation(update.model, self.reports.batch, evaluator.answer)
        self.planes = DecisionMaps(update.model, update.tasks, evaluator.answer)
        self.at = Progress(rate=spec.optimizer.lr)
        #: What the user should know of the checkpoint that the run goes on from.
        self.remarks: tuple[str, ...] = ()
        self._told: set[tuple[str, str]] = set()
        self._saved_at = monotonic()
        self._save_after = min(_FIRST_SECONDS, CHECKPOINT_SECONDS)
        self._clock = perf_counter()

    @property
    def stages(self) -> Sequence[Stage]:
        """The stages that are planned by now."""
        return self.plan.stages

    def run(self) -> Iterator[Event]:
        """Every event of the run, ending with Finished or Diverged."""
        self._clock = perf_counter()
        yield self.began
        try:
            if len(self.at.baseline) == 0:
                for task in self.evaluator.tasks.values():
                    for message in task.notices:
                        yield Noticed(self.at.step, "data", message)
                yield self._evaluated("val", -1, ends_stage=False)
                row = self._evaluated("test", -1, ends_stage=False)
                self.at.baseline = row.scores
                yield row
                yield from self.planes.begun(self.at.step)
            while self.at.stage < len(self.stages) and not self.interruptions.is_stopped:
                yield from self._stage()
            yield from self._save()
        except NotFiniteError as error:
            yield from self._diverged(error)
            return
        yield from self.interruptions.left_over(self.at.step)
        yield self._finished()

    def _stage(self) -> Iterator[Event]:
        at = self.at
        stage, sampler, steps = self.plan.at(at.stage)
        data = self._data(stage, steps, sampler.steps_per_epoch)
        self.update.retention.stage = at.stage
        if not at.is_begun:
            before = self.model.structure() if at.stage else None
            self._begin(data)
            yield StageBegan(at.step, at.stage)
            structure = self.model.structure()
            if structure != before:
                yield Structured(at.step, structure)
        self.update.draw = sampler.fresh
        self.model.train()
        yield from self._steps(sampler)
        if self.interruptions.is_stopped:
            return
        self.update.check_parameters()
        yield from self.plan.close(at)
        if self.plan.tells_boundaries:
            self.update.retention.on_stage_end(self._ended(data))
        yield self._evaluated("val", at.stage, ends_stage=True)
        row = self._evaluated("test", at.stage, ends_stage=True)
        at.rows.append(row.scores)
        at.stage, at.stage_step, at.is_begun = at.stage + 1, 0, False
        yield row
        yield from self.reports.gather(at.step, at.stage - 1, ends_stage=True)
        if self.plan.is_lifelong and (tables := self.representation.compare(stage.name)):
            yield Reported(at.step, "representation", tuple(tables))
        yield from self.planes.maps(at.step, at.stage - 1)

    def _data(self, stage: Stage, steps: int, steps_per_epoch: int) -> StageData:
        """The stage as the learner sees it: of a stream without boundaries, all of it."""
        update, names = self.update, stage.tasks
        if not self.plan.tells_boundaries:
            names, steps = tuple(self.names), sum(self.plan.steps)
        data = StageData(self.at.stage, names, update.tasks, self.model, steps, steps_per_epoch)
        return data if self.plan.sees_stage_data_first else replace(data, arrived={})

    def _ended(self, data: StageData) -> StageData:
        """The stage at its end, with what was shown of it."""
        arrived = self.plan.ended(data.index)
        if arrived is None:
            return replace(data, names=self.stages[data.index].tasks, arrived=None)
        return replace(data, names=tuple(arrived), arrived=arrived)

    def _begin(self, data: StageData) -> None:
        if self.plan.tells_boundaries or data.index == 0:
            self.grow(data.index)
            self.update.balancing.begin(data.names, data.steps_per_epoch)
            self.update.retention.on_stage_start(data)
            is_anew = self.update.retention.begins_from_scratch
            if data.index and (is_anew or self.spec.optimizer.reset == "stages"):
                self.update.restart()
        self.at.is_begun = True

    def grow(self, stage: int) -> None:
        """Let the model begin a stage, and have the optimizer train what that added."""
        if stage and not self.plan.tells_boundaries:
            return
        tasks = self.stages[stage].tasks if self.plan.tells_boundaries else tuple(self.names)
        self.model.begin(stage, tasks)
        self.update.retention.grow(self.model, stage, tasks)
        self.update.refresh()

    def _steps(self, sampler: Sampler | Stream) -> Iterator[Event]:
        """The stage's steps that are left. This loop is what a run's speed is made of."""
        at, step_buffer, update = self.at, self.step_buffer, self.update
        interruptions, stream = self.interruptions, self.stream
        learn, draw = self.learner.learn, sampler.draw
        every, probe_every = self.spec.training.evaluate_every, self.spec.probes.every
        steps = self.plan.steps[at.stage]
        factor = self._factor(steps)
        groups = update.optimizer.param_groups
        rate = self._set_rate(at.rate * (factor(at.stage_step) if factor else 1.0))
        step_buffer.resume_clock()
        while at.stage_step < steps:
            if interruptions.are_due(at.step) or self._checkpoint_due() or self.planes.are_due:
                yield from self._attend()
                if interruptions.is_stopped:
                    return
                if steps != (steps := self.plan.steps[at.stage]):
                    if at.stage_step >= steps:
                        break
                    factor = self._factor(steps)
                rate = self._set_rate(at.rate * (factor(at.stage_step) if factor else 1.0))
            elif factor is not None:
                rate = at.rate * factor(at.stage_step)
                for group in groups:
                    group["lr"] = rate
            batch = draw()
            if stream is not None and stream.test(batch, sampler.drawn):
                yield from self._flush()
                yield from self._drifted(stream)
                steps = self.plan.steps[at.stage]
                step_buffer.resume_clock()
            report = learn(batch, update)
            at.step += 1
            at.stage_step += 1
            if step_buffer.add(report, rate):
                yield from self._flush()
            if update.balancing.notices or update.retention.notices or self.learner.notices:
                yield from self._notices()
            if probe_every and at.stage_step % probe_every == 0:
                yield from self._probed(rate)
            if every and at.stage_step % every == 0 and at.stage_step < steps:
                yield from self._flush()
                yield self._evaluated("val", at.stage, ends_stage=False)
                step_buffer.resume_clock()
        yield from self._flush()

    def _factor(self, steps: int) -> Factor | None:
        """The factor on the rate at each step of the stage, or of the stream without boundaries."""
        if self.plan.tells_boundaries:
            return factor_of(self.spec.optimizer.schedule, steps)
        before = self.at.step - self.at.stage_step
        whole = factor_of(self.spec.optimizer.schedule, sum(self.plan.steps))
        return (lambda step: whole(before + step)) if whole else None

    def _drifted(self, stream: Prequential) -> Iterator[Event]:
        """Tell what was found before the step to come; after it a stage may end for that."""
        for found in stream.drifts(self.at.step):
            yield found
            yield from self.plan.split(found, self.at)

    def _flush(self) -> Iterator[Event]:
        block = self.step_buffer.flush(self.at.step)
        if block is not None:
            yield block
            self.step_buffer.resume_clock()  # what the reader did with it is no training
        if self.step_buffer.failure is not None:
            self.at.step = self.step_buffer.end
            raise self.step_buffer.failure

    def _notices(self) -> Iterator[Event]:
        """What the roles have to tell that they have not told yet."""
        for role, method in self._roles().items():
            told, method.notices = method.notices, ()
            for message in told:
                if (role, message) not in self._told:
                    self._told.add((role, message))
                    yield from self._flush()
                    yield Noticed(self.at.step, role, message)

    def _probed(self, rate: float) -> Iterator[Event]:
        yield from self._flush()
        found = self.probe.measure(self.update.batch, self.at.step, rate)
        if found is not None:
            yield found
        yield from self.reports.gather(self.at.step, self.at.stage)
        self.step_buffer.resume_clock()

    def _set_rate(self, rate: float) -> float:
        for group in self.update.optimizer.param_groups:
            group["lr"] = rate
        return rate

    def _checkpoint_due(self) -> bool:
        return self.folder is not None and monotonic() - self._saved_at > self._save_after

    def _attend(self) -> Iterator[Event]:
        """Checkpoints, changes and pauses, before the next step."""
        yield from self._flush()
        if self._checkpoint_due():
            yield from self._save()
        if self.planes.are_due:
            yield from self.planes.maps(self.at.step, self.at.stage, is_timed=True)
        for found in self.interruptions.between_steps(self.at.step, self.at.stage):
            if isinstance(found, WatchPlanes):
                yield from self.planes.watch(found.is_on, self.at.step, self.at.stage)
            else:
                yield self._made(found) if isinstance(found, Intervention) else found
        self.step_buffer.resume_clock()

    def _made(self, change: Intervention) -> Intervened | Replanned:
        if change.stages is not None:
            return self.plan.change(change.stages, self.at)
        if change.task is not None and change.weight is not None:
            self.update.task_weights[change.task] = change.weight
            return Intervened(self.at.step, change.task, change.weight)
        self.at.rate = change.lr or self.at.rate
        return Intervened(self.at.step, None, self.at.rate)

    def _evaluated(self, split: Split, stage: int, *, ends_stage: bool) -> Evaluated:
        scores, losses = self.evaluator.scores(split)
        return Evaluated(self.at.step, stage, split, scores, losses, ends_stage)

    def _diverged(self, error: NotFiniteError) -> Iterator[Event]:
        block = self.step_buffer.flush(self.at.step)
        if block is not None:
            yield block
        message = f"{error} at step {self.at.step}; {error.advice}"
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
            examples_of_one_head(self.began.tasks),
        )
        return Finished(
            step=self.at.step,
            status="stopped" if self.interruptions.is_stopped else "done",
            matrix=matrix,
            baseline=self.at.baseline,
            scores=self.evaluator.all_scores("test"),
            summary=summary,
            seconds=self.at.seconds + perf_counter() - self._clock,
            train_seconds=self.at.train_seconds + self.step_buffer.train_seconds,
        )

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
        self.update.check_parameters()
        path = checkpoint.save(self.folder, self.at.step, self.model, self.state_dict())
        self._saved_at = monotonic()
        self._save_after = min(2 * self._save_after, CHECKPOINT_SECONDS)
        yield CheckpointSaved(self.at.step, str(path))

    def state_dict(self) -> dict[str, Any]:
        """All but the model and the random generators, in types that load without code."""
        return {
            **self.at.state_dict(),
            "threads": self.began.threads,
            "seconds": self.at.seconds + perf_counter() - self._clock,
            "train_seconds": self.at.train_seconds + self.step_buffer.train_seconds,
            **self.update.state_dict(),
            "plan": self.plan.state_dict(),
            "changes_made": self.interruptions.n_made(self.at.step),
            "representation": self.representation.state_dict(),
            "stream": self.stream.state_dict() if self.stream is not None else None,
            "told": [list(notice) for notice in sorted(self._told)],
            "roles": {role: method.state_dict() for role, method in self._roles().items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave; the model already holds its parameters."""
        self._told = {(role, message) for role, message in state.get("told", [])}
        self.at = Progress.from_state(state)
        self.update.load_state_dict(state)
        for role, method in self._roles().items():
            method.load_state_dict(state["roles"][role])
        if "representation" in state:  # else an earlier version saved it
            self.representation.load_state_dict(state["representation"])
        if self.stream is not None and state.get("stream") is not None:
            self.stream.load_state_dict(state["stream"])
        self.interruptions.go_on(self.at.step, state.get("changes_made", 0))
