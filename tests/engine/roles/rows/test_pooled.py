"""Pooled rows: whatever is asked of them is what a plain tensor with the same values answers."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from workbench.engine.roles.batch import slices
from workbench.engine.roles.episodes import as_rows, rows_of
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Classes, Episodes, Image, Part, Task
from workbench.engine.training.sampler import Sampler

N_TASKS, ROWS, SHAPE = 50, 6, (1, 4, 4)
MODES = (torch.enable_grad, torch.no_grad, torch.inference_mode)


def pooled(*, is_bytes: bool = True) -> Pooled:
    generator = torch.Generator().manual_seed(0)
    pool = torch.randint(0, 256, (100, *SHAPE), generator=generator, dtype=torch.uint8)
    positions = torch.randint(0, 100, (N_TASKS, ROWS), generator=generator)
    return Pooled(pool if is_bytes else pool.float(), positions)


SOME = torch.tensor([3, 1, 1])

#: What there may be asked, by whether the answer is pooled again.
PLAIN: dict[str, Callable[[Tensor], Tensor]] = {
    "drawn": lambda x: x.index_select(0, SOME),
    "indexed": lambda x: x[SOME],
    "indexed twice": lambda x: x[SOME, SOME],
    "masked": lambda x: x[torch.arange(N_TASKS) % 3 == 0],
    "cut": lambda x: x[2:5],
    "cut from behind": lambda x: x[-7::2],
    "one": lambda x: x[4],
    "a row of each": lambda x: x[:, 2],
    "a corner of pictures": lambda x: x[..., 1:3, ::2],
    "split": lambda x: x.split(20)[1],
    "flattened whole": lambda x: x.flatten(1),
    "rows flattened": lambda x: x.flatten(2),
    "transposed": lambda x: x.transpose(0, 1),
    "reckoned with": lambda x: x * 2 + x,
    "summed": lambda x: x.mean(),
    "together": lambda x: torch.cat([x, x]),
    "stacked": lambda x: torch.stack([x, x], 1),
    "in double precision": lambda x: x.double(),
    "vectorised": lambda x: torch.func.vmap(lambda rows: rows.sum(1))(x),
}
POOLED: dict[str, Callable[[Tensor], Tensor]] = {
    "queries": lambda x: x[:, 2:],
    "rows in a row": lambda x: x.flatten(0, 1),
    "queries in a row": lambda x: x[:, 2:].flatten(0, 1),
    "otherwise by row": lambda x: x.reshape(N_TASKS // 2, -1, *SHAPE),
    "moved": lambda x: x.to(torch.device("cpu"), copy=True),
    "as it is": lambda x: x.float().contiguous().cpu().detach(),
    "copied": lambda x: x.clone(),
    "copied deeply": copy.deepcopy,
    "sent": lambda x: pickle.loads(pickle.dumps(x)),  # noqa: S301 - our own
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("is_bytes", [True, False])
@pytest.mark.parametrize("asked", [*PLAIN, *POOLED])
def test_it_answers_as_a_plain_tensor_does(asked: str, is_bytes: bool, mode: Any):
    x = pooled(is_bytes=is_bytes)
    with mode():
        answer = {**PLAIN, **POOLED}[asked](x)
        expected = {**PLAIN, **POOLED}[asked](x.plain())
        assert isinstance(answer, Pooled) == (asked in POOLED)
        values = answer.plain() if isinstance(answer, Pooled) else answer
        assert torch.equal(values, expected)
        assert (answer.shape, answer.dtype) == (expected.shape, expected.dtype)
        assert answer.numpy().tolist() == expected.tolist() == answer.tolist()


@pytest.mark.parametrize("mode", MODES)
def test_layers_take_it(mode: Any):
    x = pooled().flatten(0, 1)
    assert isinstance(x, Pooled)
    for layer in (nn.Sequential(nn.Flatten(1), nn.Linear(16, 3)), nn.Conv2d(1, 2, 3)):
        with mode():
            assert torch.equal(layer(x), layer(x.plain()))


def test_gradients_of_what_takes_it_are_as_ever():
    x, gradients = pooled().flatten(0, 1), []
    for values in (x, x.plain()):
        layer = nn.Linear(4, 3, bias=False)
        nn.init.constant_(layer.weight, 0.1)
        layer(values).square().sum().backward()
        gradients.append(layer.weight.grad)
    torch.testing.assert_close(*gradients)


def test_pictures_of_bytes_are_from_0_to_1():
    x = Pooled(torch.tensor([[0], [51], [255]], dtype=torch.uint8), torch.tensor([[2, 1, 0]]))
    assert x.plain().tolist() == [[[1.0], [pytest.approx(0.2)], [0.0]]]
    assert x.dtype == torch.float32


def task(n: int = N_TASKS) -> Task:
    part = Part({"x": pooled()}, (torch.arange(ROWS) % 2).repeat(n, 1))
    data = dict.fromkeys(("train", "val", "test"), part)
    return Task("t", {"x": Image(*SHAPE)}, Classes(2), data, episodes=Episodes(4, 2))


def test_batches_of_it_are_the_episodes_that_were_drawn():
    made = task()
    sampler = Sampler([made], 8, torch.Generator().manual_seed(0))
    for _ in range(12):
        batch = sampler.draw()["t"]
        x = batch.inputs["x"]
        assert not isinstance(x, Pooled)
        assert torch.equal(x, made.data["train"].inputs["x"][sampler.drawn["t"]])


def test_rows_of_it_take_no_more_memory():
    made = task()
    whole = made.data["test"].inputs["x"]
    (flat,) = as_rows([made])
    for split, n in (("train", N_TASKS * ROWS), ("test", N_TASKS * 2)):
        x = flat.data[split].inputs["x"]
        assert isinstance(x, Pooled)
        assert x.shape == (n, *SHAPE)
        assert x.n_bytes == x.pool.nbytes + 8 * n
    queries = flat.data["test"].inputs["x"]
    assert torch.equal(torch.as_tensor(queries.tolist()), whole[:, 4:].flatten(0, 1) + 0)
    assert torch.equal(rows_of(made.data["val"][:2]).inputs["x"], whole[:2].flatten(0, 1))


def test_pieces_of_it_are_all_of_it():
    made = task()
    pieces = [batch["t"].inputs["x"] for batch in slices({"t": made.data["val"]}, 16)]
    assert [len(piece) for piece in pieces] == [16, 16, 16, 2]
    assert torch.equal(torch.cat(pieces), made.data["val"].inputs["x"] + 0)
