"""RunObservers: the observers of one run, made from its spec, in the order in which they tell."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.engine.measure.decision_maps import DecisionMaps
from workbench.engine.measure.prequential import prequential
from workbench.engine.measure.probe import Probe
from workbench.engine.measure.report_collector import ReportCollector
from workbench.engine.measure.representation import Representation
from workbench.engine.measure.translations import has_texts
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.episodes import as_rows
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.method import Method
from workbench.engine.training.interruptions import Interruptions
from workbench.engine.training.observers.adapting import Adapting
from workbench.engine.training.observers.answering import Answering
from workbench.engine.training.observers.checkpoints import Checkpoints
from workbench.engine.training.observers.early_stopping import EarlyStopping
from workbench.engine.training.observers.likeness import Likeness
from workbench.engine.training.observers.live_changes import LiveChanges
from workbench.engine.training.observers.notices import Notices
from workbench.engine.training.observers.observer import Observer, overridden
from workbench.engine.training.observers.plane_maps import PlaneMaps
from workbench.engine.training.observers.probing import Probing
from workbench.engine.training.observers.stream_watch import StreamWatch
from workbench.engine.training.observers.validation import Validation
from workbench.engine.training.observers.writing import Writing
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.engine.training.results import Results
from workbench.engine.update.update import Update
from workbench.spec.event import Event
from workbench.spec.experiment import Spec


class RunObservers:
    """Asks each observer whose hook is overridden. One more is one more line of the list.

    `before_step`, `on_batch` and `after_step` are lists of hooks, for the step loop to call.
    """

    def __init__(
        self,
        spec: Spec,
        update: Update,
        results: Results,
        plan: Plan,
        methods: Mapping[str, Method],
        learner: Learner,
        interruptions: Interruptions,
        folder: Path | None,
        state: Callable[[], dict[str, Any]],
    ) -> None:
        model, tasks, answer = update.model, update.tasks, results.evaluator.answer
        probe = Probe(model, tasks, spec.probes, update.losses_of)
        watched = tasks
        adapting: list[Observer] = []
        if results.adaptation is not None:
            adapting = [Adapting(results.adaptation, plan, spec.training.evaluate_every)]
        if learner.adapts:  # the rest looks at the start, before it adapts to anything
            tasks, answer, watched = {t.name: t for t in as_rows(list(tasks.values()))}, model, {}
        writing: list[Observer] = []
        if has_texts(tasks):
            writing = [Writing(results.evaluator, plan, spec.training.evaluate_every)]
        if spec.probes.answers and not has_texts(tasks):
            writing.append(Answering(results.evaluator, plan, spec.training.evaluate_every))
        watch = plan.curriculum.detector
        self.stream = prequential(model, watched, answer, spec.probes, watch)
        stages = [stage.tasks for stage in plan.stages]
        shown = {"sharing": model, **methods}
        self.reports = ReportCollector(shown, model, tasks, self.stream, stages)
        self.maps = DecisionMaps(model, watched, answer)
        self.checkpoints = Checkpoints(folder, update, state)
        self.stopping: EarlyStopping | None = None
        if spec.training.stopping.is_on:
            evaluator = results.evaluator
            self.stopping = EarlyStopping(
                spec.training.stopping, model, evaluator.tasks, evaluator.metrics, plan
            )
        self.all: list[Observer] = [
            *([self.stopping] if self.stopping is not None else []),
            Notices(methods),
            Probing(probe, self.reports, update, spec.probes.every),
            Validation(results, plan, spec.training.evaluate_every, self.stopping),
            *adapting,
            *writing,
            self.checkpoints,
            Likeness(Representation(model, self.reports.batch, answer), plan),
            PlaneMaps(self.maps),
            LiveChanges(interruptions, update, plan, self.maps),
        ]
        if self.stream is not None:
            self.all.append(StreamWatch(self.stream, plan))
        self.before_step = overridden(self.all, "before_step")
        self.on_batch = overridden(self.all, "on_batch")
        self.after_step = overridden(self.all, "after_step")

    def on_run_start(self, at: Progress) -> Iterator[Event]:
        """What the observers tell of the untrained model."""
        for each in self.all:
            yield from each.on_run_start(at)

    def on_stage_end(self, at: Progress, stage: Stage, number: int) -> Iterator[Event]:
        """What the observers tell of a stage that ended."""
        for each in self.all:
            yield from each.on_stage_end(at, stage, number)

    def state_dict(self) -> dict[str, Any]:
        """The states of those that have one, by their keys."""
        return {each.state_key: each.state_dict() for each in self.all if each.state_key}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave; other keys are passed over, as are missing ones."""
        for each in self.all:
            if each.state_key and state.get(each.state_key) is not None:
                each.load_state_dict(state[each.state_key])
