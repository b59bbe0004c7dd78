"""Generation: answers written token by token, each from the question and what was written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.engine.layers.caching import Cache, cached
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.metric import answers_of
from workbench.engine.roles.task import PADDING, Part, Task, TokensOut
from workbench.engine.roles.texts.text import prompt_lengths, references

#: Gives the outputs [B, L, n] by task of a batch of texts [B, L].
Ask = Callable[[Batch], Mapping[str, Tensor]]

#: An answer is cut off where it is so many times as long as the right one, and this much more.
_TIMES, _MORE = 2, 2


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is read before the answers of one task begin: `tokens` [B, P], `lengths` [B].

    `most` [B] are the tokens that each answer may have; `end` is the one that ends it, where there
    is such.
    """

    view: str
    tokens: Tensor
    lengths: Tensor
    most: Tensor
    end: int | None

    def __len__(self) -> int:
        return len(self.tokens)


def prompts_of(task: Task, part: Part) -> Prompts:
    """The questions of a task's examples, each with room for twice what the right answer has."""
    assert isinstance(task.output, TokensOut)
    ((view, tokens),) = part.inputs.items()
    starts = prompt_lengths(part.target)
    if task.output.end is None:
        most = torch.ones_like(starts)
    else:
        sizes = [_TIMES * len(row) + _MORE for row in references(part.target)]
        most = torch.tensor(sizes, device=tokens.device)
    longest = int(starts.max()) if len(starts) else 0
    return Prompts(view, tokens[:, :longest], starts, most, task.output.end)


def written(ask: Ask, prompts: Mapping[str, Prompts], *, keeps: bool = True) -> dict[str, Tensor]:
    """The likeliest next token, again and again: answers [B, G] by task, PADDING after their ends.

    All texts are at the same place at a time: one whose question is longer is still reading it
    while another is written, so that no place needs a mask. With `keeps` what was seen of a text is
    kept between the passes; without it the whole text is read again for each token.
    """
    streams = {
        name: _Stream(prompts_by_task)
        for name, prompts_by_task in prompts.items()
        if len(prompts_by_task)
    }
    if not streams:
        return {}
    place = min(int(stream.prompts_by_task.lengths.min()) for stream in streams.values())
    cache, start = Cache(), 0
    with torch.inference_mode():
        while True:
            batch = {name: stream.part(start, place) for name, stream in streams.items()}
            if keeps:
                with cached(cache):
                    outputs = ask(batch)
                start = place
            else:
                outputs = ask(batch)
            for name, stream in streams.items():
                stream.take(place, answers_of(outputs[name][:, -1]))
            if all(stream.is_done for stream in streams.values()):
                break
            place += 1
    return {name: stream.answers() for name, stream in streams.items()}


class _Stream:
    """The texts of one task while they are written."""

    def __init__(self, prompts_by_task: Prompts) -> None:
        self.prompts_by_task = prompts_by_task
        n, length = prompts_by_task.tokens.shape
        self.room = int((prompts_by_task.lengths + prompts_by_task.most).max())
        self.tokens = prompts_by_task.tokens.new_full((n, max(self.room, length)), PADDING)
        self.tokens[:, :length] = prompts_by_task.tokens
        places = torch.arange(self.tokens.shape[1], device=prompts_by_task.tokens.device)
        self.tokens[places >= prompts_by_task.lengths[:, None]] = PADDING
        self.open = torch.ones(n, dtype=torch.bool, device=prompts_by_task.tokens.device)

    def part(self, start: int, end: int) -> Part:
        """Places `start` to `end` of every text; after the end of a text there is padding."""
        tokens = self.tokens[:, start:end]
        missing = end - start - tokens.shape[1]
        if missing > 0:  # other tasks' texts are longer
            tokens = torch.nn.functional.pad(tokens, (0, missing), value=PADDING)
        return Part({self.prompts_by_task.view: tokens}, tokens)

    def take(self, place: int, chosen: Tensor) -> None:
        """The token at a place [B], for the texts whose question is read and that go on."""
        if place >= self.tokens.shape[1]:
            self.open[:] = False
            return
        prompts_by_task = self.prompts_by_task
        writes = self.open & (place >= prompts_by_task.lengths)
        # What is no number is no token; an answer that has one is wrong, and goes on.
        token = chosen.clamp_min(PADDING)
        self.tokens[:, place] = torch.where(writes, token, self.tokens[:, place])
        is_full = place + 1 >= prompts_by_task.lengths + prompts_by_task.most
        if prompts_by_task.end is not None:
            is_full |= chosen == prompts_by_task.end
        self.open &= ~(writes & is_full)

    @property
    def is_done(self) -> bool:
        return not bool(self.open.any())

    def answers(self) -> Tensor:
        """What was written after each question, [B, G]."""
        most = max(self.room - int(self.prompts_by_task.lengths.min()), 1)
        places = self.prompts_by_task.lengths[:, None] + torch.arange(
            most, device=self.tokens.device
        )
        inside = places < self.tokens.shape[1]
        taken = self.tokens.gather(1, places.clamp_max(self.tokens.shape[1] - 1))
        return torch.where(inside, taken, PADDING)


def tokens_written(answers: Tensor, end: int | None) -> list[list[int]]:
    """Answers [B, G] as lists, each up to and with the token that ends it, without padding."""
    made: list[list[int]] = []
    for row in answers.tolist():
        stop = row.index(end) + 1 if end is not None and end in row else len(row)
        made.append(_without_padding(row[:stop]))
    return made


def _without_padding(row: Sequence[int]) -> list[int]:
    last = next((i for i in range(len(row), 0, -1) if row[i - 1] != PADDING), 0)
    return list(row[:last])
