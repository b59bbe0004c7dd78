"""Run filter: a line of text that says which runs of the history are meant.

    acc>0.8 retention:ewc tag:paper status:done,stopped -seed:0 two words

Every term must hold. A term is a word, which is searched in name, note, tags, methods and id; or a
field, an operator and a value. `:` asks for one of several values parted by commas, where `*`
stands for anything; `=` and `!=` for the very value; `<`, `<=`, `>` and `>=` compare numbers, and
`started` with a day. `-` before a term turns it round. Quotes hold together what has spaces.

Fields are those of a line (`name`, `seed`, `status`, `acc`, …), a measure, a choice (`retention`),
and any setting by its dotted path or the end of it (`optimizer.lr`, `lr`); `score.TASK` is what
was reached on a task. Where a field has no value no term holds but one that is turned round.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import translate

from workbench.spec.experiment import CHOICES
from workbench.spec.experiments.flat_settings import Value
from workbench.spec.measures import MEASURES
from workbench.study.listed_run import OF_SCORES, ListedRun

#: Whether a run is meant.
Test = Callable[[ListedRun], bool]
#: What a field reads from a run.
NumberOf = Callable[[ListedRun], float | None]
TextsOf = Callable[[ListedRun], Sequence[str]]

#: Fields of a line: numbers, then texts.
NUMBERS = ("seed", "steps", "seconds", "threads", *MEASURES, "delta_m")
TEXTS = ("name", "note", "tag", "status", "started", "id", "problem")
#: Texts of which `:` asks for a part.
_LONG = ("name", "note", "id", "problem")
_FLAGS = {"starred": "starred", "star": "starred", "pinned": "pinned", "baseline": "pinned"}
_OTHER_NAMES = {"time": "seconds", "tags": "tag", "run": "id"}
_YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

_TERM = re.compile(
    r"(?P<not>-?)(?:(?P<field>[\w.\-]+?)(?P<op>!=|<=|>=|:|=|<|>))?(?P<value>.*)", re.DOTALL
)
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


#: Where translators find these texts.
CONTEXT = "RunFilter"


def tr(text: str) -> str:
    """A text that is translated where it is shown, with places for what a filter says."""
    return text


class FilterError(ValueError):
    """A filter that says nothing that can be asked, and what is wrong with it."""

    def __init__(self, text: str, *values: str) -> None:
        super().__init__(text.format(*values))
        self._text, self._values = text, values

    def in_words(self, say: Callable[[str], str]) -> str:
        """What is wrong, in the language of `say`."""
        return say(self._text).format(*self._values)


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a line of text asks of runs: every one of its tests."""

    tests: tuple[Test, ...] = ()

    def matches(self, run: ListedRun) -> bool:
        """Whether the run is meant."""
        for test in self.tests:  # noqa: SIM110 - a third of what `all` over a generator takes
            if not test(run):
                return False
        return True


def parse(text: str, paths: Collection[str] = ()) -> RunFilter:
    """The filter that a text says; an empty one means every run. Raises FilterError.

    `paths` are the settings that any run has; where none are known yet, no name is refused.
    """
    tests: list[Test] = []
    for term in _terms(text):
        match = _TERM.fullmatch(term)
        assert match is not None  # every part of it may be empty
        name, operator, value = match["field"] or "", match["op"], match["value"].replace('"', "")
        if operator and not value:
            raise FilterError(tr("{} lacks a value"), f"{name}{operator}")
        if not value:
            continue
        test = _of_field(name, operator, value, paths) if operator else _word(value)
        tests.append(_not(test) if match["not"] else test)
    return RunFilter(tuple(tests))


def _terms(text: str) -> list[str]:
    """The text cut at its spaces, but for those in quotes."""
    terms: list[str] = [""]
    is_quoted = False
    for letter in text:
        if letter == '"':
            is_quoted = not is_quoted
        if letter.isspace() and not is_quoted:
            terms.append("")
        else:
            terms[-1] += letter
    if is_quoted:
        raise FilterError(tr("a quote is not closed"))
    return [term for term in terms if term]


def _not(test: Test) -> Test:
    return lambda run: not test(run)


def _word(value: str) -> Test:
    wanted = value.lower()
    return lambda run: wanted in run.search_text


def _of_field(name: str, operator: str, value: str, paths: Collection[str]) -> Test:
    key = _OTHER_NAMES.get(name.lower(), name.lower())
    if key in _FLAGS:
        return _flag(_FLAGS[key], operator, value)
    if key in NUMBERS or name.startswith(OF_SCORES):
        field = key if key in NUMBERS else name
        return _number(lambda run: run.number(field), name, operator, value)
    if key == "started":
        return _started(operator, value)
    if key in TEXTS:
        return _text(_reader_of(key), name, operator, value, is_part=key in _LONG)
    return _setting(name, operator, value, paths)


