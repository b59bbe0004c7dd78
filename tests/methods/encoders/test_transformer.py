"""The transformer: causal blocks, whatever is in them proved against the plain formula."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.engine.texts import VOCABULARY
from tests.engine.toys import methods
from workbench.engine.layers.causal import CausalBlock, heads_for, turned
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Tokens, Vector


def transformer(**settings: Any) -> Any:
    method = methods().find("encoder", "transformer", "encoder.kind")
    return method(method.Settings(**settings))


def by_hand(block: CausalBlock, x: Tensor) -> Tensor:
    """One text [L, width] through a block, place by place and head by head."""
    length, width = x.shape
    size = width // block.heads

    def norm(row: Tensor) -> Tensor:
        return functional.layer_norm(row, (width,))

    def turn(row: Tensor, place: int) -> Tensor:
        pairs = row.view(-1, 2)
        angles = place * 10_000.0 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
        cos, sin = angles.cos(), angles.sin()
        a, b = pairs[:, 0], pairs[:, 1]
        return torch.stack([a * cos - b * sin, a * sin + b * cos], 1).flatten()

    rows: list[Tensor] = []
    read = [block.reads(norm(row)) for row in x]
    for place in range(length):
        heads: list[Tensor] = []
        for h in range(block.heads):
            at = slice(h * size, (h + 1) * size)
            query = turn(read[place][:width][at], place)
            keys = [turn(read[j][width : 2 * width][at], j) for j in range(place + 1)]
            scores = torch.stack([query @ key for key in keys]) / math.sqrt(size)
            values = torch.stack([read[j][2 * width :][at] for j in range(place + 1)])
            heads.append(scores.softmax(0) @ values)
        y = x[place] + block.gives(torch.cat(heads))
        rows.append(y + block.down(functional.gelu(block.up(norm(y)))))
    return torch.stack(rows)


def test_a_block_is_the_formula():
    torch.manual_seed(0)
    block = CausalBlock(8, 2).double()
    x = torch.randn(3, 6, 8, dtype=torch.float64)
    expected = torch.stack([by_hand(block, text) for text in x])
    torch.testing.assert_close(block(x), expected, rtol=1e-12, atol=1e-12)


def test_attention_knows_distances_alone():
    x = torch.randn(1, 1, 2, 8, dtype=torch.float64).expand(1, 9, 2, 8)
    y = torch.randn(1, 1, 2, 8, dtype=torch.float64).expand(1, 9, 2, 8)
    products = torch.einsum("blhn,bmhn->hlm", turned(x), turned(y))
    for shift in range(9):
        diagonal = products.diagonal(shift, 1, 2)
        torch.testing.assert_close(diagonal, diagonal[:, :1].expand_as(diagonal))
    torch.testing.assert_close(turned(x[:, :4], 5), turned(x)[:, 5:])


def test_every_block_is_a_stage_and_the_last_ends_in_a_norm():
    encoder = transformer(width=12, heads=2, blocks=3)
    body = encoder.body()
    assert len(body) == 3
    x = encoder.stem(Tokens(VOCABULARY, 5))(torch.randint(VOCABULARY, (2, 5)))
    assert x.shape == (2, 5, encoder.width)
    for stage in body:
        x = stage(x)
    torch.testing.assert_close(x.mean(-1), torch.zeros(2, 5), atol=1e-5, rtol=0)
    torch.testing.assert_close(x.var(-1, correction=0), torch.ones(2, 5), atol=1e-2, rtol=0)


def test_dropout_is_for_training():
    encoder = transformer(width=8, heads=2, blocks=1, dropout=0.5)
    stage = nn.Sequential(*encoder.body())
    x = torch.randn(2, 4, 8)
    assert not torch.equal(stage(x), stage(x))
    assert torch.equal(stage.eval()(x), stage(x))


def test_what_is_refused():
    with pytest.raises(BadSpecError, match="takes texts of tokens; found vector"):
        transformer().stem(Vector(3))
    with pytest.raises(BadSpecError, match="must be a multiple of twice the heads, 4; found 100"):
        transformer(width=100, heads=4)
    with pytest.raises(ValueError, match="cannot be cut into 3 heads"):
        CausalBlock(8, 3)


@pytest.mark.parametrize("width", [2, 6, 96, 100, 128, 2048])
def test_heads_fit_a_width(width: int):
    assert width % (2 * heads_for(width)) == 0
