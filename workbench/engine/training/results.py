"""Results: the scores of a run, while it goes and at its end."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from workbench.engine.measure.adaptation import Adaptation
from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.measure.translations import copied_scores, has_texts, shares
from workbench.engine.roles.curriculum import Stage
from workbench.engine.training.progress import Progress
from workbench.spec.event import Began, Evaluated, Finished, Split
from workbench.spec.measures import examples_of_one_head, summarise

#: Answers of each task that are written out to be scored while a run goes.
WRITTEN = 100


class Results:
    """Evaluates the tasks, and sums a run up from the rows that its stages left."""

    def __init__(self, evaluator: Evaluator, adaptation: Adaptation | None = None) -> None:
        self.evaluator = evaluator
        #: Of a learner that adapts.
        self.adaptation = adaptation
        #: The step at which the newest evaluation was of all there is to test.
        self._is_whole_at: int | None = None

    def evaluated(
        self, split: Split, step: int, stage: int, *, ends_stage: bool = False
    ) -> Evaluated:
        """Scores and losses of all tasks on a split, in stage number `stage`; −1: before all.

        Texts are written out for a sample of the examples, at the end of a stage for all.
        """
        scores, losses = self.evaluator.scores(split, None if ends_stage else WRITTEN)
        self._is_whole_at = step if ends_stage and split == "test" else None
        more = self.evaluator.more_scores()
        return Evaluated(step, stage, split, scores, losses, ends_stage, more)

    def finished(
        self,
        at: Progress,
        status: Literal["done", "stopped"],
        began: Began,
        stages: Sequence[Stage],
        seconds: tuple[float, float],
    ) -> Finished:
        """The end of a run; `seconds` are those of all of it and those of training alone."""
        n_tasks = len(began.tasks)
        matrix = np.stack(at.rows) if at.rows else np.zeros((0, n_tasks), dtype=np.float32)
        # Tasks that are asked and never taught are in the matrix, and in none of the measures.
        learned = [i for i, facts in enumerate(began.tasks) if facts.n_train]
        taught = [began.tasks[i] for i in learned]
        summary = summarise(
            matrix[:, learned],
            at.baseline[learned] if at.baseline.size else at.baseline,
            [stage.tasks for stage in stages],
            [facts.name for facts in taught],
            [facts.higher_is_better for facts in taught],
            examples_of_one_head(taught),
        )
        # Texts are not written twice: nothing was learned since a stage ended at this step.
        is_known = self._is_whole_at == at.step and has_texts(self.evaluator.tasks)
        scores = self.evaluator.all_scores("test", is_known=is_known)
        return Finished(
            step=at.step,
            status=status,
            matrix=matrix,
            baseline=at.baseline,
            scores=scores,
            summary=summary,
            seconds=seconds[0],
            train_seconds=seconds[1],
            shares=shares(self.evaluator, "test"),
            copied=copied_scores(self.evaluator, "test"),
            adaptation=self.adaptation.facts("test") if self.adaptation is not None else {},
        )
