"""Row weights: a column of a table that says what each row counts in the losses."""

import numpy as np
import torch
from torch import Tensor

from workbench.engine.blocks.tasks.splits import Splits
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame


def row_weights_of(frame: Frame, name: str, splits: Splits) -> Tensor:
    """What each row [N] counts, by a column, 1 on average over the training rows.

    Raises DataError, naming the first row, where one has no weight, or none that can be.
    """
    values = np.asarray(frame.numbers(name).values, dtype=np.float64)
    for is_bad, words in (
        (np.isnan(values), "have no weight"),
        (np.isinf(values), "have an infinite weight"),
        (values < 0, "have a weight below 0"),
    ):
        if is_bad.any():
            message = f"{int(is_bad.sum()):,} rows {words}"
            place = frame.place(int(np.flatnonzero(is_bad)[0]))
            raise DataError(frame.path, message, column=name, place=place)
    mean = values[splits["train"]].mean()
    if not mean > 0:
        message = "is 0 in every training row: nothing to learn"
        raise DataError(frame.path, message, column=name)
    return torch.from_numpy((values / mean).astype(np.float32))
