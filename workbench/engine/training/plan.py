"""Plan: the stages of a run, those that were, the one that is and those to come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from workbench.engine.numerics.random_streams import Streams
from workbench.engine.roles.curriculum import Curriculum, Stage
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task, taught
from workbench.engine.training.progress import Progress
from workbench.engine.training.sampler import Sampler
from workbench.engine.training.stream import Stream
from workbench.spec.event import DriftDetected, Event, Noticed, Replanned, StageFacts
from workbench.spec.experiment import Training

Groups = Sequence[tuple[str, ...]]

#: A task of whose training examples such a share came in a stage was learned in it.
_MISSED = 0.5


class Plan:
    """What is learned when. `stages`, `samplers` and `steps` have one of each stage.

    Past stages have the steps they took. The plan of an open curriculum changes when it is asked
    to; where the curriculum names a detector, there is one stage until that finds a drift.
    """

    def __init__(
        self,
        curriculum: Curriculum,
        tasks: Mapping[str, Task],
        training: Training,
        generator: torch.Generator,
    ) -> None:
        self.curriculum = curriculum
        self.tasks = tasks
        self.training = training
        self.generator = generator
        self.streams = Streams(generator.initial_seed())
        self.stages: list[Stage] = curriculum.stages(taught(tasks), training.epochs)
        self.samplers: list[Sampler | Stream] = []
        self._stream: Stream | None = None
        if curriculum.detector is not None or any(stage.mixture for stage in self.stages):
            learned = {name: tasks[name] for name in taught(tasks)}
            stream = Stream(learned, self.stages, training.batch_size, generator, self.streams)
            self._stream = stream
            self.steps = list(stream.steps)
            if curriculum.detector is not None:
                self.stages, self.steps = self.stages[:1], [sum(self.steps)]
            self.samplers += [stream] * len(self.stages)
            return
        self.samplers += [self._sampler(stage) for stage in self.stages]
        self.steps = [self._length(i) for i in range(len(self.stages))]

    @property
    def is_lifelong(self) -> bool:
        """Whether there are several stages, or may come to be."""
        curriculum = self.curriculum
        return len(self.stages) > 1 or curriculum.is_open or curriculum.detector is not None

    @property
    def tells_boundaries(self) -> bool:
        """Whether the learner is told where a stage ends; to it there is else one stage."""
        return self.curriculum.tells_boundaries

    @property
    def sees_stage_data_first(self) -> bool:
        """Whether all examples of a stage that begins are sure to be shown in it."""
        if not self.tells_boundaries or self._stream is not None or self.curriculum.is_open:
            return False
        if self.training.stopping.patience:  # a stage may be cut short
            return False
        pairs = zip(self.steps, self.samplers, strict=True)
        return all(steps >= sampler.steps_per_epoch for steps, sampler in pairs)

    def at(self, stage: int) -> tuple[Stage, Sampler | Stream, int]:
        """Stage number `stage`, what draws its batches, and its steps."""
        return self.stages[stage], self.samplers[stage], self.steps[stage]

    @property
    def facts(self) -> tuple[StageFacts, ...]:
        """The stages, for whoever looks at the run."""
        return tuple(
            StageFacts(stage.name, stage.tasks, steps)
            for stage, steps in zip(self.stages, self.steps, strict=True)
        )

    def updates(self, task: str) -> tuple[int, int]:
        """The steps in which a task is learned, and those it would be given by itself.

        Alone its stages are as many epochs over its own data. The two differ where it learns
        beside tasks with more data, and begins anew while those go on.
        """
        planned = alone = 0
        for stage, sampler, steps in zip(self.stages, self.samplers, self.steps, strict=True):
            if task in stage.tasks:
                own = steps
                if isinstance(sampler, Sampler) and not self.training.steps:
                    own = max(1, round(stage.epochs * sampler.own_steps(task)))
                planned += own if stage.rests else steps
                alone += own
        return planned, alone

    def change(self, groups: Groups, at: Progress) -> Replanned:
        """Learn these groups of tasks from here on, in a stage each.

        The stage that is on goes on where the first group is its own, and else ends: now, or after
        its first step.
        """
        stage, done = at.stage, at.stage_step
        goes_on = set(groups[0]) == set(self.stages[stage].tasks)
        first = stage if goes_on else stage + 1
        before = [past.tasks for past in self.stages[:first]]
        now = self.stages[stage].tasks if goes_on else groups[0]
        self._renew([*before, now, *groups[1:]], n_kept=stage + 1)
        # A stage that has begun takes a step: what was told of it stands.
        least = max(done, 1)
        self.steps[stage] = max(self._length(stage), least) if goes_on else least
        return Replanned(at.step, self.facts, first)

    def ended(self, stage: int) -> dict[str, Tensor] | None:
        """Which training examples a stage that ends leaves behind, by task; None: all of its tasks.

        Of a stream those of its tasks that came since they were asked for last, or, where its
        tasks did not come, of what did; of a stage that was cut short those that were drawn.
        """
        names, sampler = self.stages[stage].tasks, self.samplers[stage]
        if isinstance(sampler, Stream):
            arrived = sampler.arrived
            return sampler.take([name for name in names if name in arrived] or list(arrived))
        if sampler.is_all_shown:
            return None
        shown = sampler.shown
        return {name: shown[name] for name in names}

    def split(self, drift: DriftDetected, at: Progress) -> list[Event]:
        """End the stage that is on after its step to come, where this drift ends stages.

        What follows is learned as a stage of the task in which it was found, if anything does.
        """
        done = at.stage_step + 1
        left = self.steps[at.stage] - done
        if drift.detector != self.curriculum.detector or left < 1:
            return []
        events = self._credit(at, drift.task)
        self._append((drift.task,))
        self.steps[at.stage :] = [done, left]
        return [*events, Replanned(at.step, self.facts, at.stage + 1, drift.detector)]

    def close(self, at: Progress) -> list[Event]:
        """The last stage took its last step: tasks that came in it unnoticed are its own too."""
        events = self._credit(at) if at.stage == len(self.stages) - 1 else []
        if events:
            watch = self.curriculum.detector or ""
            events.append(Replanned(at.step, self.facts, len(self.stages), watch))
        return events

    def _credit(self, at: Progress, but: str = "") -> list[Event]:
        """Make the tasks whose drift was missed the stage's own, for else no stage would have them.

        A task that has a stage, or is to have the next, is not looked at.
        """
        known = {name for stage in self.stages for name in stage.tasks} | {but}
        missed = [
            name
            for name, positions in (self._stream.arrived if self._stream else {}).items()
            if name not in known
            and len(positions) >= _MISSED * len(self.tasks[name].answered("train"))
        ]
        if not missed:
            return []
        stage = self.stages[at.stage]
        tasks = (*stage.tasks, *missed)
        self.stages[at.stage] = replace(stage, name=" + ".join(tasks), tasks=tasks)
        message = (
            f"no drift was found where {', '.join(missed)} came; stage {at.stage + 1} counts it"
        )
        return [Noticed(at.step, "stream", message)]

    @property
    def is_stream(self) -> bool:
        """Whether one stream runs through all stages, whose length is that of its tasks' data."""
        return self._stream is not None

    def lengthen(self, at: Progress) -> None:
        """Let the stages that have not ended be as long as the settings say by now."""
        for i in range(at.stage, len(self.stages)):
            self.steps[i] = self._length(i)
        if at.stage < len(self.stages):
            self.steps[at.stage] = max(self.steps[at.stage], at.stage_step)

    def _renew(self, groups: Groups, n_kept: int) -> None:
        """Make the stages of these groups; of the first `n_kept` there are samplers and steps."""
        self.stages = self.curriculum.planned(groups, self.training.epochs)
        del self.samplers[n_kept:], self.steps[n_kept:]
        self.samplers += [self._sampler(stage) for stage in self.stages[n_kept:]]
        self.steps += [self._length(i) for i in range(n_kept, len(self.stages))]

    def _append(self, tasks: tuple[str, ...]) -> None:
        """A stage that goes on with the stream of the first."""
        name = numbered([*(stage.tasks for stage in self.stages), tasks])[-1]
        self.stages.append(replace(self.stages[0], name=name, tasks=tasks))
        self.samplers.append(self.samplers[0])

    def _sampler(self, stage: Stage) -> Sampler:
        batch_size = stage.batch_size or self.training.batch_size
        tasks = [self.tasks[name] for name in stage.tasks]
        return Sampler(tasks, batch_size, self.generator, self.streams, rests=stage.rests)

    def _length(self, i: int) -> int:
        if self.training.steps:
            return self.training.steps
        return max(1, round(self.stages[i].epochs * self.samplers[i].steps_per_epoch))

    def state_dict(self) -> dict[str, Any]:
        """The stages as they are planned by now, and how far each one's data are drawn."""
        return {
            "groups": [list(stage.tasks) for stage in self.stages],
            "steps": list(self.steps),
            # Of a stream there is one.
            "samplers": [sampler.state_dict() for sampler in self._different],
        }

    @property
    def _different(self) -> list[Sampler | Stream]:
        return self.samplers if self._stream is None else [self._stream]

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken. Raises BadSpecError where the stream was another."""
        if self._stream is not None and "seed" not in state["samplers"][0]:
            message = (
                "an earlier version of the program drew this stream otherwise, so the run cannot go"
                " on where it was; run its preset again"
            )
            raise BadSpecError("curriculum.kind", message)
        if "groups" in state:
            groups = [tuple(group) for group in state["groups"]]
            if self.curriculum.is_open:
                self._renew(groups, n_kept=0)
            for tasks in groups[len(self.stages) :]:
                self._append(tasks)
            for i, tasks in enumerate(groups if self._stream is not None else ()):
                if tasks != self.stages[i].tasks:
                    self.stages[i] = replace(self.stages[i], name=" + ".join(tasks), tasks=tasks)
            self.steps = list(state["steps"])
        for sampler, saved in zip(self._different, state["samplers"], strict=True):
            sampler.load_state_dict(saved)


def numbered(groups: Groups) -> list[str]:
    """A name for the stage of each group of tasks; one that comes again has a number."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for group in groups:
        name = " + ".join(group)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
