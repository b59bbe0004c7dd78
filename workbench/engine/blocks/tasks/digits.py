"""Digits: scikit-learn's handwritten digits, read from the file that comes with it.

Importing the package takes a second of every start, most of it for its statistics; reading the
file takes hundredths.
"""

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_FILE = "datasets/data/digits.csv.gz"
_N_PIXELS = 64
_WHITE = 16

#: Pictures that there are.
N_DIGITS = 1797


@cache
def handwritten_digits() -> tuple[Tensor, Tensor]:
    """The pixels [N, 64] from 0 to 1, row by row, and the digit [N] of each of 1797 pictures.

    They are shared by all who ask, and are not to be changed. Raises FileNotFoundError.
    """
    sklearn = find_spec("sklearn")
    if sklearn is None or sklearn.origin is None:
        raise FileNotFoundError("the digits come with scikit-learn, which is not installed")
    with gzip.open(Path(sklearn.origin).parent / _FILE) as file:
        rows = torch.from_numpy(np.loadtxt(file, delimiter=",", dtype=np.uint8))
    return rows[:, :_N_PIXELS].float() / _WHITE, rows[:, _N_PIXELS].long()
