"""Request: a sweep as it is asked for, on the command line or in the window."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.spec.entry import Catalogue
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.study.search.definition import (
    MOST_TRIALS,
    SAMPLERS,
    Definition,
    Sampler,
    refuse_unfit,
)
from workbench.study.search.fields import is_whole
from workbench.study.search.objective import MEAN, MOST, objective_of
from workbench.study.search.space import BadSpaceError, parse_axis


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `over` as `KEY=SPACE`, `objectives` as name and direction."""

    over: Sequence[str]
    sampler: str = "tpe"
    n_trials: int | None = None
    objectives: Sequence[tuple[str, str]] = ((MEAN, "auto"),)
    prunes: bool = False
    seed: int = 0

    def draft(self, spec: Spec, catalogue: Catalogue) -> Definition:
        """The sweep without its objectives, which need the tasks. Raises BadSpaceError."""
        sampler: Sampler | None = next((s for s in SAMPLERS if s == self.sampler), None)
        if sampler is None:
            allowed = ", ".join(SAMPLERS)
            raise BadSpaceError(f"--sampler: found '{self.sampler}'; allowed: {allowed}")
        if self.n_trials is not None and not 0 < self.n_trials <= MOST_TRIALS:
            raise BadSpaceError(f"--trials: found {self.n_trials}; allowed: 1 to {MOST_TRIALS:,}")
        names = [name for name, _ in self.objectives]
        if not 0 < len(names) <= MOST or len(set(names)) < len(names):
            message = f"found {', '.join(names) or 'none'}; allowed: one to {MOST}, each once"
            raise BadSpaceError(f"--objective: {message}")
        if self.prunes and len(names) > 1:
            message = (
                "trials are pruned by one objective; a Pareto front has no way to say who lags"
            )
            raise BadSpaceError(f"--prune: {message}")
        keys = [(text, text.partition("=")[0].strip()) for text in self.over]
        axes = [parse_axis(text, is_whole=is_whole(spec, catalogue, key)) for text, key in keys]
        if not axes:
            raise BadSpaceError("--over: nothing is swept; name a setting, as in optimizer.lr=…")
        refuse_unfit(spec, axes, catalogue)
        draft = Definition(spec, tuple(axes), sampler, (), self.n_trials, self.prunes, self.seed)
        if sampler == "grid" and (n := len(draft.points)) > MOST_TRIALS:
            message = f"found {n:,} points; allowed: {MOST_TRIALS:,}, or another sampler"
            raise BadSpaceError(f"--sampler grid: {message}")
        return draft

    def mark(self, draft: Definition) -> str:
        """What an earlier sweep has that was asked for in the same way."""
        return draft.mark_for(self.objectives)

    def whole(
        self, draft: Definition, tasks: Sequence[TaskFacts], catalogue: Catalogue
    ) -> Definition:
        """The sweep with its objectives. Raises BadSpaceError."""
        n_stages = stages_of(draft.spec, catalogue)
        taught = [task for task in tasks if task.n_train]
        objectives = [objective_of(name, way, taught, n_stages) for name, way in self.objectives]
        return replace(draft, objectives=tuple(objectives))


def stages_of(spec: Spec, catalogue: Catalogue) -> int:
    """1 where the curriculum has one stage; 2 stands for several."""
    entry = catalogue.get(("curriculum", spec.curriculum.kind))
    gives = entry.gives_with(spec.curriculum.settings) if entry is not None else set[str]()
    return 2 if "stages" in gives else 1
