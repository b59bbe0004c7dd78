"""A covering array over the six choices: rows in which every pair that fits together occurs."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from workbench.spec.entry import Entry

#: The six choices of an experiment.
ROLES = ("tasks", "curriculum", "sharing", "balancing", "retention", "learner")
#: In which order a row is filled: those with most options have the free choice, and rows are few.
_FILLED = ("balancing", "sharing", "retention", "tasks", "curriculum", "learner")

Row = dict[str, Entry]
Pair = tuple[tuple[str, str], tuple[str, str]]
#: Two things that occur together.
Mark = tuple[str, ...]


def _itself(entry: Entry) -> str:
    return entry.key


class Covering:
    """Makes rows one after the other, each with as many pairs as it can that had none.

    `kind` says as what an entry counts: those of one kind take turns. With `beside`, only pairs
    in which that role is are to be covered.
    `forbidden` are pairs found not to fit, though what they need and give says nothing of it.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        defaults: dict[str, str],
        kind: Callable[[Entry], str] = _itself,
        beside: str = "",
    ) -> None:
        self.options = {role: [e for e in entries if e.role == role] for role in ROLES}
        self.kind = {(e.role, e.key): kind(e) for e in entries}
        self.alike: dict[tuple[str, str], list[Entry]] = {}
        for e in entries:
            self.alike.setdefault((e.role, self.kind[e.role, e.key]), []).append(e)
        self.n_times: Counter[tuple[str, str]] = Counter()
        self.defaults = defaults
        self.beside = beside
        self.forbidden: set[Pair] = set()
        everything = (
            self.pairs_of({a.role: a, b.role: b})
            for one, two in combinations(ROLES, 2)
            for a in self.options[one]
            for b in self.options[two]
        )
        self.all = sorted({pair for pairs in everything for pair in pairs})
        self.unfit = {pair for pair in self.all if self.smallest(pair) is None}
        self.left = dict.fromkeys(pair for pair in self.all if pair not in self.unfit)

    def pairs_of(self, row: Row) -> set[Pair]:
        """Every two choices of a row that are to occur together, in the order of the roles."""
        named = [(role, self.kind[role, row[role].key]) for role in ROLES if role in row]
        pairs = combinations(named, 2)
        return {(a, b) for a, b in pairs if not self.beside or self.beside in (a[0], b[0])}

    def row_of(self, pair: Pair) -> Row:
        """A row with no more than the pair: of each kind the entry that had the fewest turns."""
        return {role: min(self.alike[role, kind], key=self._n_turns) for role, kind in pair}

    def smallest(self, pair: Pair) -> Row | None:
        """The pair with defaults, or what else they need, around it; None where nothing fits."""
        return self._completed(self.row_of(pair), lambda row, role: self._ordinary_first(role))

    def rows(self) -> Iterator[tuple[Pair, Row]]:
        """A pair still to be covered, and a row with it; the caller says what became of it."""
        while self.left:
            pair = next(iter(self.left))
            row = self.row_of(pair)
            result = self._completed(row, self._most_new_first)
            yield pair, result or self.smallest(pair) or row

    def drawn(self, chance: random.Random) -> Row:
        """A row of methods that fit together, drawn at random."""

        def shuffled(row: Row, role: str) -> list[Entry]:
            del row
            return chance.sample(self.options[role], len(self.options[role]))

        row = self._completed({}, shuffled)
        assert row is not None
        return row

    def covered(self, row: Row) -> None:
        """The row ran: its pairs are done."""
        self.n_times.update((role, entry.key) for role, entry in row.items())
        for pair in self.pairs_of(row):
            self.left.pop(pair, None)

    def refused(self, pair: Pair) -> None:
        """The pair does not fit, whatever is around it."""
        self.left.pop(pair, None)
        self.forbidden.add(pair)

    def _n_turns(self, entry: Entry) -> int:
        return self.n_times[entry.role, entry.key]

    def _ordinary_first(self, role: str) -> list[Entry]:
        return sorted(self.options[role], key=lambda e: e.key != self.defaults.get(role))

    def _most_new_first(self, row: Row, role: str) -> list[Entry]:
        def n_old(entry: Entry) -> tuple[int, int]:
            pairs = self.pairs_of({**row, role: entry})
            return -sum(pair in self.left for pair in pairs), self._n_turns(entry)

        return sorted(self.options[role], key=n_old)

    def _completed(self, row: Row, order: Callable[[Row, str], list[Entry]]) -> Row | None:
        """The row with every role filled, by trying options in an order and turning back."""
        if not self._can_still_fit(row):
            return None
        role = next((role for role in _FILLED if role not in row), None)
        if role is None:
            return row
        for entry in order(row, role):
            result = self._completed({**row, role: entry}, order)
            if result is not None:
                return result
        return None

    def _can_still_fit(self, row: Row) -> bool:
        """Whether what is chosen has what it needs, or a role that is open may give it."""
        if any(pair in self.forbidden for pair in self.pairs_of(row)):
            return False
        given = {fact for entry in row.values() for fact in entry.gives} | {"point", "pictures"}
        if any("no-input" in entry.gives for entry in row.values()):
            given.discard("pictures")
        for entry in row.values():
            for need in entry.needs:
                if need not in given and not any(
                    need in option.gives
                    for role in ROLES
                    if role not in row
                    for option in self.options[role]
                ):
                    return False
        return True


#: Options that so many rows were to have together, and had not, do not fit together.
_GIVEN_UP = 6


class Factors:
    """What else may differ between two runs: for a row, the options with most that is new.

    New is an option beside another's, or beside one of the row's methods, that was neither covered
    yet nor found not to fit.
    """

    def __init__(self, options: Mapping[str, Sequence[str]]) -> None:
        self.options = options
        self.covered: set[Mark] = set()
        self.missed: Counter[Mark] = Counter()

    def beside(self, row: Row) -> dict[str, str]:
        """Options for a row, not yet noted as covered."""
        chosen: dict[str, str] = {}
        # Whose turn comes early has the free choice: the one with most options goes first.
        for name in sorted(self.options, key=lambda name: -len(self.options[name])):

            def n_new(option: str, name: str = name) -> int:
                mine = {*_marks(row, {**chosen, name: option})} - self.covered
                return sum(self.missed[mark] < _GIVEN_UP for mark in mine)

            chosen[name] = max(self.options[name], key=n_new)
        return chosen

    def drawn(self, chance: random.Random) -> dict[str, str]:
        """Options drawn at random."""
        return {name: chance.choice(options) for name, options in self.options.items()}

    def note(self, row: Row, wished: Mapping[str, str], chosen: Mapping[str, str]) -> None:
        """The row ran, with some of the options that were wished for, and others for the rest."""
        self.covered |= {*_marks(row, chosen)}
        self.missed.update({*_marks(row, wished)} - self.covered)

    @property
    def left(self) -> list[Mark]:
        """Every two options of different factors that may fit and that no row had together."""
        result = [
            tuple(sorted((f"{one}: {a}", f"{two}: {b}")))
            for one, two in combinations(self.options, 2)
            for a in self.options[one]
            for b in self.options[two]
        ]
        open_ = [pair for pair in result if pair not in self.covered]
        return [pair for pair in open_ if self.missed[pair] < _GIVEN_UP]


def _marks(row: Row, chosen: Mapping[str, str]) -> Iterator[Mark]:
    marks = [f"{name}: {option}" for name, option in chosen.items()]
    yield from (tuple(sorted(pair)) for pair in combinations(marks, 2))
    yield from ((mark, f"{role} {row[role].key}") for mark in marks for role in row)
