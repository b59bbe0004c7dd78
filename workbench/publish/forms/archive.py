"""Archive: runs as one zip that somebody else can read, check and make again."""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import workbench
from workbench.publish.figures.of_runs import figures_of
from workbench.publish.figures.svg import as_file
from workbench.publish.forms.columnar import write_parquet
from workbench.publish.forms.delimited import write_csv
from workbench.publish.forms.script import read_me, script
from workbench.publish.places import without_places
from workbench.publish.record import Record, experiments
from workbench.publish.report.page import report
from workbench.spec.experiment import Spec
from workbench.spec.preset import text_of
from workbench.spec.text import file_stem
from workbench.store.json_file import JsonError, read_object
from workbench.store.stored_run import ENVIRONMENT

#: The same runs give the same bytes, whenever they are packed.
_DATE = (1980, 1, 1, 0, 0, 0)


def write_zip(chosen: Sequence[Record], path: Path) -> Iterator[str]:
    """All that is known of these runs in one file; yields what is packed. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    top = file_stem(path.stem, "runs")
    names = _names([record.run_id for record in chosen])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: str | bytes, mode: int = 0o644) -> None:
            entry = zipfile.ZipInfo(f"{top}/{name}", _DATE)
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        presets = [(f"presets/{name}.yaml", r) for name, r in zip(names, chosen, strict=True)]
        add("README.txt", read_me(presets))
        add("reproduce.sh", script(presets), 0o755)
        add("results.json", _json({"workbench": workbench.__version__, "runs": _results(chosen)}))
        add("report.html", report(chosen))
        yield "report"
        for name, (place, record) in zip(names, presets, strict=True):
            add(place, text_of(as_computed(record)))
            add(f"environment/{name}.json", _json(_environment(record)))
        for i, (experiment, runs) in enumerate(experiments(chosen).items(), 1):
            stem = f"{i:02d}-{file_stem(experiment, 'experiment')}"
            for figure, _, svg in figures_of(experiment, runs):
                add(f"figures/{stem}-{figure}.svg", as_file(svg))
                yield figure
        yield from _tables(chosen, archive, top)


def _tables(chosen: Sequence[Record], archive: zipfile.ZipFile, top: str) -> Iterator[str]:
    """The tables as Parquet; as CSV those that are small enough to be looked at."""
    with tempfile.TemporaryDirectory(prefix="workbench-export-") as made:
        folder = Path(made)
        yield from write_parquet(chosen, folder)
        yield from write_csv(chosen, folder)
        for file in sorted(folder.iterdir()):
            if file.name != "steps.csv":  # which Parquet has in a tenth of the room
                entry = zipfile.ZipInfo(f"{top}/tables/{file.name}", _DATE)
                entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
                with file.open("rb") as source, archive.open(entry, "w") as target:
                    while block := source.read(1 << 20):
                        target.write(block)
                        yield file.name


def as_computed(record: Record) -> Spec:
    """A run's setup with the number of threads that it was computed with."""
    spec, began = record.stored.spec, record.began
    if began is None or spec.training.threads != "auto":
        return spec
    training = spec.training.model_copy(update={"threads": began.threads})
    return spec.model_copy(update={"training": training})


def _names(ids: Sequence[str]) -> list[str]:
    """A file's name for each run, no two alike on any file system."""
    names: list[str] = []
    taken: set[str] = set()
    for run_id in ids:
        stem = name = file_stem(run_id, "run")
        number = 2
        while name.lower() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def _results(chosen: Sequence[Record]) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for record in chosen:
        data = record.stored.outcome.as_json()
        data["message"] = without_places(data["message"], record.stored.folder)
        results.append({"run_id": record.run_id, "seed": record.seed, **data})
    return results


def _environment(record: Record) -> dict[str, Any]:
    try:
        return read_object(record.stored.folder / ENVIRONMENT)
    except (OSError, JsonError):
        return {}


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
