"""Attention blocks: layers in which places look at each other."""

from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.layers import watching
from workbench.engine.layers.blocks import Apply, Block
from workbench.engine.layers.stages import Dropout


class AttentionBlock(Block):
    """Every place looks at all, then two dense layers: [B, L, width] -> [B, L, width].

    x + A(norm x), then x + F(norm x): the norm comes first (Xiong et al., ICML 2020). A is
    attention (Vaswani et al., NeurIPS 2017), F has four times the width and a GELU. Where places
    are is for the features to say. `width` is a multiple of the heads.
    """

    def __init__(self, width: int, heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"a width of {width} cannot be cut into {heads} heads")
        self.heads = heads
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.reads = nn.Linear(width, 3 * width)
        self.gives = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.dropout = Dropout(dropout) if dropout else None

    @property
    def weighted(self) -> tuple[nn.Linear | nn.Conv2d, ...]:
        """Its weighted layers, in the order in which they are applied."""
        return self.reads, self.gives, self.up, self.down

    def run(self, x: Tensor, apply: Apply) -> Tensor:
        """The features one block further, with `weighted` layers applied by somebody."""
        attended = apply(self.gives, self.attended(apply(self.reads, self.norm(x))))
        x = x + self._dropped(attended)
        inner = functional.gelu(apply(self.up, self.norm(x)))
        return x + self._dropped(apply(self.down, inner))

    def attended(self, projected: Tensor) -> Tensor:
        """What each place takes from others, [B, L, width], of [B, L, 3 width]."""
        n, length, _ = projected.shape
        # One cut in three has one backward pass, where three selections would have three.
        cut = projected.view(n, length, 3, self.heads, -1).unbind(2)
        query, key, value = (part.transpose(1, 2) for part in cut)
        watching.tell(query, key)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return mixed.transpose(1, 2).reshape(n, length, -1)

    def _dropped(self, x: Tensor) -> Tensor:
        return x if self.dropout is None else self.dropout(x)
