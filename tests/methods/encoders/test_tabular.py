"""The network for tables: embedded categories, numbers as they are, residual blocks."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, given, methods, training
from workbench.engine.layers.columns import EmbeddedColumns
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Vector
from workbench.methods.encoders.tabular import TableBlock, Tabular
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Spec, TaskChoice


def network(kind: Vector, **settings: Any) -> tuple[Tabular, nn.Sequential]:
    encoder = Tabular(Tabular.Settings(**settings))
    return encoder, nn.Sequential(encoder.stem(kind), *encoder.body())


@pytest.mark.parametrize("norm", ["layer", "batch", "none"])
def test_rows_become_features_and_every_parameter_learns(norm: str):
    encoder, net = network(Vector(6, ((1, 4),)), width=8, norm=norm, embedding=3)
    rows = torch.randn(5, 6)
    rows[:, 1:4] = torch.eye(3)[torch.tensor([0, 1, 2, 1, 0])]
    features = net(rows)
    assert features.shape == (5, encoder.width) == (5, 8)
    features.pow(3).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_a_category_is_its_row_and_a_missing_one_is_zeros():
    layer = EmbeddedColumns(6, [(0, 2), (3, 6)], 4)
    first, second = layer.tables
    rows = torch.tensor([[0.0, 1.0, 7.5, 1.0, 0.0, 0.0], [1.0, 0.0, -2.0, 0.0, 0.0, 0.0]])
    expected = torch.stack(
        [
            torch.cat([torch.tensor([7.5]), first[1], second[0]]),
            torch.cat([torch.tensor([-2.0]), first[0], torch.zeros(4)]),
        ]
    )
    assert torch.equal(layer(rows), expected)
    assert layer.n_out == 9


def test_without_categories_all_are_numbers():
    _, net = network(Vector(5), width=8)
    assert isinstance(net[0], nn.Linear)


def test_a_block_is_the_papers():
    block, x = TableBlock(4, 6, "layer", 0.0), torch.randn(3, 4)
    inner = block.up(nn.functional.layer_norm(x, (4,))).relu()
    torch.testing.assert_close(block(x), x + block.down(inner))


def test_pictures_are_refused():
    with pytest.raises(BadSpecError, match="rows of a table; found image"):
        Tabular(Tabular.Settings()).stem(Image(1, 8, 8))


def table(path: Path) -> Spec:
    """A table of which one column says all: which of 40 towns is inland, told by name alone."""
    generator = torch.Generator().manual_seed(0)
    towns = torch.randint(40, (600,), generator=generator)
    noise = torch.randn(600, generator=generator)
    is_inland = torch.rand(40, generator=generator) < 0.5
    lines = ["size,town,inland"]
    lines += [
        f"{size:.3f},town{town},{'yes' if is_inland[town] else 'no'}"
        for size, town in zip(noise.tolist(), towns.tolist(), strict=True)
    ]
    path.write_text("\n".join(lines))
    return given(
        tasks=(TaskChoice(family="table", file=str(path), targets={"inland": "classes"}),),
        encoder=Choice(kind="tabular", width=16),
        training=training(epochs=12, evaluate_every=0),
    )


def test_the_columns_of_a_file_are_known_for_what_they_are_and_learned(tmp_path: Path):
    run = Run(table(tmp_path / "towns.csv"), methods())
    (task,) = run.trainer.update.tasks.values()
    (kind,) = task.inputs.values()
    assert isinstance(kind, Vector)
    ((start, stop),) = kind.categories
    assert all(name.startswith("town =") for name in task.columns[start:stop])
    assert stop - start == 40
    rows = task.data["train"].inputs["row"][:, start:stop]
    assert torch.equal(rows.sum(1), torch.ones(len(rows)))
    end = run.to_the_end().last
    assert isinstance(end, Finished), end
    assert float(end.matrix[-1][0]) > 0.9


def test_a_column_of_categories_does_not_change_what_a_network_begins_with():
    assert repr(Vector(6, ((1, 4),))) == repr(Vector(6)) == "Vector(n=6)"
