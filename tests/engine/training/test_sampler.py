"""Which examples a step learns from."""

import pytest
import torch

from tests.engine.toys import SPLITS, task
from workbench.engine.roles.batch import slices
from workbench.engine.roles.task import Part, Task, Values
from workbench.engine.training.sampler import Sampler


def sampler(tasks: list[Task], batch_size: int = 8, seed: int = 0) -> Sampler:
    return Sampler(tasks, batch_size, torch.Generator().manual_seed(seed))


def alike(n: int = 20) -> list[Task]:
    """Two tasks on the same inputs."""
    inputs = {split: torch.randn(n, 4) for split in SPLITS}
    return [task("a", n, inputs=inputs), task("b", n, inputs=inputs)]


def rows(values: torch.Tensor) -> list[tuple[float, ...]]:
    return sorted(tuple(row) for row in values.tolist())


@pytest.mark.parametrize(("n", "batch_size"), [(20, 8), (16, 8), (20, 64), (1, 1), (300, 4)])
def test_every_example_comes_once_an_epoch(n: int, batch_size: int):
    tasks = alike(n)
    draws = sampler(tasks, batch_size)
    for _ in range(3):
        batches = [draws.draw() for _ in range(draws.steps_per_epoch)]
        seen = torch.cat([batch["a"].inputs["x"] for batch in batches])
        assert rows(seen) == rows(tasks[0].data["train"].inputs["x"])


def test_the_last_batch_of_an_epoch_may_be_smaller():
    draws = sampler(alike(20), 8)
    assert [len(draws.draw()["a"]) for _ in range(6)] == [8, 8, 4, 8, 8, 4]


def test_epochs_differ_in_order():
    draws = sampler(alike(64), 64)
    assert not torch.equal(draws.draw()["a"].inputs["x"], draws.draw()["a"].inputs["x"])


def test_tasks_on_the_same_inputs_get_the_same_tensor():
    batch = sampler(alike()).draw()
    assert batch["a"].inputs["x"] is batch["b"].inputs["x"]


@pytest.mark.parametrize("second", ["classes", "values"])
def test_targets_belong_to_their_inputs(second: str):
    first, other = alike()
    if second == "values":
        inputs = {split: part.inputs["x"] for split, part in first.data.items()}
        other = task("b", output=Values(1), inputs=inputs)
    draws = sampler([first, other])
    for _ in range(7):
        batch = draws.draw()
        for made in (first, other):
            data, part = made.data["train"], batch[made.name]
            where = (part.inputs["x"][:, None] == data.inputs["x"][None]).all(-1).nonzero()[:, 1]
            assert torch.equal(part.target, data.target[where])


def test_a_smaller_task_begins_again_while_a_larger_one_goes_on():
    small, large = task("small", 6), task("large", 20)
    draws = sampler([small, large], 4)
    assert draws.steps_per_epoch == 5
    batches = [draws.draw() for _ in range(10)]
    assert [len(batch["small"]) for batch in batches[:4]] == [4, 2, 4, 2]
    assert [len(batch["large"]) for batch in batches] == [4] * 10
    first = torch.cat([batch["small"].inputs["x"] for batch in batches[:2]])
    assert rows(first) == rows(small.data["train"].inputs["x"])


def test_a_smaller_task_that_rests_comes_once_an_epoch_too():
    small, large = task("small", 6), task("large", 20)
    draws = Sampler([small, large], 4, torch.Generator().manual_seed(0), rests=True)
    batches = [draws.draw() for _ in range(10)]
    assert [len(batch["small"]) for batch in batches if "small" in batch] == [4, 2] * 2
    assert ["small" in batch for batch in batches] == [False, False, True, False, True] * 2
    assert [len(batch["large"]) for batch in batches] == [4] * 10
    loaded = Sampler([small, large], 4, torch.Generator().manual_seed(1), rests=True)
    loaded.load_state_dict(draws.state_dict())
    for _ in range(7):
        one, two = draws.draw(), loaded.draw()
        assert {name: part.target.tolist() for name, part in one.items()} == {
            name: part.target.tolist() for name, part in two.items()
        }


