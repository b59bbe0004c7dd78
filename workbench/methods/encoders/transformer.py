"""transformer: causal blocks for texts."""

from typing import Any

from torch import nn

from workbench.engine.layers.causal import causal_blocks
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError, require_rules
from workbench.engine.roles.task import InputKind, Tokens
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting


class Transformer(Encoder):
    """Causal blocks over one stream of tokens: each place sees what came before it.

    The question and its answer are one text, and the answer is what comes next, token by token. So
    every sharing strategy acts on reading and writing alike, and no place needs a mask. Blocks are
    pre-norm with rotary positions and a GELU; each is one stage, the embedding is the stem.
    """

    key = "transformer"
    title = "Transformer"
    formula = "x ← x + A(norm x), x ← x + F(norm x)"
    paper = "Vaswani et al., Attention is all you need, NeurIPS 2017"
    link = "https://arxiv.org/abs/1706.03762"
    helps = "Texts: translation, and questions about a text."
    needs = ("tokens", "single-update")
    widths = ("width",)

    class Settings(Settings):
        """Size of the network."""

        width: int = setting(
            96, "Channels d of each place; a multiple of twice the heads.", ge=2, le=65536
        )
        blocks: int = setting(4, "Causal blocks after the embedding.", ge=1, le=64)
        heads: int = setting(4, "Attention heads of each block.", ge=1, le=1024)
        dropout: float = setting(
            0.0, "Share of what each block adds that is left out in training.", ge=0, lt=1
        )

        rules = (
            Rule(
                "width",
                "in",
                "[width - width % (2 * heads)]",
                "must be a multiple of twice the heads, {heads}; found {width}",
            ),
        )

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        require_rules(settings)

    @property
    def width(self) -> int:
        return self.settings.width

    @property
    def width_step(self) -> int:
        return 2 * self.settings.heads

    def stem(self, kind: InputKind) -> nn.Module:
        if not isinstance(kind, Tokens):
            name = type(kind).__name__.lower()
            raise BadSpecError("encoder.kind", f"transformer takes texts of tokens; found {name}")
        embedding = nn.Embedding(kind.vocabulary, self.settings.width)
        # What goes into a block is of size 1 a place, whatever the width.
        nn.init.normal_(embedding.weight, std=1.0)
        return embedding

    def body(self) -> list[nn.Module]:
        settings = self.settings
        return causal_blocks(settings.blocks, settings.width, settings.heads, settings.dropout)
