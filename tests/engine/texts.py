"""Small tasks on texts: lists of tokens to be said again, turned round or one further."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from workbench.engine.roles.task import NOT_ASKED, PADDING, Part, Task, Tokens, TokensOut

END, FIRST = 1, 8
VOCABULARY, LENGTH = 17, 16

Letters = list[int]
#: By name: what is asked of a list of letters.
ASKED: Mapping[str, Callable[[Letters], Letters]] = {
    "again": list,
    "turned": lambda letters: letters[::-1],
    "next": lambda letters: [FIRST + (x - FIRST + 1) % (VOCABULARY - FIRST) for x in letters],
}


def stream(question: Sequence[int], tag: int, answer: Sequence[int]) -> tuple[Letters, Letters]:
    """Tokens and targets of one example, without padding."""
    tokens = [*question, tag, *answer]
    target = [NOT_ASKED] * len(question) + [*answer, END]
    return tokens, target


def filled(rows: Sequence[Sequence[int]], filler: int, length: int = LENGTH) -> Tensor:
    """Lists as a tensor [N, length]."""
    made = torch.full((len(rows), length), filler)
    for row, values in zip(made, rows, strict=True):
        row[: len(values)] = torch.tensor(values)
    return made


def text_tasks(
    n: int = 24, names: Sequence[str] = tuple(ASKED), head: str = "", padded: int = LENGTH
) -> list[Task]:
    """A task for each thing that is asked, each with lists of its own, filled up to a length."""
    tasks: list[Task] = []
    for tag, name in enumerate(names, 2):
        generator = torch.Generator().manual_seed(tag)
        data: dict[str, Part] = {}
        for split in ("train", "val", "test"):
            examples: list[tuple[Letters, Letters]] = []
            for size in torch.randint(1, 7, (n,), generator=generator).tolist():
                drawn = torch.randint(FIRST, VOCABULARY, (size,), generator=generator).tolist()
                examples.append(stream(drawn, tag, ASKED[name](drawn)))
            tokens = filled([tokens for tokens, _ in examples], PADDING, padded)
            target = filled([target for _, target in examples], NOT_ASKED, padded)
            data[split] = Part({"text": tokens}, target)
        kinds = {"text": Tokens(VOCABULARY, LENGTH)}
        tasks.append(Task(name, kinds, TokensOut(VOCABULARY, END), data, head=head))
    return tasks
