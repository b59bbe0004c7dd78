"""Page: a report as one HTML file: nothing in it is fetched, and nothing in it runs."""

from collections.abc import Sequence

import workbench
from workbench.publish.figures.svg import element, escaped
from workbench.publish.record import Record, experiments
from workbench.publish.report import sections
from workbench.publish.report.answer import answer
from workbench.publish.report.markup import block, paragraph, shown
from workbench.publish.report.style import STYLE
from workbench.spec.text import visible

#: So many names of experiments stand in a title.
_MOST_NAMED = 3

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report(chosen: Sequence[Record]) -> str:
    """The page of these runs, of which there is one at least."""
    groups = experiments(chosen)
    title = _title(list(groups))
    said, *notes = answer(groups)
    seeds = len(dict.fromkeys(record.seed for record in chosen))
    dates = sorted(filter(None, (record.stored.started[:10] for record in chosen)))
    when = f", {dates[0]}" if dates else ""
    count = f"{len(chosen)} run{'s' if len(chosen) > 1 else ''} on {seeds} seed"
    parts = [
        element("h1", shown(title)),
        paragraph(f"{count}{'s' if seeds > 1 else ''}{when}", "soft"),
        element("p", shown(said), class_="answer"),
        *(paragraph(note, "soft") for note in notes),
        _section("Results", sections.results(groups)),
        _section(
            "Figures",
            "".join(
                sections.experiment(name, runs, has_title=len(groups) > 1)
                for name, runs in groups.items()
            ),
        ),
        _section("Setup", sections.setup(groups)),
        _section("Runs", sections.runs_table(groups)),
        _section("What the measures mean", sections.definitions(groups)),
        _section("Environment", sections.environment(groups)),
        _section("Make it again", _again(chosen)),
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(_POLICY)}">'
        f"<title>{shown(title)}</title><style>{STYLE}</style>"
    )
    body = "".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def _title(names: Sequence[str]) -> str:
    named = [visible(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(named)
    return " against ".join(named) + (f" and {more} more" if more > 0 else "")


def _section(title: str, inner: str) -> str:
    return element("section", element("h2", escaped(title)) + inner) if inner else ""


def _again(chosen: Sequence[Record]) -> str:
    record = chosen[0]
    threads = record.began.threads if record.began is not None else 1
    text = (
        "Save the setup above as preset.yaml. The same version on the same kind of machine gives"
        " the same figures, bit for bit; `workbench verify RUN` says whether it does."
    )
    seeds = ",".join(str(seed) for seed in dict.fromkeys(each.seed for each in chosen))
    command = f"workbench run preset.yaml --seeds {seeds} --threads {threads}"
    made = f"Made by workbench {workbench.__version__}."
    return paragraph(text) + block(command) + paragraph(made, "soft")
