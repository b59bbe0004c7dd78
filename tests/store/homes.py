"""Homes with runs in them, made with the recorder and copied, for tests of what damages them."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests import fakes
from workbench.spec.experiment import Spec, TaskChoice
from workbench.store import run
from workbench.store.index import Index


@dataclass(frozen=True)
class Home:
    """A home and the runs in it, each on a seed of its own, from 0."""

    home: Path
    spec: Spec
    folders: tuple[Path, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the runs."""
        return tuple(folder.name for folder in self.folders)


def made(home: Path, n_runs: int) -> Home:
    """A home with so many runs that are done."""
    spec = Spec(name="Fake", tasks=(TaskChoice(family="fake"),), seeds=(0,))
    first = run.create(spec, 0, home / "runs", run_id="fake-s0-20260101-000000-aaaaaa")
    list(run.record(fakes.run(0), first, Index(home)))
    folders = [first]
    for seed in range(1, n_runs):
        folder = first.with_name(f"fake-s{seed}-20260101-0000{seed % 60:02}-{seed:06x}")
        shutil.copytree(first, folder)
        reseed(folder, seed)
        folders.append(folder)
    return Home(home, spec, tuple(folders))


def reseed(folder: Path, seed: int) -> None:
    """Have a copy of a run be one on another seed."""
    spec = folder / "spec.yaml"
    spec.write_text(spec.read_text().replace("seeds: [0]", f"seeds: [{seed}]"))
    events = folder / "events.jsonl"
    events.write_text(events.read_text().replace('"seed":0', f'"seed":{seed}'))
    summary = json.loads((folder / "summary.json").read_text())
    summary |= {"seed": seed, "run_id": folder.name}
    (folder / "summary.json").write_text(json.dumps(summary))


def listed(home: Path) -> dict[str, str]:
    """How every run that is listed stands."""
    return {row.run_id: row.status for row in Index(home).rows()}


def content_of(folder: Path) -> dict[str, str]:
    """A sum of every file under a folder, by its name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
