"""Streaming LDA: the stream's figures are those of all examples at once, in any order."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.toys import Run, same, sgd, split_digits, training
from workbench.methods.retention.slda import Discriminant
from workbench.spec.experiment import Choice, TaskChoice

TASKS = (TaskChoice(family="digits-split", n_tasks=5, scenario="class"),)


@given(st.integers(0, 1000), st.integers(1, 7))
def test_a_stream_in_any_order_equals_the_batch_formula(seed: int, size: int):
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(40, 3, generator=generator, dtype=torch.float64)
    labels = torch.randint(0, 3, (40,), generator=generator)
    discriminant = Discriminant(4, 3, rows)
    for chosen in torch.randperm(40, generator=generator).split(size):
        discriminant.add(rows[chosen], labels[chosen])
    scatter = torch.zeros(3, 3, dtype=torch.float64)
    for label in labels.unique().tolist():
        mine = rows[labels == label]
        assert torch.allclose(discriminant.means[label], mine.mean(0))
        scatter += (mine - mine.mean(0)).T @ (mine - mine.mean(0))
    assert discriminant.counts.tolist() == labels.bincount(minlength=4).tolist()
    assert torch.allclose(discriminant.scatter, scatter)


def test_it_answers_like_the_formula():
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(60, 3, generator=generator, dtype=torch.float64)
    labels = torch.arange(60) % 3
    rows[labels == 1] += 2
    discriminant = Discriminant(4, 3, rows)
    discriminant.add(rows, labels)
    precision = torch.linalg.inv(
        0.9 * discriminant.scatter / 60 + 0.1 * torch.eye(3, dtype=rows.dtype)
    )
    scores = discriminant.scores(rows, 0.1)
    for label in range(3):
        mean = discriminant.means[label]
        expected = rows @ precision @ mean - 0.5 * mean @ precision @ mean
        assert torch.allclose(scores[:, label], expected)
    assert (scores[:, 3] < scores[:, :3].amin(1)).all(), "a class that never came"


@pytest.mark.parametrize("base", [0, 1, 2])
def test_the_network_is_frozen_after_its_base_stages_and_each_example_counts_once(base: int):
    made = Run(
        split_digits(
            tasks=TASKS,
            training=training(epochs=3),
            optimizer=sgd(0.1, momentum=0.9, weight_decay=0.01),
            retention=Choice(kind="slda", base_stages=base),
        )
    )
    at_stage: list[dict[str, torch.Tensor]] = []
    for event in made.trainer.run():
        if type(event).__name__ == "StageBegan":
            at_stage.append({name: values.clone() for name, values in made.parameters.items()})
    for before in at_stage[base:]:
        assert same(made.parameters, before)
    if base:
        assert not same(at_stage[base - 1], made.parameters)
    counts = made.trainer.update.retention.heads["digits-split:10"].counts
    parts = [task.data["train"] for task in made.trainer.update.tasks.values()]
    expected = torch.cat([part.target for part in parts]).bincount(minlength=10)
    assert counts.tolist() == expected.tolist()


def test_it_remembers():
    made = Run(
        split_digits(tasks=TASKS, training=training(epochs=5), retention=Choice(kind="slda"))
    ).to_the_end()
    assert made.last.summary["acc"] > 0.6
