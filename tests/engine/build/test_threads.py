"""The choice of a thread count leaves no trace."""

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, same, spec, training
from workbench.engine.build import threads
from workbench.engine.training.sampler import Sampler


def test_random_numbers_threads_and_model_stay_as_they_were():
    run = Run(spec())
    run.model.add_module("noise", nn.Dropout(0.5))
    tasks = run.trainer.update.tasks
    batch = Sampler(list(tasks.values()), 8, torch.Generator()).draw()
    before = {name: values.clone() for name, values in run.parameters.items()}
    random, count = torch.get_rng_state(), torch.get_num_threads()
    n_threads = threads.fastest(run.model, tasks, batch)
    assert n_threads >= 1
    assert torch.equal(torch.get_rng_state(), random)
    assert torch.get_num_threads() == count
    assert same(run.parameters, before)
    assert all(parameter.grad is None for parameter in run.model.parameters())


def test_auto_learns_what_a_fixed_count_learns():
    auto = Run(spec(training=training(threads="auto"))).to_the_end()
    count = auto.trainer.began.threads
    fixed = Run(spec(training=training(threads=count))).to_the_end()
    torch.set_num_threads(1)
    assert same(auto.parameters, fixed.parameters)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ({1: 0.0009, 2: 0.0001}, 1),
        ({1: 0.010, 2: 0.012}, 1),
        ({1: 0.010, 2: 0.0098}, 1),
        ({1: 0.010, 2: 0.006, 4: 0.007}, 2),
        ({1: 0.010, 2: 0.006, 4: 0.004, 8: 0.004}, 4),
    ],
)
def test_more_threads_are_used_where_they_help(
    seconds: dict[int, float], expected: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(threads, "_seconds", lambda *_: seconds[torch.get_num_threads()])
    monkeypatch.setattr(threads.os, "cpu_count", lambda: 8)
    assert threads.fastest(torch.nn.Linear(1, 1), {}, {}) == expected
    assert torch.get_num_threads() == 1
