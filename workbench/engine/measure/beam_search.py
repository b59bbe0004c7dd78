"""Beam search: the best of several answers that are written side by side."""

import math
from dataclasses import dataclass

import torch

from workbench.engine.layers.caching import Cache, cached
from workbench.engine.measure.generation import Ask
from workbench.engine.roles.task import Part


@dataclass(frozen=True, slots=True)
class Beam:
    """How an answer is looked for: `width` texts side by side, at most `most` tokens each.

    The best is the one with the largest Σ log p / lengthᵃ, with a the `penalty`: at 0 short answers
    win, at 1 their mean probability counts (Wu et al. 2016, without their constant).
    """

    width: int = 1
    penalty: float = 1.0
    most: int = 200


def searched(
    ask: Ask, task: str, view: str, prompt: list[int], end: int | None, beam: Beam
) -> list[int]:
    """The best answer that is found to one question, with the token that ends it.

    What is no number is no token. Width 1 takes the likeliest token each time.
    """
    cache = Cache()
    tokens = torch.tensor([prompt])
    texts: list[list[int]] = [[]]
    scores = torch.zeros(1)
    finished: list[tuple[float, list[int]]] = []
    with torch.inference_mode():
        for _ in range(beam.most):
            with cached(cache):
                output = ask({task: Part({view: tokens}, tokens)})[task][:, -1]
            logs = output.nan_to_num(nan=-torch.inf).log_softmax(-1).nan_to_num(nan=-torch.inf)
            totals = scores[:, None] + logs
            best = totals.flatten().topk(min(2 * beam.width, totals.numel()))
            kept: list[tuple[int, int, float]] = []
            for score, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                row, token = divmod(place, totals.shape[1])
                if math.isinf(score):
                    continue
                if token == end or end is None:
                    is_first = len(kept) < beam.width
                    text = [*texts[row], token]
                    if is_first:
                        finished.append((score / len(text) ** beam.penalty, text))
                elif len(kept) < beam.width:
                    kept.append((row, token, score))
            if not kept or len(finished) >= beam.width:
                break
            texts = [[*texts[row], token] for row, token, _ in kept]
            scores = torch.tensor([score for _, _, score in kept])
            rows = torch.tensor([row for row, _, _ in kept])
            for slot in cache.slots:
                slot.choose(rows)
            tokens = torch.tensor([[token] for _, token, _ in kept])
    if finished:
        return max(finished, key=lambda each: each[0])[1]
    return texts[0]
