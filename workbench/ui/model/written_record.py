"""WrittenRecord: what was written at each moment of a run, and how much is right (Qt-free)."""

from dataclasses import dataclass, replace

from workbench.spec.event import Written
from workbench.spec.shown.written import AnswerShares, WrittenTexts

#: So many moments between the ends of stages are kept, the newest; those of ends all are.
MOST_MOMENTS = 200

#: Source and target, as codes.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class WrittenMoment:
    """What was written after `step` steps, in or after `stage` (−1: before training), by task."""

    step: int
    stage: int
    ends_stage: bool
    texts: dict[str, WrittenTexts]
    shares: dict[str, AnswerShares]

    @property
    def is_kept(self) -> bool:
        """Whether it stays however many come after it."""
        return self.ends_stage or self.stage < 0


class WrittenRecord:
    """Moments in the order of steps."""

    def __init__(self, most_moments: int = MOST_MOMENTS) -> None:
        self.moments: list[WrittenMoment] = []
        #: The pair of each task that was told of, in the order in which each first was.
        self.pairs: dict[str, Pair] = {}
        #: How the answers to the test texts were at the end, where the run is done.
        self.final: dict[str, AnswerShares] = {}
        self._most_moments = most_moments
        self._n_loose = 0

    def add(self, event: Written) -> None:
        """Take in what was told; a resumed run tells again what came after its checkpoint."""
        at = (event.step, event.stage, event.ends_stage)
        while self.moments and self._is_told_again(self.moments[-1], *at):
            self._n_loose -= not self.moments.pop().is_kept
        texts = {each.task: self._shared(each) for each in event.texts}
        shares = {each.task: each for each in event.shares}
        for each in (*event.texts, *event.shares):
            self.pairs.setdefault(each.task, (each.source, each.target))
        moment = WrittenMoment(*at, texts, shares)
        self.moments.append(moment)
        self._n_loose += not moment.is_kept
        if self._n_loose > self._most_moments:
            oldest = next(i for i, each in enumerate(self.moments) if not each.is_kept)
            del self.moments[oldest]
            self._n_loose -= 1

    def _shared(self, written: WrittenTexts) -> WrittenTexts:
        """The same; what is read and right is kept once, for it is the same each time."""
        known = self.moments[-1].texts.get(written.task) if self.moments else None
        if known is None or (known.read, known.right) != (written.read, written.right):
            return written
        return replace(written, read=known.read, right=known.right)

    @staticmethod
    def _is_told_again(moment: WrittenMoment, step: int, stage: int, ends_stage: bool) -> bool:
        same = (moment.stage, moment.ends_stage) == (stage, ends_stage)
        return moment.step > step or (moment.step == step and same)

    def finish(self, shares: tuple[AnswerShares, ...]) -> None:
        """The run is done: of the final test there is this."""
        self.final = {each.task: each for each in shares}

    @property
    def newest_shares(self) -> dict[str, AnswerShares]:
        """How the answers of each task were last."""
        known = (moment.shares for moment in reversed(self.moments) if moment.shares)
        return next(known, self.final)

    @property
    def sources(self) -> tuple[str, ...]:
        """The languages that are read, each once."""
        return tuple(dict.fromkeys(source for source, _ in self.pairs.values()))

    def targets_of(self, source: str) -> tuple[str, ...]:
        """The languages, and questions, that a text in `source` is answered in, each once."""
        pairs = self.pairs.values()
        return tuple(dict.fromkeys(target for known, target in pairs if known == source))

    def texts_in(self, source: str) -> tuple[str, ...]:
        """Texts in a language that is read, as many as are known, each once."""
        newest = self.moments[-1].texts.values() if self.moments else ()
        return tuple(
            dict.fromkeys(text for each in newest if each.source == source for text in each.read)
        )
