"""Rows on demand: whatever is asked of them is what a plain tensor with the same values answers."""

import copy
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from workbench.engine.numerics.row_file import RowFile
from workbench.engine.roles.batch import slices
from workbench.engine.roles.rows import on_demand
from workbench.engine.roles.rows.on_demand import ChangedRows, FileRows, OnDemand
from workbench.engine.roles.task import Part

N, SHAPE = 50, (2, 4, 4)
SOME = torch.tensor([3, 1, 1])

ASKED: dict[str, Callable[[Tensor], Tensor]] = {
    "drawn": lambda x: x.index_select(0, SOME),
    "indexed": lambda x: x[SOME],
    "indexed from behind": lambda x: x[torch.tensor([-1, 4])],
    "indexed twice": lambda x: x[SOME, torch.tensor([0, 1, 0])],
    "masked": lambda x: x[torch.arange(N) % 3 == 0],
    "cut": lambda x: x[2:5],
    "cut from behind": lambda x: x[-7::2],
    "one": lambda x: x[-4],
    "a channel of each": lambda x: x[:, 1],
    "split": lambda x: x.split(20)[1],
    "flattened": lambda x: x.flatten(1),
    "reckoned with": lambda x: x * 2 + x,
    "together": lambda x: torch.cat([x, x]),
    "in double precision": lambda x: x.double(),
    "as it is": lambda x: x.float().contiguous().cpu().detach().clone(),
    "copied": copy.deepcopy,
    "to another process": lambda x: pickle.loads(pickle.dumps(x)),  # noqa: S301 - its own
}


def made(kind: str, folder: Path) -> tuple[OnDemand, Tensor]:
    """Rows on demand, and the same as a plain tensor."""
    draw = np.random.default_rng(0)
    positions = torch.from_numpy(draw.permutation(80)[:N])
    if kind == "bytes":
        raw = draw.integers(0, 256, (80, *SHAPE), dtype=np.uint8)
        file = RowFile(folder / "rows", 80, SHAPE, True, (100.0, 50.0), (30.0, 2.0))
        mean, deviation = (torch.tensor(x).view(1, 2, 1, 1) for x in (file.mean, file.deviation))
        plain = (torch.from_numpy(raw).float() - mean) / deviation
    else:
        raw = draw.normal(size=(80, *SHAPE)).astype(np.float32)
        file = RowFile(folder / "rows", 80, SHAPE)
        plain = torch.from_numpy(raw)
    raw.tofile(file.path)
    rows, plain = OnDemand(FileRows(file, positions)), plain[positions]
    return (OnDemand(ChangedRows(rows, torch.neg)), -plain) if kind == "changed" else (rows, plain)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("kind", ["numbers", "bytes", "changed"])
def test_they_answer_as_a_plain_tensor(
    kind: str, is_large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(on_demand, "AT_ONCE", 0 if is_large else 10**6)
    rows, plain = made(kind, tmp_path)
    for asked, ask in ASKED.items():
        for mode in (torch.enable_grad, torch.inference_mode):
            with mode():
                answer = ask(rows)
                assert answer.shape == ask(plain).shape, asked
                whole = answer.plain() if isinstance(answer, OnDemand) else answer
                assert torch.equal(whole, ask(plain)), asked
    assert isinstance(rows[SOME], OnDemand) == is_large
    assert isinstance(rows.to(torch.device("cpu"), copy=True), OnDemand)
    with torch.inference_mode():
        (piece, *_others) = slices({"a": Part({"x": rows}, torch.zeros(N))}, 20)
        assert torch.equal(torch.relu(piece["a"].inputs["x"]), plain[:20].relu())


def test_what_is_no_row_is_refused(tmp_path: Path):
    rows, _ = made("numbers", tmp_path)
    assert isinstance(rows.rows, FileRows)
    with pytest.raises(IndexError, match="from 0 to 79"):
        rows.rows.file.at(np.array([80]))
