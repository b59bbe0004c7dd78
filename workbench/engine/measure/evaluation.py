"""Evaluation: scores of all tasks on one split."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.engine.measure.generation import prompts_of, tokens_written, written
from workbench.engine.numerics.missing import answered_rows
from workbench.engine.roles.batch import Batch, slices
from workbench.engine.roles.metric import Metric, answers_of, score_of
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import NOT_ASKED, Part, Task, Tokens, TokensOut, weight_of
from workbench.engine.roles.texts.cropping import cropped
from workbench.engine.roles.texts.text_metric import TextAnswers, text_score
from workbench.spec.event import Floats, Split

#: Examples passed through the model at once.
_AT_ONCE = 4096

#: Numbers that the outputs of all texts passed through the model at once may have: 32 MB.
_NUMBERS = 2**23

#: Texts written at once.
_WRITTEN_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Answered:
    """A task's answers on a split, the right ones, and the mean loss."""

    output: Tensor | TextAnswers
    target: Tensor
    loss: float


class Evaluator:
    """Scores and losses of every task; leaves the model as it was.

    `answer` gives the outputs by task of a batch, where it is not the model itself that is asked.
    """

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        metrics: Mapping[str, Metric],
        answer: Callable[[Batch], dict[str, Tensor]] | None = None,
    ) -> None:
        self.model = model
        self.answer = answer or model
        self.tasks = tasks
        self.metrics = metrics
        #: The answers of the newest evaluation, where there are texts among them.
        self.answered: dict[str, Answered] = {}
        self._on: dict[str, dict[str, Part]] = {}
        self._at_once = _texts_at_once(tasks)

    def scores(self, split: Split, n_written: int | None = None) -> tuple[Floats, Floats]:
        """Primary score and mean loss of each task on a split, [T] and [T].

        Of texts the first `n_written` answers of each task are written out; all, if None.
        """
        self.answered = self._answered(split, n_written)
        scores = [self._score(name, self.tasks[name].metric) for name in self.tasks]
        losses = [self.answered[name].loss for name in self.tasks]
        self._let_go()
        with np.errstate(over="ignore"):  # what a run that goes astray reaches is infinite
            return np.asarray(scores, dtype=np.float32), np.asarray(losses, dtype=np.float32)

    def answered_on(self, split: Split) -> dict[str, Answered]:
        """The answers of every task on a split, of texts without what would be written."""
        return self._answered(split, 0)

    def more_scores(self) -> dict[str, Floats]:
        """The other metrics of the newest evaluation, [T] by name; NaN: not scored in it."""
        by_task = {name: _live(task) for name, task in self.tasks.items()}
        with np.errstate(over="ignore"):
            more = {
                key: np.asarray(
                    [self._score(n, key) if key in live else np.nan for n, live in by_task.items()],
                    dtype=np.float32,
                )
                for key in dict.fromkeys(key for live in by_task.values() for key in live)
            }
        self._let_go(has_told=True)
        return more

    def all_scores(
        self, split: Split, *, is_known: bool = False
    ) -> dict[str, dict[str, float | None]]:
        """Every metric and the loss of each task on a split, by name, the primary one first.

        Where it `is_known` that the newest evaluation was this one, nothing is asked again.
        """
        if not is_known:
            self.answered = self._answered(split)
        result: dict[str, dict[str, float | None]] = {}
        for name, task in self.tasks.items():
            keys = (task.metric, *task.more_metrics)
            scores = {key: _number(self._score(name, key)) for key in keys}
            result[name] = {**scores, "loss": _number(self.answered[name].loss)}
        self._let_go()
        return result

    def _let_go(self, *, has_told: bool = False) -> None:
        """Outputs that nobody reads again are not kept: of pictures they are large."""
        has_texts = any(isinstance(task.output, TokensOut) for task in self.tasks.values())
        is_read_again = not has_told and any(_live(task) for task in self.tasks.values())
        if not has_texts and not is_read_again:
            self.answered = {}

    def _score(self, name: str, key: str) -> float:
        task, answered, metric = self.tasks[name], self.answered[name], self.metrics[key]
        if isinstance(answered.output, TextAnswers):
            return text_score(metric, task, answered.output, answered.target)
        return score_of(metric, task, answered.output, answered.target)

    def _answered(self, split: Split, n_written: int | None = None) -> dict[str, Answered]:
        was_training = self.model.training
        self.model.eval()
        outputs, texts = self._passed(split)
        texts_written = self._written(split, texts, n_written)
        self.model.train(was_training)
        answered: dict[str, Answered] = {}
        for name, task in self.tasks.items():
            target = task.right_answers(split)
            if name in texts:
                answers = TextAnswers(texts[name].tokens, texts_written[name])
                answered[name] = Answered(answers, target, texts[name].loss)
                continue
            part = task.data[split]
            output = outputs[name]
            if task.lacks_answers:
                output = output[answered_rows(part.target)]
            output, target = _finite(task, output, target)
            weights = task.answered(split).row_weights
            is_plain = weights is None
            loss = task.loss(output, target) if is_plain else task.loss(output, target, weights)
            answered[name] = Answered(output, target, loss.item())
        return answered

    def _passed(self, split: Split) -> tuple[dict[str, Tensor], dict[str, "_Places"]]:
        """Outputs by task on a split; of texts, whose outputs are large, what is kept of them."""
        outputs: dict[str, Tensor] = {}
        done: dict[str, int] = {}
        texts: dict[str, _Places] = {}
        parts = self._parts(split)
        with torch.inference_mode():
            for batch in slices(parts, self._at_once):
                batch = cropped(self.tasks, batch)
                for name, output in self.answer(batch).items():
                    if isinstance(self.tasks[name].output, TokensOut):
                        kept = texts.setdefault(name, _Places(self.tasks[name], split))
                        kept.add(output, batch[name].target)
                        continue
                    # Of a small task several rows are asked.
                    n = len(parts[name]) * (len(output) // len(batch[name]))
                    if len(output) == n:
                        outputs[name] = output
                        continue
                    # Into their place at once: pieces kept one by one would stand in the way of
                    # memory that is freed between them, and an evaluation take what all steps do.
                    if name not in outputs:
                        outputs[name] = output.new_empty(n, *output.shape[1:])
                    start = done.get(name, 0)
                    done[name] = start + len(output)
                    outputs[name][start : done[name]] = output
        return outputs, texts

    def _parts(self, split: Split) -> dict[str, Part]:
        if split not in self._on:
            self._on[split] = {name: task.data[split] for name, task in self.tasks.items()}
        return self._on[split]

    def _written(
        self, split: Split, texts: Mapping[str, "_Places"], n: int | None
    ) -> dict[str, list[list[int]]]:
        """The first `n` answers of each task whose answers are texts; all, if None."""
        parts = {name: self._parts(split)[name][:n] for name in texts}
        answers: dict[str, list[list[int]]] = {name: [] for name in parts}
        for batch in slices(parts, _WRITTEN_AT_ONCE) if parts else ():
            prompts = {name: prompts_of(self.tasks[name], part) for name, part in batch.items()}
            for name, tokens in written(self.answer, prompts).items():
                answers[name] += tokens_written(tokens, prompts[name].end)
        return answers


class _Places:
    """What is kept of the outputs [B, L, n] of a task's texts: the likeliest tokens, the loss."""

    def __init__(self, task: Task, split: Split) -> None:
        self._task = task
        target = task.data[split].target
        self.tokens = torch.full_like(target, NOT_ASKED)
        self._start = 0
        self._losses: list[float] = []
        self._weights: list[float] = []

    def add(self, output: Tensor, target: Tensor) -> None:
        """The outputs of the next examples."""
        n, length = target.shape
        chosen = answers_of(output).where(target != NOT_ASKED, NOT_ASKED)
        # Beside a task of longer texts there are places that this one's never have.
        length = min(length, self.tokens.shape[1])
        self.tokens[self._start : self._start + n, :length] = chosen[:, :length]
        self._start += n
        self._losses.append(self._task.loss(output, target).item())
        self._weights.append(weight_of(self._task.output, target))

    @property
    def loss(self) -> float:
        """The mean over all places that were asked."""
        with np.errstate(over="ignore", invalid="ignore"):
            return float(np.average(self._losses, weights=self._weights))


def _texts_at_once(tasks: Mapping[str, Task]) -> int:
    """Examples of each task passed through the model at once: few where outputs are large."""
    sizes = [
        task.output.n * kind.length
        for task in tasks.values()
        if isinstance(task.output, TokensOut)
        for kind in task.inputs.values()
        if isinstance(kind, Tokens)
    ]
    return max(1, min(_AT_ONCE, _NUMBERS // sum(sizes))) if sizes else _AT_ONCE


def _finite(task: Task, output: Tensor, target: Tensor) -> tuple[Any, Any]:
    """Of a distribution the small tasks whose answers are all finite, where there are such."""
    if task.episodes is None or output.isfinite().all():
        return output, target
    n = task.episodes.query
    is_finite = output.unflatten(0, (-1, n)).flatten(1).isfinite().all(1)
    if not is_finite.any():
        return output, target
    rows = is_finite.repeat_interleave(n)
    return output[rows], target[rows]


def _number(value: Any) -> float | None:
    with np.errstate(over="ignore"):
        number = float(np.float32(value))
    return number if np.isfinite(number) else None


def _live(task: Task) -> tuple[str, ...]:
    """The metrics beside its primary one that a task is scored in with each evaluation."""
    return task.more_metrics if isinstance(task.output, TokensOut) else task.live_metrics
