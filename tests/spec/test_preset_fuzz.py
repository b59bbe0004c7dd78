"""Presets damaged in every way: each is read, or refused with the line; nothing else happens."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz import scaled
from workbench.spec import preset
from workbench.spec.experiment import Spec
from workbench.spec.files import gallery
from workbench.spec.preset import PresetError

Draw = random.Random
Mutation = Callable[[str, Draw], str]

#: What stands in for a token: numbers beyond every bound, texts that mean something elsewhere.
TOKENS = (
    "1e400", "-1e400", "9" * 5000, "-0", "0x1F", "0o17", "1_000", "1e-400", ".inf", "-.inf", ".nan",
    "NaN", "Infinity", "2026-11-30", "2026-11-30T10:00:00Z", "12:30:45", "yes", "no", "on", "~",
    "null", "true", "TRUE", "''", '""', "[]", "{}", "[[[]]]", "{a: {b: {}}}", "- -", "? x", ": :",
    "&a x", "*a", "!!python/object:os.system", "!!python/name:os.system ls", "!!binary aGk=",
    "!!set {x}", "!x y", "<<", "<<: {kind: joint}", "=", "|", ">", "|2", "%YAML 1.1", "---", "...",
    "@x", "`x`", "#", "\\x00", '"\\x00"', '"\\uD800"', '"\\U0010FFFF"', '"\\udc80"', "\ud83d",
    "\udcff", "\x00", "\x07", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ufeff", "𝔞", "数" * 300,
    "é", "ﬀ", "x" * 20_000, "{" * 50, "[" * 50, "[" * 5000, "}" * 50, "- " * 100, "'", '"', "\\",
    "'unclosed", '"\\q"', "a: b: c", "__class__", "model_fields", "model_config", "self", "kind",
    "settings", "copy", "1 2", "0", "-1", "1", "0.5", "1.0", "18446744073709551616",
    "2147483647", "2147483648", "${HOME}", "{{x}}", "%s", "\t", "\r", "\r\n", "\n", " ",
)  # fmt: skip


def _line(draw: Draw, text: str) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, draw.randrange(len(lines))


def _token(text: str, draw: Draw) -> str:
    """One word or number becomes another."""
    starts = [i for i in range(1, len(text)) if text[i - 1] in " {[,:" and text[i] not in " \n"]
    start = draw.choice(starts or [0])
    end = next((i for i in range(start, len(text)) if text[i] in ",}]\n:"), len(text))
    return text[:start] + draw.choice(TOKENS) + text[end:]


def _inserted(text: str, draw: Draw) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(TOKENS) + text[at:]


def _cut(text: str, draw: Draw) -> str:
    start = draw.randrange(len(text) + 1)
    return text[:start] + text[start + draw.choice((1, 2, 5, 30, 200)) :]


def _indented(text: str, draw: Draw) -> str:
    lines, i = _line(draw, text)
    lines[i] = draw.choice((" ", "  ", "\t", "    ", "- ")) + lines[i]
    return "\n".join(lines)


def _twice(text: str, draw: Draw) -> str:
    lines, i = _line(draw, text)
    lines.insert(draw.randrange(len(lines) + 1), lines[i])
    return "\n".join(lines)


def _without_line(text: str, draw: Draw) -> str:
    lines, i = _line(draw, text)
    return "\n".join(lines[:i] + lines[i + 1 :])


def _swapped(text: str, draw: Draw) -> str:
    lines, i = _line(draw, text)
    j = draw.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return "\n".join(lines)


def _letter(text: str, draw: Draw) -> str:
    at = draw.randrange(len(text) + 1)
    letter = chr(draw.choice((draw.randrange(0x20, 0x7F), draw.randrange(0x110000))))
    return text[:at] + letter + text[at + 1 :]


def _line_ends(text: str, draw: Draw) -> str:
    return draw.choice(("", "\ufeff", "\ufeff\ufeff")) + text.replace(
        "\n", draw.choice(("\r\n", "\r", "\n\n", "\x85", "\u2028"))
    )


def _repeated(text: str, draw: Draw) -> str:
    """A list that goes on and on, or the document again."""
    long = draw.choice((f"[{'0, ' * 3000}0]", f"[{', '.join(['[0]'] * 500)}]", "{a: 1, a: 2}"))
    return draw.choice((text + "\n---\n" + text, text + text, f"{text}\nseeds: {long}\n"))


def _nested(text: str, draw: Draw) -> str:
    n = draw.choice((5, 19, 21, 1000))
    return f"{text}\n{draw.choice(('about', 'encoder', 'x'))}: {'[' * n}{']' * n}\n"


MUTATIONS: tuple[Mutation, ...] = (
    _token, _token, _token, _token, _inserted, _inserted, _cut, _indented, _twice, _without_line,
    _swapped, _letter, _line_ends, _repeated, _nested,
)  # fmt: skip


def mutated(number: int, texts: list[str]) -> str:
    """Damaged preset `number`: the same each time."""
    draw = Draw(f"preset {number}")
    text = draw.choice(texts)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        text = draw.choice(MUTATIONS)(text, draw)
    return text


def refusal(path: Path) -> PresetError | Spec:
    """What a preset file says, or why it cannot be used."""
    try:
        return preset.load(path)
    except PresetError as error:
        return error


def outcome(raw: bytes, path: Path) -> str:
    """read, or refused with a line; raises whatever else happens, and where it is not read back."""
    path.write_bytes(raw)
    refused = refusal(path)
    if isinstance(refused, Spec):
        written = preset.text_of(refused)
        assert preset.spec_of(preset.parse(written)) == refused, written
        return "read"
    n_lines = sum(raw.count(end.encode()) for end in ("\n", "\r", "\x85", "\u2028", "\u2029"))
    assert refused.problems
    for problem in refused.problems:
        assert problem.message
        is_placed = problem.line is not None and 1 <= problem.line <= n_lines + 2
        assert is_placed or len(raw) > preset.MAX_BYTES, problem
    str(refused).encode()
    return "refused"


def tried(numbers: range, folder: Path, stop: Callable[[], None]) -> Counter[str]:
    """How many damaged presets were read, and how many refused."""
    texts = [path.read_text(encoding="utf-8") for path in gallery()]
    path = folder / "p.yaml"
    counts: Counter[str] = Counter()
    for number in numbers:
        raw = mutated(number, texts).encode("utf-8", "surrogatepass")
        if number % 50 == 0:  # bytes that are no text at all
            at = Draw(f"bytes {number}").randrange(len(raw) + 1)
            raw = raw[:at] + b"\xff\xfe\x80" + raw[at:]
        try:
            counts[outcome(raw, path)] += 1
        except Exception as error:
            stop()
            kind = type(error).__name__
            raise AssertionError(f"preset {number}: {kind}: {error}\n{raw[:3000]!r}") from error
    return counts


@pytest.fixture
def no_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Whatever a preset could run to do harm fails the test; undone by what is returned."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a preset ran something")

    for name in ("os.system", "subprocess.Popen", "os.popen", "builtins.eval", "pickle.loads"):
        monkeypatch.setattr(name, refuse)
    return monkeypatch.undo


def test_a_damaged_preset_is_read_or_refused_with_its_line(
    tmp_path: Path, no_code: Callable[[], None]
):
    counts = tried(range(scaled(400)), tmp_path, no_code)
    assert counts["read"] >= 0.05 * counts.total()
    assert counts["refused"] >= 0.3 * counts.total()


@pytest.mark.slow
def test_damaged_presets_by_the_thousand(tmp_path: Path, no_code: Callable[[], None]):
    counts = tried(range(10**6, 10**6 + scaled(10_000)), tmp_path, no_code)
    print(f"\n{counts.total()} presets: {dict(counts)}")


def test_every_shipped_preset_is_read_as_it_is(tmp_path: Path):
    for path in gallery():
        text = path.read_text(encoding="utf-8")
        for damaged in (
            text,
            "\ufeff" + text,
            text.replace("\n", "\r\n"),
            text.rstrip() + "\n...\n",
        ):
            assert outcome(damaged.encode(), tmp_path / "p.yaml") == "read"


@pytest.mark.parametrize(
    "line",
    [
        r'name: "\udc80"',
        r'tasks: [{family: table, file: a.csv, targets: {"\udc80": values}}]',
        r'tasks: [{family: table, file: a.csv, group: ["\ud83d"]}]',
        r'encoder: {kind: "\ud83d"}',
    ],
)
def test_half_a_character_is_refused_wherever_it_stands(line: str):
    with pytest.raises(PresetError, match="half a character") as refused:
        preset.parse(f"version: 1\n{line}\n")
    assert refused.value.problems[0].line == 2
