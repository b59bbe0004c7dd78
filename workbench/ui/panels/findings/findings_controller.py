"""FindingsController: finds out what the runs that are shown show, and tries what may help."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import Spec
from workbench.study.findings.finding import Finding, Remedy, Setup, changed
from workbench.study.findings.rules import CONTEXT, findings
from workbench.study.findings.run_facts import RunFacts
from workbench.study.interval import load_distributions
from workbench.study.transfer import known_delta_m
from workbench.ui.model.run_model import RunModel
from workbench.ui.panels.findings.bar import FindingBar
from workbench.ui.panels.findings.facts_of_model import facts_of
from workbench.ui.services.history_backend import HistoryBackend
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.words.language import translated

say = partial(translated, CONTEXT)


class FindingsController(QObject):
    """Joins the line of findings to the session.

    `run` and `measure` are what remedies do: a run of the setup, and the runs of every task alone.
    """

    def __init__(
        self,
        bar: FindingBar,
        context: TabContext,
        run: Callable[[], object],
        measure: Callable[[], object],
    ) -> None:
        super().__init__(bar)
        self._bar = bar
        self._context = context
        self._run = run
        self._measure = measure
        self._calls = Calls(lambda _: None, self)
        self._models: list[RunModel] = []
        #: Whether what is to be said of these was asked for after their end.
        self._is_told = False
        bar.wanted.connect(self.attempt)
        session = context.session
        session.model_changed.connect(self.refresh)
        session.seed_ended.connect(self.refresh)
        session.ended.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Find out what is to be said of the runs that are shown, once they are over."""
        session = self._context.session
        models = list(session.models)
        is_going = session.is_active or not all(model.is_over for model in models)
        if not is_going and self._is_told and _are_same(models, self._models):
            return  # the end of a run is told by several signals
        self._models, self._is_told = models, not is_going
        has_begun = any(model.began is not None or model.is_over for model in models)
        self._bar.show_findings((), is_over=False)
        spec = models[0].spec if models else None
        if is_going or not has_begun or spec is None:
            return
        facts = [facts_of(model) for model in models]
        catalogue, history = self._context.presenter.catalogue, self._context.history
        self._calls.make(
            lambda: _findings(spec, facts, catalogue, history),
            lambda spoken: self._show(models, spoken),
        )

    def _show(self, models: Sequence[RunModel], spoken: Sequence[Finding]) -> None:
        if models is self._models:
            self._bar.show_findings(spoken, is_over=True)

    def attempt(self, remedy: Remedy) -> None:
        """Do what a remedy says."""
        if self._context.session.is_active:
            return
        if remedy.kind == "transfer":
            self._measure()
        elif self._models and self._models[0].spec is not None:
            self._context.presenter.adopt(changed(self._models[0].spec, remedy.changes))
            self._run()

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being found out; whether it ended."""
        return self._calls.wait(milliseconds)


def _are_same(models: Sequence[RunModel], others: Sequence[RunModel]) -> bool:
    return len(models) == len(others) and all(a is b for a, b in zip(models, others, strict=True))


def _findings(
    spec: Spec, facts: Sequence[RunFacts], catalogue: Catalogue, history: HistoryBackend
) -> list[Finding]:
    """In a thread: what is to be said, with what sharing changes where that is known."""
    load_distributions()
    known = [replace(each, delta_m=_delta_m(spec, each, catalogue, history)) for each in facts]
    spoken = findings(Setup(spec, known), say)
    # That one seed shows nothing is said by the line of seeds, where more can be added.
    return [each for each in spoken if each.remedy is None or each.remedy.kind != "seeds"]


def _delta_m(
    spec: Spec, facts: RunFacts, catalogue: Catalogue, history: HistoryBackend
) -> float | None:
    if facts.ending != "done" or len(facts.tasks) < 2:
        return None
    try:
        scores = history.scores(spec, facts.seed)
        if scores is None:
            return None
        return known_delta_m(
            spec, catalogue, scores, facts.tasks, lambda alone: history.scores(alone, facts.seed)
        )
    except OSError:
        return None
