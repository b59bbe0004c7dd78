"""Answers are written token by token, and what is kept between the tokens changes nothing."""

from collections.abc import Callable, Mapping

import pytest
import torch
from torch import Tensor

from tests.contracts.test_causal import every_strategy, made
from tests.engine.texts import END, FIRST, VOCABULARY, filled, text_tasks
from workbench.engine.measure.generation import Prompts, prompts_of, tokens_written, written
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.task import PADDING, TokensOut
from workbench.spec.entry import Entry


def saying(next_of: Callable[[int, int], int]) -> Callable[[Batch], Mapping[str, Tensor]]:
    """A model whose next token follows from the newest token and its place in the piece."""

    def ask(batch: Batch) -> Mapping[str, Tensor]:
        outputs: dict[str, Tensor] = {}
        for name, part in batch.items():
            tokens = part.inputs["text"]
            outputs[name] = torch.zeros(*tokens.shape, VOCABULARY)
            for row, line in enumerate(tokens.tolist()):
                for place, token in enumerate(line):
                    outputs[name][row, place, next_of(token, place)] = 1.0
        return outputs

    return ask


def prompts(rows: list[list[int]], most: list[int], end: int | None = END) -> Prompts:
    lengths = torch.tensor([len(row) for row in rows])
    return Prompts("text", filled(rows, PADDING), lengths, torch.tensor(most), end)


def test_each_answer_begins_where_its_question_ends_and_stops_at_the_end():
    ask = saying(lambda token, _: END if token == 14 else token + 1)
    given = prompts([[9, 11], [13], [8, 8, 8, 12]], [9, 9, 9])
    answers = written(ask, {"a": given})["a"]
    assert tokens_written(answers, END) == [[12, 13, 14, END], [14, END], [13, 14, END]]


def test_an_answer_without_an_end_is_cut_off():
    given = prompts([[9], [9, 9]], [3, 5])
    answers = written(saying(lambda token, _: token), {"a": given})["a"]
    assert tokens_written(answers, END) == [[9, 9, 9], [9, 9, 9, 9, 9]]


def test_an_answer_of_one_token_is_that_token():
    given = prompts([[9, 3], [12, 3]], [1, 1], end=None)
    answers = written(saying(lambda token, _: 0 if token == 3 else 5), {"a": given})["a"]
    assert answers.tolist() == [[0], [0]]


def test_no_number_is_no_token():
    ask = saying(lambda token, _: token)

    def broken(batch: Batch) -> Mapping[str, Tensor]:
        return {name: output * torch.nan for name, output in ask(batch).items()}

    given = prompts([[9], [9]], [3, 3])
    assert written(broken, {"a": given})["a"].eq(PADDING).all()


def test_there_is_room_for_twice_the_right_answer():
    task = text_tasks(5)[0]
    part = task.data["test"]
    asked = (part.target != -100).sum(1)
    assert prompts_of(task, part).most.tolist() == [2 * n + 2 for n in asked.tolist()]


@every_strategy
def test_with_a_cache_and_without_the_same_is_written(entry: Entry):
    tasks = text_tasks(5)
    model = made(entry, tasks)
    given = {task.name: prompts_of(task, task.data["test"]) for task in tasks}
    kept, again = (written(model, given, keeps=keeps) for keeps in (True, False))
    assert kept.keys() == {task.name for task in tasks}
    for name, answers in kept.items():
        assert torch.equal(answers, again[name])
        assert answers.ne(PADDING).any()


@pytest.mark.parametrize("n", [0, 1])
def test_few_questions(n: int):
    given = prompts([[FIRST]] * n, [2] * n) if n else prompts_of(text_tasks(2)[0], EMPTY)
    answers = written(saying(lambda token, _: token), {"a": given})
    assert len(answers.get("a", ())) == n


_TASK = text_tasks(1)[0]
EMPTY = _TASK.data["test"][:0]
assert isinstance(_TASK.output, TokensOut)
