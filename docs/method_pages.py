"""Writes a page for each role, of every method of it, from the catalogue.

    python docs/method_pages.py

Writes docs/methods/*.md: title, key, what it is, formula, paper, settings with their defaults and
ranges, what it needs of the other choices and what it gives them. Run it after a change to a
method's texts or settings.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from workbench.cli.catalogue import allowed, value_text  # noqa: E402 - found once the path is set
from workbench.spec.check import FACTS  # noqa: E402
from workbench.spec.entry import ROLES, Entry  # noqa: E402

FOLDER = Path(__file__).parent / "methods"

#: Title of a role's page, and the question that its methods answer.
_HEADS: Mapping[str, tuple[str, str]] = {
    "tasks": ("Tasks", "What is learned: families of tasks, by where their data come from."),
    "curriculum": ("Curricula", "When each task is seen."),
    "encoder": ("Encoders", "What inputs go through before tasks part."),
    "sharing": ("Sharing", "Which parameters tasks share."),
    "balancing": ("Balancing", "How the losses or gradients of tasks combine into one update."),
    "retention": ("Retention", "How what was learned before is protected."),
    "learner": ("Learners", "How one update is made."),
    "metric": ("Metrics", "How well a task is learned, in a number."),
}

_FIELD: Mapping[str, str] = {
    "tasks": "an item `family: {key}` in the list `tasks`",
    "metric": "`metric: {key}` of an item in the list `tasks`",
}


def pages(entries: Iterable[Entry]) -> dict[str, str]:
    """The text of every page by its file's name."""
    found = list(entries)
    texts = {"README.md": _overview(found)}
    for role in ROLES:
        texts[f"{role}.md"] = _page(role, [entry for entry in found if entry.role == role])
    return texts


def _overview(entries: list[Entry]) -> str:
    lines = ["# Methods", "", "| role | what it decides | how many |", "|---|---|---|"]
    for role in ROLES:
        title, question = _HEADS[role]
        count = sum(entry.role == role for entry in entries)
        lines.append(f"| [{title}]({role}.md) | {question} | {count} |")
    return _whole([*lines, "", "[The guide](../guide/README.md) shows how they are used."])


def _page(role: str, entries: list[Entry]) -> str:
    title, question = _HEADS[role]
    field = _FIELD.get(role, f"`{role}: {{{{kind: {{key}}}}}}`").format(key="KEY")
    lines = [f"# {title}", "", question, ""]
    lines += [
        f"[All roles](README.md) · [The guide](../guide/README.md) · in a preset: {field}",
        "",
    ]
    for entry in sorted(entries, key=lambda entry: entry.group):
        lines += [*_entry(entry), ""]
    return _whole([*lines, *_needs(entries)])


def _needs(entries: list[Entry]) -> Iterator[str]:
    """What the facts mean that methods of a page need, once."""
    needs = sorted({need for entry in entries for need in entry.needs})
    if needs:
        yield "## What is needed"
        yield ""
    yield from (f"- `{need}`: {FACTS.get(need, need)}" for need in needs)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"## {_text(entry.title)}: `{entry.key}`"
    yield ""
    yield _text(entry.summary)
    if entry.formula:
        yield from ("", "```text", entry.formula, "```")
    facts = dict(_facts(entry))
    if facts:
        yield ""
    yield from (f"- **{name}**: {text}" for name, text in facts.items())
    if entry.settings.get("properties"):
        yield ""
        yield from _settings(entry)


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """What is said of an entry beside its summary, each under its name."""
    if entry.group:
        yield "group", _text(entry.group)
    if entry.helps:
        yield "helps", _text(entry.helps)
    if entry.paper or entry.link:
        name = _text(entry.paper) or entry.link
        yield "paper", f"[{name}]({entry.link})" if entry.link else name
    if entry.tasks:
        yield "tasks", ", ".join(f"`{task}`" for task in entry.tasks)
    if entry.needs:
        yield "needs", ", ".join(f"`{need}`" for need in entry.needs)
    if entry.is_task_free:
        yield "task-free", "works where nobody says where a stage ends"
    if entry.gives:
        yield "gives", ", ".join(f"`{fact}`" for fact in entry.gives)


def _settings(entry: Entry) -> Iterator[str]:
    yield "| setting | default | allowed | unit | meaning |"
    yield "|---|---|---|---|---|"
    for name, schema in entry.settings["properties"].items():
        cells = [f"`{name}`", _default(schema), allowed(schema), schema.get("unit", "")]
        yield f"| {' | '.join(map(_text, [*cells, schema.get('description', '')]))} |"


def _default(schema: Mapping[str, Any]) -> str:
    return value_text(schema["default"]) if "default" in schema else "(required)"


def _text(text: str) -> str:
    """A text in which nothing is taken for a column's end or for markup."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").split())


def _whole(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write every page."""
    from workbench.engine.build.catalogue import discover

    FOLDER.mkdir(exist_ok=True)
    entries = discover().entries()
    broken = [entry for entry in entries if entry.broken]
    if broken:
        raise SystemExit("\n".join(f"{entry.key}: {entry.broken}" for entry in broken))
    for name, text in pages(entries).items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/methods/{name}")


if __name__ == "__main__":
    main()
