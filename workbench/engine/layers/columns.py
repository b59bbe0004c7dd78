"""Columns: the numbers of a table's row, of which some say together which category it has."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class EmbeddedColumns(nn.Module):
    """Rows [B, n] with each column of categories, 0 and 1 for each of them, as `size` numbers.

    `categories` are the places [start, stop) of each column's categories. The numbers of a category
    are its row of a matrix that is learned; a missing one, which has no 1, has zeros. The others
    stay as they are, and come first: [B, n_out].
    """

    def __init__(self, n: int, categories: Sequence[tuple[int, int]], size: int) -> None:
        super().__init__()
        self.places = list(categories)
        self.size = size
        taken = {i for start, stop in self.places for i in range(start, stop)}
        plain = [i for i in range(n) if i not in taken]
        self.register_buffer("plain", torch.tensor(plain, dtype=torch.int64), persistent=False)
        self.n_out = len(plain) + size * len(self.places)
        self.tables = nn.ParameterList(_table(stop - start, size) for start, stop in self.places)

    def forward(self, x: Tensor) -> Tensor:
        """The plain numbers, then those of each column of categories in turn."""
        # A product with 0 and 1 picks rows: it serves small tasks side by side as well.
        pairs = zip(self.places, self.tables, strict=True)
        embedded = [x[:, start:stop] @ table for (start, stop), table in pairs]
        return torch.cat([x.index_select(1, self.get_buffer("plain")), *embedded], 1)


def _table(n: int, size: int) -> nn.Parameter:
    """A row for each of n categories, which starts within ±1/√size (Gorishniy et al. 2021)."""
    table = nn.Parameter(torch.empty(n, size))
    nn.init.uniform_(table, -(size**-0.5), size**-0.5)
    return table
