"""tabular: a residual network for the rows of a table, whose categories it embeds."""

from typing import Literal

from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.layers.batch_norm import BatchNorm
from workbench.engine.layers.blocks import Apply, Block
from workbench.engine.layers.columns import EmbeddedColumns
from workbench.engine.layers.stages import Dropout
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import InputKind, Vector
from workbench.spec.settings import Settings, setting

Norm = Literal["layer", "batch", "none"]


class TableBlock(Block):
    """x + W₂ relu(W₁ norm(x)): [B, width] -> [B, width], with dropout after each product."""

    def __init__(self, width: int, hidden: int, norm: Norm, dropout: float) -> None:
        super().__init__()
        self.norm = _norm(norm, width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)
        self.dropout = Dropout(dropout) if dropout else None

    @property
    def weighted(self) -> tuple[nn.Linear | nn.Conv2d, ...]:
        """Its weighted layers, in the order in which they are applied."""
        return self.up, self.down

    def run(self, x: Tensor, apply: Apply) -> Tensor:
        """The features one block further, with `weighted` layers applied by somebody."""
        inner = functional.relu(apply(self.up, self.norm(x)))
        return x + self._dropped(apply(self.down, self._dropped(inner)))

    def _dropped(self, x: Tensor) -> Tensor:
        return x if self.dropout is None else self.dropout(x)


class Tabular(Encoder):
    """Embedded categories and the numbers beside them, then residual blocks of two layers.

    The ResNet for tables of Gorishniy et al. (2021): h₀ = W x, h ← h + W₂ relu(W₁ norm(h)), and
    relu(norm(h)) for the heads. A column of categories goes in as numbers that are learned for each
    category. Where the tasks do not say which numbers of a vector are one column's categories, all
    are taken for numbers. The paper has batch norm; here layer norm is the default, with which an
    answer depends on no other row, in training either.
    """

    key = "tabular"
    title = "Tables"
    formula = "h₀ = W [x; E c],  h ← h + W₂ relu(W₁ norm(h))"
    paper = "Gorishniy et al., Revisiting deep learning models for tabular data, NeurIPS 2021"
    link = "https://arxiv.org/abs/2106.11959"
    helps = "Tables, above all with columns of many categories."
    widths = ("width",)
    is_judged_built = True  # pictures and texts show in the tasks

    class Settings(Settings):
        """Size of the network."""

        width: int = setting(128, "Numbers between the blocks.", ge=1, le=65536)
        blocks: int = setting(2, "Residual blocks.", ge=1, le=64)
        inner: int = setting(
            2,
            "Width inside a block, in widths.",
            ge=1,
            le=64,
            title="Width inside",
            unit="widths",
        )
        embedding: int = setting(
            8, "Numbers that stand for a category.", ge=1, le=4096, title="Embedding"
        )
        norm: Norm = setting(
            "layer",
            "What brings the numbers of a row to one size: layer norm, each row by itself; batch"
            " norm, each number by the rows that are learned from together; or nothing.",
        )
        dropout: float = setting(
            0.0, "Share of the numbers left out in each training step.", ge=0, lt=1
        )

    @property
    def width(self) -> int:
        return self.settings.width

    def stem(self, kind: InputKind) -> nn.Module:
        if not isinstance(kind, Vector):
            name = type(kind).__name__.lower()
            raise BadSpecError("encoder.kind", f"tabular takes rows of a table; found {name}")
        if not kind.categories:
            return nn.Linear(kind.n, self.width)
        columns = EmbeddedColumns(kind.n, kind.categories, self.settings.embedding)
        return nn.Sequential(columns, nn.Linear(columns.n_out, self.width))

    def body(self) -> list[nn.Module]:
        chosen, width = self.settings, self.width
        blocks: list[nn.Module] = [
            TableBlock(width, chosen.inner * width, chosen.norm, chosen.dropout)
            for _ in range(chosen.blocks)
        ]
        return [*blocks[:-1], nn.Sequential(blocks[-1], _norm(chosen.norm, width), nn.ReLU())]


def _norm(norm: Norm, width: int) -> nn.Module:
    match norm:
        case "layer":
            return nn.LayerNorm(width, elementwise_affine=False)
        case "batch":
            return BatchNorm(width)
        case "none":
            return nn.Identity()
