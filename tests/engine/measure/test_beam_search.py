"""A search finds what a look at every answer finds, and at width 1 what is written greedily."""

from itertools import product

import pytest
import torch
from torch import Tensor

from tests.contracts.faces import SHARINGS
from tests.contracts.test_causal import made
from tests.engine.texts import text_tasks
from workbench.engine.measure.beam_search import Beam, searched
from workbench.engine.measure.generation import prompts_of, tokens_written, written
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.task import PADDING, Part

END = 1


def model(batch: Batch) -> dict[str, Tensor]:
    """Four tokens, whose next follows from the last two by drawn numbers; keeps what it saw."""
    table = torch.randn(4, 4, 4, generator=torch.Generator().manual_seed(3))
    return {
        name: torch.stack([table[part.inputs["text"][:, -1], 0]], 1) for name, part in batch.items()
    }


def likelihood(prompt: list[int], answer: list[int]) -> float:
    total, last = 0.0, prompt[-1]
    for token in answer:
        part = Part({"text": torch.tensor([[last]])}, torch.zeros(1, 1))
        logs = model({"a": part})["a"][0, -1].log_softmax(-1)
        total, last = total + logs[token].item(), token
    return total


@pytest.mark.parametrize("penalty", [0.0, 0.6, 1.0])
def test_a_wide_search_finds_the_best_of_all_answers(penalty: float):
    prompt = [2, 3]
    answers = [[*body, END] for n in range(5) for body in product((0, 2, 3), repeat=n)]
    best = max(answers, key=lambda answer: likelihood(prompt, answer) / len(answer) ** penalty)
    found = searched(model, "a", "text", prompt, END, Beam(400, penalty, most=5))
    assert found == best


def test_width_1_takes_the_likeliest_token_each_time():
    tasks = text_tasks(5)
    known = made(SHARINGS[0], tasks)
    for task in tasks:
        part = task.data["test"]
        given = prompts_of(task, part)
        expected = tokens_written(written(known, {task.name: given})[task.name], END)
        for row, (n, most) in enumerate(zip(given.lengths, given.most, strict=True)):
            prompt = given.tokens[row, : int(n)].tolist()
            beam = Beam(1, most=int(most))
            found = searched(known, task.name, "text", prompt, END, beam)
            while found and found[-1] == PADDING:  # which fills up what is written
                found.pop()
            assert found == expected[row]


def test_no_number_is_no_answer():
    def broken(batch: Batch) -> dict[str, Tensor]:
        return {name: output * torch.nan for name, output in model(batch).items()}

    assert searched(broken, "a", "text", [2], END, Beam(3)) == []
