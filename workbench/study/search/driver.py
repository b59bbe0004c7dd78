"""Driver: makes a sweep. It proposes trials as runs come free, and tells Optuna how they ended.

It may be killed at any moment. What was proposed is in the journal before it is begun, what was
trained is in the store; on the next start trials that were on are taken up again, and their runs
are looked for in the store before any is made or gone on with.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, Any

import optuna
from optuna.trial import TrialState

from workbench.spec.command import Stop
from workbench.spec.documents.document import PresetError
from workbench.spec.entry import Catalogue
from workbench.spec.event import LAST, Began, Event
from workbench.spec.experiments.job import Job
from workbench.study.search.definition import Definition
from workbench.study.search.folder import SweepFolder
from workbench.study.search.importance import importance_of
from workbench.study.search.live import LiveRun, LiveTrial
from workbench.study.search.needed import Pool, Store
from workbench.study.search.objective import WHOLE
from workbench.study.search.samplers import NewPoint, distributions_of
from workbench.study.search.storage import open_study
from workbench.study.search.trial import State, Trial

if TYPE_CHECKING:
    from pathlib import Path

    from optuna import Study

#: What stands in the journal of a trial that is over, beside Optuna's own.
_SHOWN = "shown"

#: Up to which hundredth of the run a trial was let go on, and how Optuna's notes of rungs begin.
_KEPT, _RUNG = "kept", "completed_rung_"

#: After so many trials that failed, and none that did not, something else is wrong.
_MOST_FAILED = 3

#: A pruner's first look is after this many hundredths of a run; it keeps a third each time.
_FIRST_LOOK, _REDUCTION = 10, 3

#: Those who look see what is new so often at most; importance takes a while.
_STATE_SECONDS = 0.5
_IMPORTANCE_SECONDS = 10.0


class Driver:
    """Makes the trials of one sweep. Whoever has one holds the sweep's claim."""

    def __init__(
        self,
        folder: SweepFolder,
        definition: Definition,
        catalogue: Catalogue,
        store: Store,
        root: "Path | None" = None,
        tell: Callable[[State], None] = lambda _: None,
    ) -> None:
        """Open the journal, mended. Raises OSError."""
        self.folder, self.definition, self.catalogue = folder, definition, catalogue
        self.store, self.root, self.tell = store, root, tell
        self.study: Study = open_study(folder.journal, definition)
        if definition.prunes:  # it also parts the trials into brackets: not where nothing is pruned
            self.study.pruner = optuna.pruners.HyperbandPruner(
                min_resource=_FIRST_LOOK, max_resource=WHOLE, reduction_factor=_REDUCTION
            )
        else:
            self.study.pruner = optuna.pruners.NopPruner()
        self.over: dict[int, Trial] = self._over()
        self.live: dict[int, LiveTrial] = {}
        self.message = ""
        self.threads: int | None = None
        self._busy: list[tuple[LiveTrial, LiveRun]] = []
        self._distributions = distributions_of(definition.axes)
        self._is_stopped = False
        self._importance: dict[str, float] = {}
        self._n_done_then = -1
        self._told_at = self._importance_at = float("-inf")

    @property
    def state(self) -> State:
        """How the sweep stands."""
        objectives = self.definition.objectives
        live = {n: trial.shown(objectives) for n, trial in self.live.items()}
        trials = {**self.over, **live}
        ordered = tuple(trials[number] for number in sorted(trials))
        n = self.definition.n_wanted
        is_over = len(self.over) >= n
        return State(ordered, n, self._importance, is_over, self.message)

    def make(self, pool: Pool) -> State:
        """Make every trial that is missing, or as many as come before a stop."""
        self._keep(is_due=True)
        with closing(pool.run(self._jobs())) as events:
            for number, event in events:
                self._take(number, event, pool)
        for trial in self.live.values():
            trial.status = "stopped" if trial.status == "running" else trial.status
        return self.look()

    def look(self) -> State:
        """How it stands, written down for all who look."""
        self._keep(is_due=True, is_last=True)
        return self.state

    def stop(self) -> None:
        """Begin no further trial; those that are on stay open, and are gone on with later."""
        self._is_stopped = True

    # what is proposed

    def _jobs(self) -> Iterator[Job]:
        for trial in self._trials():
            for run in trial.runs.values():
                if self._is_stopped or not trial.goes_on:
                    break
                job = self._job(trial, run)
                if job is not None:
                    trial.n_running += 1
                    self._busy.append((trial, run))
                    yield job
            if trial.n_running == 0 and trial.number in self.live:
                self._conclude(trial)
            if self._is_stopped:
                return

    def _trials(self) -> Iterator[LiveTrial]:
        """Those that were on when the sweep was cut short, and then new ones."""
        running = (TrialState.RUNNING, TrialState.WAITING)
        for frozen in self.study.get_trials(deepcopy=False, states=running):
            optuna_trial = optuna.trial.Trial(self._sampling(frozen.number), frozen._trial_id)  # pyright: ignore[reportPrivateUsage]
            trial = self._begun(optuna_trial)
            if self.definition.prunes and trial.reported and self._falls_behind_again(trial):
                for run in trial.runs.values():  # cut short between its verdict and the journal
                    self._job(trial, run)
                trial.status = "pruned"
            yield trial
        while len(self.study.get_trials(deepcopy=False)) < self.definition.n_wanted:
            if self._has_failed_only():
                return
            number = len(self.study.get_trials(deepcopy=False))
            yield self._begun(self._sampling(number).ask())

    def _sampling(self, number: int) -> "Study":
        """The study with the sampler of one trial."""
        tried = [t.params for t in self.study.get_trials(deepcopy=False) if t.number != number]
        self.study.sampler = NewPoint(self.definition, number, tried)
        return self.study

    def _begun(self, optuna_trial: optuna.trial.Trial) -> LiveTrial:
        params = {name: optuna_trial._suggest(name, d) for name, d in self._distributions.items()}  # pyright: ignore[reportPrivateUsage]
        label = self.definition.words(params)
        spec, message = None, ""
        try:
            called = self.definition.called(params, self.folder.short_name, optuna_trial.number)
            spec = self.definition.spec_at(params, self.catalogue, called)
        except PresetError as error:
            message = str(error)
        runs = {seed: LiveRun(seed) for seed in self.definition.spec.seeds}
        values = self.definition.values(params)
        trial = LiveTrial(optuna_trial.number, params, values, label, spec, runs, message=message)
        trial.reported = dict(
            self.study.get_trials(deepcopy=False)[optuna_trial.number].intermediate_values
        )
        if spec is None:
            trial.status = "failed"
        self.live[trial.number] = trial
        return trial

    def _job(self, trial: LiveTrial, run: LiveRun) -> Job | None:
        """The run to make; None where it is there already."""
        assert trial.spec is not None
        past_run = self.store.find(trial.spec, run.seed)
        if past_run is None:
            return Job(trial.spec, run.seed, trial.label, self.root, threads=self.threads)
        status, path = past_run
        run.status, run.path, run.run_id = status, str(path), path.name
        run.course.take_all(self.store.events(path))
        if run.has_ended:
            run.was_there = True
            self._report(trial)
            return None
        run.status = "waiting"
        return Job(trial.spec, run.seed, trial.label, self.root, path, self.threads)

    # what came of it

    def _take(self, number: int, event: Event, pool: Pool) -> None:
        trial, run = self._busy[number]
        is_news = run.take(event)
        if isinstance(event, (Began, *LAST)) and run.run_id:  # of a cluster it comes at its end
            labelled = str(self.store.label(run.run_id))
            run.path = run.path or labelled
        if is_news and self._report(trial):
            for other, (owner, _) in enumerate(self._busy):
                if owner is trial:
                    pool.send(Stop(), other)
        if isinstance(event, LAST):
            trial.n_running -= 1
            is_done = not any(r.status == "waiting" for r in trial.runs.values())
            if trial.n_running == 0 and (is_done or not trial.goes_on):
                self._conclude(trial)
        self._keep(is_due=isinstance(event, LAST))

    def _report(self, trial: LiveTrial) -> bool:
        """Tell the pruner what all seeds have reached; whether the trial was ended for it."""
        objective, *others = self.definition.objectives
        if others or not self.definition.prunes or trial.status != "running":
            return False
        for at, value in trial.new_reports(objective):
            self._of(trial).report(value, at)
            if self._falls_behind(trial, at):
                trial.status = "pruned"
                trial.message = f"pruned after {at} % of the run"
                return True
        return False

    def _falls_behind(self, trial: LiveTrial, at: int) -> bool:
        """Whether a trial is to be ended for what it reported last; that it is not, is noted."""
        optuna_trial = self._of(trial)
        if optuna_trial.should_prune():
            return True
        optuna_trial.set_user_attr(_KEPT, at)
        return False

    def _falls_behind_again(self, trial: LiveTrial) -> bool:
        """As `_falls_behind`, of a trial that was cut short: its verdict may be lost.

        Optuna notes the rung before it gives its verdict, and would then wait for the next rung.
        """
        last = max(trial.reported)
        frozen = self.study.get_trials(deepcopy=False)[trial.number]
        if frozen.user_attrs.get(_KEPT) == last:
            return False
        for name, value in list(frozen.system_attrs.items()):
            if name.startswith(_RUNG) and value == trial.reported[last]:
                del frozen.system_attrs[name]  # in memory: the journal gets it again
        return self._falls_behind(trial, last)

    def _of(self, trial: LiveTrial) -> optuna.trial.Trial:
        frozen = self.study.get_trials(deepcopy=False)[trial.number]
        return optuna.trial.Trial(self.study, frozen._trial_id)  # pyright: ignore[reportPrivateUsage]

    def _conclude(self, trial: LiveTrial) -> None:
        """Have the journal say what became of a trial whose runs have all ended."""
        objectives = self.definition.objectives
        trial.status = trial.verdict(objectives)
        shown = trial.shown(objectives)
        if trial.status == "stopped":
            return  # it stays open in the journal: the next start goes on with it
        optuna_trial = self._of(trial)
        # Before the verdict: after a kill in between the trial is taken up again, and concluded.
        optuna_trial.set_user_attr(_SHOWN, json.dumps(shown.to_json()))
        if trial.status == "done":
            self.study.tell(optuna_trial, [value for value in shown.results if value is not None])
        else:
            # A pruned or diverged trial tells TPE to stay away; a failed one tells nothing.
            is_bad = trial.status in ("pruned", "diverged") and len(objectives) == 1
            state = TrialState.PRUNED if is_bad else TrialState.FAIL
            self.study.tell(optuna_trial, state=state)
        self.over[trial.number] = shown
        del self.live[trial.number]

    def _over(self) -> dict[int, Trial]:
        """What the journal says of the trials that are over."""
        over: dict[int, Trial] = {}
        for frozen in self.study.get_trials(deepcopy=False):
            if frozen.state.is_finished():
                data: Mapping[str, Any] = json.loads(frozen.user_attrs[_SHOWN])
                over[frozen.number] = Trial.from_json(data)
        return over

    def _has_failed_only(self) -> bool:
        run = [trial for trial in self.over.values() if any(r.run_id for r in trial.runs)]
        if len(run) < _MOST_FAILED or any(trial.status != "failed" for trial in run):
            return False
        self.message = f"the first {len(run)} trials all failed: {run[-1].message}"
        return True

    def _keep(self, *, is_due: bool, is_last: bool = False) -> None:
        """Have those who look see how it stands, now and then."""
        now = monotonic()
        if not is_due and now - self._told_at < _STATE_SECONDS:
            return
        self._told_at = now
        n_done = sum(trial.status == "done" for trial in self.over.values())
        is_time = is_last or now - self._importance_at > _IMPORTANCE_SECONDS
        if n_done != self._n_done_then and is_time and len(self.definition.axes) > 1:
            self._importance = importance_of(self.study)
            self._n_done_then, self._importance_at = n_done, monotonic()
        state = self.state
        self.folder.keep(state)
        self.tell(state)