def _reader_of(key: str) -> TextsOf:
    if key == "tag":
        return lambda run: run.row.tags
    name = "run_id" if key == "id" else key
    return lambda run: (getattr(run.row, name),)


def _flag(name: str, operator: str, value: str) -> Test:
    wanted = _YES_OR_NO.get(value.lower())
    if operator not in (":", "=") or wanted is None:
        raise FilterError(tr("{} is yes or no: {}:yes"), name, name)
    return lambda run: getattr(run.row, name) is wanted


def _started(operator: str, value: str) -> Test:
    value, n = value.replace("T", " "), len(value)
    if operator in _COMPARISONS:
        # texts of one length: "2026-11" means the whole month
        compare: Callable[[str, str], bool] = _COMPARISONS[operator]  # pyright: ignore[reportAssignmentType]
        return lambda run: bool(run.started) and compare(run.started[:n], value)
    return _text(lambda run: (run.started,), "started", operator, value, is_part=True)


def _setting(name: str, operator: str, value: str, paths: Collection[str]) -> Test:
    """Of a choice its method; of any other name the settings whose path ends with it."""
    full = resolved(name, paths)
    if operator in _COMPARISONS:
        if len(full) == 1:  # as nearly always: half of what the first of several takes
            (path,) = full
            return _number(lambda run: _as_number(run.settings.get(path)), name, operator, value)
        return _number(lambda run: _as_number(find(run, full)), name, operator, value)

    def read(run: ListedRun) -> tuple[str, ...]:
        setting = find(run, full)
        return () if setting is None else (text_of(setting),)

    return _text(read, name, operator, value, is_part=False)


def resolved(name: str, paths: Collection[str]) -> tuple[str, ...]:
    """The settings that a name means, of all there are. Raises FilterError where it means none."""
    path = f"{name}.kind" if name in CHOICES else name
    if not paths or path in paths:
        return (path,)
    meant = tuple(one for one in paths if one.endswith(f".{path}"))
    if meant:
        return meant
    known = [*NUMBERS, *TEXTS, *_FLAGS, *CHOICES, *paths, *(one.split(".")[-1] for one in paths)]
    near = get_close_matches(name, known, n=1)
    if near:
        raise FilterError(tr("no run has a field {}; did you mean {}?"), name, near[0])
    raise FilterError(tr("no run has a field {}"), name)


def find(run: ListedRun, paths: Sequence[str]) -> Value | None:
    """The first of these settings that a run has."""
    settings = run.settings
    return next((value for path in paths if (value := settings.get(path)) is not None), None)


def _as_number(value: Value | None) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def text_of(value: Value) -> str:
    """A setting as presets write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(read: NumberOf, name: str, operator: str, value: str) -> Test:
    numbers = [_parsed(name, part) for part in value.split(",")]
    if operator in _COMPARISONS:
        compare, wanted = _COMPARISONS[operator], numbers[0]
        if len(numbers) > 1:
            raise FilterError(
                tr("{} compares with one number, not with several"), f"{name}{operator}"
            )
        return lambda run: (got := read(run)) is not None and compare(got, wanted)
    if operator == "!=":
        return lambda run: (got := read(run)) is not None and got not in numbers
    return lambda run: read(run) in numbers


def _parsed(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise FilterError(*_no_number(name, text)) from None


def _no_number(name: str, text: str) -> tuple[str, ...]:
    if not text:
        return tr("{} is a number; found nothing"), name
    return tr("{} is a number; found {}"), name, text


def _text(read: TextsOf, name: str, operator: str, value: str, *, is_part: bool) -> Test:
    """`is_part`: `:` asks whether the value stands anywhere in the text."""
    if operator in _COMPARISONS:
        raise FilterError(tr("{} is a text: {}:{}"), name, name, value)
    if operator == "=":
        return lambda run: value in read(run)
    if operator == "!=":
        return lambda run: bool(got := read(run)) and value not in got
    around = "*" if is_part else ""
    forms = [translate(f"{around}{_literal(one)}{around}") for one in value.split(",") if one]
    pattern = re.compile("|".join(forms) or "(?!)", re.IGNORECASE)
    return lambda run: any(pattern.match(got) for got in read(run))


def _literal(text: str) -> str:
    """A text in which `*` alone stands for anything."""
    return text.replace("[", "[[]").replace("?", "[?]")