def test_a_source_keeps_its_order_whatever_is_drawn_beside_it():
    a, b, other = *alike(40), task("other", 11)
    beside, by_itself = sampler([other, a, b], 4), sampler([a], 4)
    again = sampler([other], 4)
    for _ in range(30):
        batch = beside.draw()
        assert torch.equal(batch["a"].inputs["x"], by_itself.draw()["a"].inputs["x"])
        assert torch.equal(batch["other"].inputs["x"], again.draw()["other"].inputs["x"])


def test_a_checkpoint_of_one_stream_for_all_sources_goes_on():
    tasks = [*alike(), task("other", 11)]
    generator = torch.Generator().manual_seed(7)
    state = sampler(tasks, 4).state_dict()
    for saved in state["sources"]:
        del saved["generator"]
    first, second = sampler(tasks, 4), sampler(tasks, 4, seed=1)
    for draws in (first, second):
        draws.load_state_dict({**state, "generator": generator.get_state()})
    for _ in range(12):
        assert torch.equal(first.draw()["other"].target, second.draw()["other"].target)


def test_tasks_come_in_the_order_given():
    a, b = alike()
    draws = sampler([a, task("other"), b])
    assert list(draws.draw()) == ["a", "other", "b"]


def test_views_of_one_tensor_with_different_names_are_not_mixed_up():
    a = task("a")
    data = {split: Part({"y": part.inputs["x"]}, part.target) for split, part in a.data.items()}
    b = Task("b", {"y": a.input}, a.output, data)
    batch = sampler([a, b]).draw()
    assert list(batch["a"].inputs) == ["x"]
    assert list(batch["b"].inputs) == ["y"]


@pytest.mark.parametrize("n_before", [0, 1, 3, 5, 40])
def test_a_loaded_sampler_draws_what_the_saved_one_would(n_before: int):
    tasks = [*alike(), task("other", 11)]
    saved, loaded = sampler(tasks, 4, seed=0), sampler(tasks, 4, seed=1)
    for _ in range(n_before):
        saved.draw()
    loaded.load_state_dict(saved.state_dict())
    for _ in range(30):
        one, two = saved.draw(), loaded.draw()
        for name in one:
            assert torch.equal(one[name].inputs["x"], two[name].inputs["x"])
            assert torch.equal(one[name].target, two[name].target)


def test_what_was_shown_is_known_before_and_after_the_first_pass():
    a, b, small = *alike(20), task("small", 6)
    draws = sampler([a, b, small], 8)
    assert {len(item) for item in draws.shown.values()} == {0}
    batch = draws.draw()
    inputs = a.data["train"].inputs["x"]
    assert torch.equal(inputs[draws.shown["a"]], batch["a"].inputs["x"])
    assert not draws.is_all_shown
    assert len(draws.shown["small"]) == 6
    for _ in range(3):  # the last of them begins a second pass
        draws.draw()
    assert draws.is_all_shown
    assert sorted(draws.shown["b"].tolist()) == list(range(20))
    again = sampler([*alike(20), task("small", 6)], 8)
    again.load_state_dict(draws.state_dict())
    assert again.is_all_shown


def test_slices_cover_tasks_of_different_sizes_and_keep_shared_inputs_shared():
    a, b = alike(20)
    parts = {made.name: made.data["val"] for made in (a, b, task("short", 5))}
    pieces = list(slices(parts, 8))
    assert [{name: len(part) for name, part in piece.items()} for piece in pieces] == [
        {"a": 8, "b": 8, "short": 5},
        {"a": 8, "b": 8},
        {"a": 4, "b": 4},
    ]
    assert all(piece["a"].inputs["x"] is piece["b"].inputs["x"] for piece in pieces)
    whole = torch.cat([piece["a"].target for piece in pieces])
    assert torch.equal(whole, parts["a"].target)
