"""Trainer: stages × steps, told as events. Knows the roles, and no method by name."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from workbench.engine.measure.adaptation import Adaptation
from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.method import Method
from workbench.engine.roles.texts.text_metric import signatures
from workbench.engine.training.boundaries import Boundaries
from workbench.engine.training.command_queue import CommandQueue
from workbench.engine.training.interruptions import Interruptions
from workbench.engine.training.observers.early_stopping import EarlyStopping
from workbench.engine.training.observers.of_run import RunObservers
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.engine.training.results import Results
from workbench.engine.training.sampler import Sampler
from workbench.engine.training.schedule import StepRate
from workbench.engine.training.step_buffer import StepBuffer
from workbench.engine.training.stream import Stream
from workbench.engine.update.divergence import NotFiniteError
from workbench.engine.update.update import Update
from workbench.spec.event import Began, Diverged, Evaluated, Event, Noticed
from workbench.spec.experiment import Spec


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
        self.names = list(update.tasks)
        self.at = Progress(rate=spec.optimizer.lr)
        #: What the user should know of the checkpoint that the run goes on from.
        self.remarks: tuple[str, ...] = ()
        #: Whether the run goes on from a checkpoint of another.
        self.is_fork = False
        adaptation = None
        if learner.adapts:
            adaptation = Adaptation(learner, self.model, update.tasks, evaluator.metrics)
        self.results = Results(evaluator, adaptation)
        is_open = plan.curriculum.is_open
        self.interruptions = Interruptions(
            control, spec.interventions, update.tasks, is_open=is_open
        )
        self.boundaries = Boundaries(update, plan, begins_anew=spec.optimizer.reset == "stages")
        self.rate = StepRate(update.optimizer, spec.optimizer.schedule, plan)
        self.step_buffer = StepBuffer(self.names)
        self.observers = RunObservers(
            spec,
            update,
            self.results,
            plan,
            self.methods,
            learner,
            self.interruptions,
            folder,
            self.state_dict,
        )
        self._clock = perf_counter()

    @property
    def stages(self) -> Sequence[Stage]:
        """The stages that are planned by now."""
        return self.plan.stages

    def run(self) -> Iterator[Event]:
        """Every event of the run, ending with Finished or Diverged."""
        self._clock = perf_counter()
        at = self.at
        yield self.began
        try:
            if len(at.baseline) == 0:
                yield from self._untrained()
            elif self.is_fork:
                yield from self._past()
            while at.stage < len(self.stages) and not self.interruptions.is_stopped:
                yield from self._stage()
            yield from self.observers.checkpoints.save(at)
        except NotFiniteError as error:
            yield from self._diverged(error)
            return
        yield from self.interruptions.left_over(at.step)
        status = "stopped" if self.interruptions.is_stopped else "done"
        yield self.results.finished(at, status, self.began, self.stages, self._seconds)

    def _untrained(self) -> Iterator[Event]:
        """What there is to tell before the first step: the data's notices, and the baseline."""
        at = self.at
        for task in self.evaluator.tasks.values():
            for message in task.notices:
                yield Noticed(at.step, "data", message)
        for message in signatures(self.evaluator.metrics, self.evaluator.tasks.values()):
            yield Noticed(at.step, "metric", message)
        yield self.results.evaluated("val", at.step, -1)
        row = self.results.evaluated("test", at.step, -1)
        at.baseline = row.scores
        yield row
        yield from self.observers.on_run_start(at)

    def _past(self) -> Iterator[Event]:
        """The rows of the stages that ended before, of a run that goes on from another."""
        at = self.at
        unknown = np.full_like(at.baseline, np.nan)
        yield Evaluated(0, -1, "test", at.baseline, unknown, ends_stage=False)
        for number, row in enumerate(at.rows):
            step = sum(self.plan.steps[: number + 1])
            yield Evaluated(step, number, "test", row, unknown, ends_stage=True)

    def _stage(self) -> Iterator[Event]:
        """The stage that is on, from where it is to its end."""
        at, number = self.at, self.at.stage
        stage, sampler, _ = self.plan.at(number)
        yield from self.boundaries.enter(at)
        self.update.draw = sampler.fresh
        self.model.train()
        yield from self._steps(sampler)
        if self.interruptions.is_stopped:
            return
        self.update.check_parameters()
        is_last = number + 1 == len(self.stages)
        if is_last:  # before it ends, so that a longer one can go on from here
            yield from self.observers.checkpoints.keep(at)
        if self.observers.stopping is not None:
            yield from self._back_to_best(self.observers.stopping)
        yield from self.plan.close(at)
        self.boundaries.leave()
        yield self.results.evaluated("val", at.step, number, ends_stage=True)
        row = self.results.evaluated("test", at.step, number, ends_stage=True)
        at.rows.append(row.scores)
        at.stage, at.stage_step, at.is_begun = number + 1, 0, False
        if not is_last:
            yield from self.observers.checkpoints.keep(at)
        yield row
        yield from self.observers.on_stage_end(at, stage, number)

    def _back_to_best(self, stopping: EarlyStopping) -> Iterator[Event]:
        """The stage's last model is validated too; then the best takes its place, if it is kept."""
        at = self.at
        if stopping.settings.keep_best and stopping.seen_at != at.step:
            evaluated = self.results.evaluated("val", at.step, at.stage)
            yield evaluated
            yield from stopping.take(at, evaluated)
        yield from stopping.end(at)

    def _steps(self, sampler: Sampler | Stream) -> Iterator[Event]:
        """The stage's steps that are left. This loop is what a run's speed is made of."""
        at, observers, update = self.at, self.observers, self.update
        self.rate.forget()
        self.step_buffer.resume_clock()
        while not self._is_stage_over:
            for hook in observers.before_step:
                if events := hook(at):
                    yield from self._between_steps(events)
            if self._is_stage_over:  # by what was asked for meanwhile
                break
            rate = self.rate.set(at)
            batch = sampler.draw()
            for hook in observers.on_batch:
                if events := hook(at, batch, sampler.drawn):
                    yield from self._between_steps(events)
            report = self.learner.learn(batch, update)
            at.step += 1
            at.stage_step += 1
            if self.step_buffer.add(report, rate):
                yield from self._flush()
            for hook in observers.after_step:
                if events := hook(at, rate):
                    yield from self._between_steps(events)
        yield from self._flush()

    @property
    def _is_stage_over(self) -> bool:
        at = self.at
        return at.stage_step >= self.plan.steps[at.stage] or self.interruptions.is_stopped

    def _between_steps(self, events: Iterable[Event]) -> Iterator[Event]:
        """The steps so far, then these events; what they take is no training time."""
        yield from self._flush()
        yield from events
        self.step_buffer.resume_clock()

    def _flush(self) -> Iterator[Event]:
        block = self.step_buffer.flush(self.at.step)
        if block is not None:
            yield block
            self.step_buffer.resume_clock()  # what the reader did with it is no training
        if self.step_buffer.failure is not None:
            self.at.step = self.step_buffer.end
            raise self.step_buffer.failure

    def _diverged(self, error: NotFiniteError) -> Iterator[Event]:
        block = self.step_buffer.flush(self.at.step)
        if block is not None:
            yield block
        message = f"{error} at step {self.at.step}; {error.advice}"
        yield Diverged(self.at.step, error.task, message)

    def grow(self, stage: int) -> None:
        """Let the model begin a stage that had begun before the run was resumed."""
        self.boundaries.grow(stage)

    @property
    def methods(self) -> dict[str, Method]:
        """What keeps something from step to step beside model and optimizer, by role."""
        update = self.update
        return {
            "balancing": update.balancing,
            "retention": update.retention,
            "learner": self.learner,
        }

    @property
    def _seconds(self) -> tuple[float, float]:
        """Seconds of the run so far, and those of training alone, before a resume included."""
        at = self.at
        whole = at.seconds + perf_counter() - self._clock
        return whole, at.train_seconds + self.step_buffer.train_seconds

    def state_dict(self) -> dict[str, Any]:
        """All but the model and the random generators, in types that load without code."""
        seconds, train_seconds = self._seconds
        return {
            **self.at.state_dict(),
            "threads": self.began.threads,
            "seconds": seconds,
            "train_seconds": train_seconds,
            **self.update.state_dict(),
            "plan": self.plan.state_dict(),
            "changes_made": self.interruptions.n_made(self.at.step),
            **self.observers.state_dict(),
            "roles": {role: method.state_dict() for role, method in self.methods.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave; the model already holds its parameters."""
        self.at = Progress.from_state(state)
        self.update.load_state_dict(state)
        for role, method in self.methods.items():
            method.load_state_dict(state["roles"][role])
        self.observers.load_state_dict(state)
        self.interruptions.go_on(self.at.step, state.get("changes_made", 0))
