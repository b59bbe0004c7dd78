"""Sections: the parts of a report, each as markup."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.publish.figures.of_runs import figures_of, intervals_of
from workbench.publish.figures.svg import element
from workbench.publish.places import without_places
from workbench.publish.proof.conditions import changed
from workbench.publish.record import Record, done_of
from workbench.publish.report.markup import (
    block,
    estimate_text,
    figure,
    number,
    paragraph,
    shown,
    table,
)
from workbench.publish.report.words import INTERVAL, MEASURES, MeasureWords
from workbench.spec.experiments.assignments import assignments
from workbench.spec.preset import text_of
from workbench.store.json_file import JsonError, read_object
from workbench.store.stored_run import ENVIRONMENT
from workbench.study.interval import estimate

Groups = Mapping[str, Sequence[Record]]


def results(groups: Groups) -> str:
    """Final scores and measures of every experiment, with intervals."""
    names = list(groups)
    scores: dict[tuple[str, str], None] = {}
    for runs in groups.values():
        for record in runs:
            for task, by_metric in record.stored.outcome.tasks.items():
                scores |= {(task, metric): None for metric in by_metric}
    rows = [
        [task, metric, *(_score(groups[name], task, metric) for name in names)]
        for task, metric in scores
    ]
    counts = ", ".join(f"{name}: n = {len(done_of(runs))}" for name, runs in groups.items())
    caption = f"Final test scores by task and metric. {counts}."
    parts = [table(["task", "metric", *names], rows, caption, 2)] if rows else []
    measures = dict.fromkeys(
        key
        for runs in groups.values()
        for record in done_of(runs)
        for key, value in record.stored.outcome.summary.items()
        if value is not None
    )
    rows = [
        [_words(key).title, *(_measure(groups[name], key) for name in names)] for key in measures
    ]
    if rows:
        parts.append(table(["measure", *names], rows, f"Measures over all tasks. {counts}."))
    if len(groups) > 1 and "acc" in measures:
        chart = intervals_of(groups, lambda r: r.stored.outcome.summary.get("acc"), "ACC")
        parts.append(figure(chart, "Final score of each experiment, with its interval."))
    return "".join([*parts, paragraph(INTERVAL, "soft")])


def _score(runs: Sequence[Record], task: str, metric: str) -> str:
    values = (r.stored.outcome.tasks.get(task, {}).get(metric) for r in done_of(runs))
    return estimate_text(estimate(values))


def _measure(runs: Sequence[Record], key: str) -> str:
    return estimate_text(estimate(r.stored.outcome.summary.get(key) for r in done_of(runs)))


def _words(key: str) -> MeasureWords:
    return MEASURES.get(key) or MeasureWords(key.replace("_", " "), "")


def experiment(name: str, runs: Sequence[Record], *, has_title: bool) -> str:
    """An experiment's figures and what else its runs have to say."""
    parts = [element("h3", shown(name))] if has_title else []
    parts += [figure(svg, caption) for _, caption, svg in figures_of(name, runs)]
    facts = [
        [task, str(steps), *(number(value) for value in (loss, low, high))]
        for record in done_of(runs)[:1]
        for task, adapted in record.stored.outcome.adaptation.items()
        for steps, loss, low, high in zip(
            adapted.steps, adapted.loss, adapted.low, adapted.high, strict=True
        )
    ]
    if facts:
        seed = done_of(runs)[0].seed
        caption = "Loss on held-out small tasks after inner steps, with its 95 % interval over"
        parts.append(
            table(["task", "inner steps", "loss", "low", "high"], facts,
                  f"{caption} them (seed {seed}).")
        )  # fmt: skip
    return "".join(parts)


def runs_table(groups: Groups) -> str:
    """Every run: how it ended, how long it took, and what is wrong with it."""
    rows: list[list[str]] = []
    remarks: list[str] = []
    for name, runs in groups.items():
        for record in runs:
            outcome = record.stored.outcome
            seconds = "–" if outcome.seconds is None else f"{outcome.seconds:,.1f}"
            line = [record.run_id, name, record.stored.status, str(record.seed)]
            rows.append([*line, f"{outcome.step:,}", seconds])
            wrong = [outcome.message, record.stored.problem and f"damaged: {record.stored.problem}"]
            text = "; ".join(each for each in wrong if each)
            if text:
                place = without_places(text, record.stored.folder)
                remarks.append(paragraph(f"{record.run_id}: {place}", "warn"))
    head = ["run", "experiment", "status", "seed", "steps", "seconds"]
    return table(head, rows, "Runs in this report.", 3) + "".join(remarks)


def setup(groups: Groups) -> str:
    """The presets, and what sets the later experiments apart from the first."""
    parts: list[str] = []
    first = next(iter(groups.values()))[0].stored.spec
    for i, (name, runs) in enumerate(groups.items()):
        spec = runs[0].stored.spec
        seeds = tuple(dict.fromkeys(record.seed for record in runs))
        if len(groups) > 1:
            parts.append(element("h3", shown(name)))
        if spec.about:
            parts.append(paragraph(spec.about))
        if i:
            differing = assignments(first, spec)
            text = "; ".join(differing) if differing else "nothing that a preset says"
            parts.append(paragraph(f"Other than in the first experiment: {text}"))
        parts.append(block(text_of(spec.model_copy(update={"seeds": seeds}))))
    return "".join(parts)


def definitions(groups: Groups) -> str:
    """What the measures mean."""
    used = {
        key
        for runs in groups.values()
        for record in runs
        for key, value in record.stored.outcome.summary.items()
        if value is not None
    }
    parts = [
        "R[i, j] is the test score on task j after stage i, T the last stage, and b[j] the score"
        " before any training. Scores of which less is better change sign first."
    ]
    listed = "".join(
        element("dt", shown(words.title))
        + element("dd", shown(f"{words.definition} {f'({words.source})' if words.source else ''}"))
        for key, words in MEASURES.items()
        if key in used
    )
    return paragraph(parts[0], "soft") + element("dl", listed)


def environment(groups: Groups) -> str:
    """On what the runs were made: of the first run, and where others differ."""
    records = [record for runs in groups.values() for record in runs]
    facts = [_environment(record) for record in records]
    rows = [[name, value] for name, value in _flat(facts[0])]
    parts = [table(["of the first run", ""], rows, numbers=2)] if rows else []
    for record, other in zip(records[1:], facts[1:], strict=True):
        differing = changed({k: v for k, v in facts[0].items() if k != "data"}, other)
        if differing:
            text = "; ".join(f"{each.name}: {each.now}" for each in differing)
            parts.append(paragraph(f"{record.run_id} differs in {text}", "soft"))
    return "".join(parts)


def _environment(record: Record) -> dict[str, Any]:
    try:
        return read_object(record.stored.folder / ENVIRONMENT)
    except (OSError, JsonError):
        return {}


def _flat(facts: Mapping[str, Any], path: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in facts.items():
        name = f"{path}{key}"
        if isinstance(value, dict):
            rows += _flat(value, f"{name}: ")
        elif value is not None:
            rows.append((name, str(value)))
    return rows
