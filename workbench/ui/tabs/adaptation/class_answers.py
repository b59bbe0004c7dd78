"""ClassAnswers: which queries of a small task were answered rightly after so many steps."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.spec.shown.adaptation import AdaptedClasses
from workbench.ui.plots.exports import Table
from workbench.ui.words.language import translator

Places = NDArray[np.intp]

tr = translator("Adaptation")


class ClassAnswers:
    """A small task with classes, and the answers after the step number `k` of those told."""

    def __init__(self, shown: AdaptedClasses, k: int) -> None:
        self.shown = shown
        self.answered = shown.answered[k] if len(shown.answered) else shown.wanted[:0]
        known = [shown.support, shown.wanted[: len(self.answered)], self.answered]
        self.wanted = known[1]
        most = max((int(part.max()) + 1 for part in known if len(part)), default=0)
        more = tuple(str(i) for i in range(len(shown.names), most))
        self.names = (*shown.names, *more)

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """Whether each answer is right, [q]."""
        return self.answered == self.wanted

    @cached_property
    def confusion(self) -> NDArray[np.intp]:
        """How many queries of each class were answered with each, [n, n]."""
        n = len(self.names)
        counts = np.zeros((n, n), dtype=np.intp)
        np.add.at(counts, (self.wanted.astype(np.intp), self.answered.astype(np.intp)), 1)
        return counts

    def support_of(self, number: int) -> Places:
        """The places of a class's support."""
        return np.flatnonzero(self.shown.support == number)

    def queries_of(self, number: int) -> Places:
        """The places of a class's queries."""
        return np.flatnonzero(self.wanted == number)

    def explained(self, at: int) -> str:
        """A query and its answer in words."""
        wanted, answered = self.names[self.wanted[at]], self.names[self.answered[at]]
        if wanted == answered:
            return tr("{}: answered rightly").format(wanted)
        return tr("{}: answered {}, wrong").format(wanted, answered)

    def in_words(self) -> str:
        """How many are right, and what is taken for what most often."""
        right = int(self.is_right.sum())
        text = tr("{} of {} queries right").format(right, len(self.wanted))
        wrong = self.confusion - np.diag(np.diag(self.confusion))
        if wrong.size and wrong.max() > 0:
            i, j = np.unravel_index(int(wrong.argmax()), wrong.shape)
            confused = tr("{} is taken for {} most often ({})")
            text += "; " + confused.format(self.names[i], self.names[j], int(wrong[i, j]))
        return text

    @property
    def table(self) -> Table:
        """Each query with its class and the answer."""
        rows = [
            [i, self.names[wanted], self.names[answered]]
            for i, (wanted, answered) in enumerate(zip(self.wanted, self.answered, strict=True))
        ]
        return ["query", "wanted", "answered"], rows
