"""Whatever methods, presets and refusals say has a translation, and no translation is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.engine.build.catalogue import discover
from workbench.spec.check import FACTS
from workbench.spec.entry import ROLES, Entry
from workbench.spec.experiment import Budget, Heads, Probes
from workbench.spec.experiments.loss import Loss
from workbench.spec.experiments.training import Optimizer, Schedule, Stopping, Training
from workbench.spec.files import gallery
from workbench.spec.preset import load
from workbench.ui.words import texts
from workbench.ui.words.language import LANGUAGES

CODES = [code for code in LANGUAGES if code != "en"]
ROOT = Path(texts.__file__).parents[2]

#: What is said to users of what they chose or brought; programmers read of other errors.
REFUSALS = {"Problem", "BadSpecError", "DataError", "RefusedError", "Noticed"}
#: Functions of formulas, which are the same in every language.
FUNCTIONS = {"softmax", "argmax", "argmin", "mean", "head", "trunk", "norm", "relu", "pool", "diag"}
FUNCTIONS |= {"corr", "rank", "arccos", "Gumbel"}


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(discover().entries())


def said_by(entry: Entry) -> set[str]:
    """Every text of a method that is shown, but formulas without words."""
    said = {entry.title, entry.summary, entry.helps, entry.group}
    if set(re.findall(r"[A-Za-z]{4,}", entry.formula)) - FUNCTIONS:
        said.add(entry.formula)
    return {text for text in [*said, *_of_settings(entry.settings)] if text}


def _of_settings(schema: dict) -> Iterator[str]:
    for setting in schema.get("properties", {}).values():
        yield from (str(setting.get(key, "")) for key in ("title", "description", "unit"))
        yield from _of_settings(setting)
    for model in schema.get("$defs", {}).values():
        yield from _of_settings(model)


@pytest.mark.parametrize("code", CODES)
def test_every_text_of_a_method_is_translated(code: str, entries: list[Entry]) -> None:
    missing = [
        f"resources/translations/{code}/{entry.role}.yaml, {entry.key}: {text}"
        for entry in entries
        for text in sorted(said_by(entry) - texts.texts_of(entry, code).keys())
    ]
    assert missing == []


@pytest.mark.parametrize("code", CODES)
def test_no_translation_is_left_of_a_text_that_is_gone(code: str, entries: list[Entry]) -> None:
    gone: list[str] = []
    for role in ROLES:
        of_role = [entry for entry in entries if entry.role == role]
        by_key = {entry.key: said_by(entry) | {entry.formula} for entry in of_role}
        by_key[texts.SHARED] = set[str]().union(*by_key.values())
        for key, known in texts.sections(role, code).items():
            gone += [f"{role}.yaml, {key}: {text}" for text in known if text not in by_key[key]]
    every = set[str]().union(*(said_by(entry) for entry in entries))
    gone += [
        f"shared.yaml: {text}" for text in texts.texts(texts.SHARED, code) if text not in every
    ]
    assert gone == []


@pytest.mark.parametrize("code", CODES)
def test_every_preset_is_translated_and_none_is_left_over(code: str) -> None:
    specs = [load(path) for path in gallery()]
    said = {text for spec in specs for text in (spec.name, spec.about) if text}
    assert said == texts.texts("presets", code).keys()


@pytest.mark.parametrize("code", CODES)
def test_every_text_of_the_setup_s_own_settings_is_translated(code: str) -> None:
    models = (Budget, Heads, Loss, Optimizer, Probes, Schedule, Stopping, Training)
    said = {text for model in models for text in _of_settings(model.model_json_schema()) if text}
    known = texts.texts("setup", code).keys()
    assert said - known == set()
    assert known - said == set()


@pytest.mark.parametrize("code", CODES)
def test_whatever_is_refused_is_refused_in_the_language(code: str, entries: list[Entry]) -> None:
    rules = {rule.says for entry in entries for rule in entry.rules}
    told = {*FACTS.values(), *map(_with_values, rules), *_refusals()}
    assert len(told) > 150
    missing = sorted(text for text in told if texts.reason(text, code) == text)
    assert missing == [], f"translate in resources/translations/{code}/reasons.yaml"


@pytest.mark.parametrize("code", CODES)
def test_a_translated_reason_has_the_places_of_its_text(code: str) -> None:
    known = texts.texts("reasons", code)
    place = re.compile(r"\{(\w+)\}")
    wrong = [
        text for text in known if sorted(place.findall(text)) != sorted(place.findall(known[text]))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("must be at least 0; found -1", "必须至少为 0；实为 -1"),
        ("must be a whole number or null; found 'x'", "必须是整数或null；实为 'x'"),
        (
            "EWC needs tasks that have no input; needs tasks whose inputs are pictures",
            "EWC需要没有输入的任务；需要输入为图片的任务",
        ),
        ("above 0 it needs tasks that have no input", "大于 0 时，它需要没有输入的任务"),
        ("my.csv, column 'a': has no rows", "my.csv, column 'a'：没有行"),
        (
            "names no family: choose one, as {family: mnist}",
            "没有指定任务族：请选一个，例如 {family: mnist}",
        ),
        ("a {name} of the user's", "a {name} of the user's"),
    ],
)
def test_a_reason_is_put_together_anew_with_its_values(text: str, chinese: str) -> None:
    assert texts.reason(text, "zh_CN") == chinese


def test_english_stays_as_it_is_written(entries: list[Entry]) -> None:
    catalogue = {(entry.role, entry.key): entry for entry in entries[:3]}
    assert texts.in_language(catalogue) == catalogue
    assert texts.said("must be at least 0") == "must be at least 0"


def test_what_a_user_calls_a_preset_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "language_in_use", lambda: "zh_CN")
    assert texts.of_preset("See forgetting") == "看见遗忘"
    assert texts.of_preset("has no rows") == "has no rows"


def _refusals() -> Iterator[str]:
    """Messages of refusals as they stand in the source, a value in each of their places."""
    for room in ("spec", "engine", "methods"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(call, "func", None)
                if isinstance(call, ast.Call) and getattr(name, "id", "") in REFUSALS:
                    messages = map(_message, call.args[1:])
                    yield from (text for text in messages if text and len(text.split()) > 2)


def _message(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(part.value if isinstance(part, ast.Constant) else "‹›" for part in node.values)


def _with_values(says: str) -> str:
    return re.sub(r"\{\w+\}", "‹›", says)
