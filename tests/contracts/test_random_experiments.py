"""What `check` passes, `run` runs: random experiments over all choices, at the ends of settings."""

import contextlib
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.experiments import experiment
from tests.contracts.faces import CATALOGUE
from tests.contracts.test_composition import small_families
from tests.fuzz import scaled
from workbench import cli
from workbench.__main__ import Services
from workbench.engine.build import available_memory as room
from workbench.engine.build import compatibility as fit
from workbench.engine.build import cost
from workbench.runner.local import LocalRunner
from workbench.spec import preset
from workbench.spec.checks import extent
from workbench.spec.command import Stop
from workbench.spec.entry import Catalogue
from workbench.spec.event import Diverged, Event, Failed, Finished, StepsDone
from workbench.spec.experiment import Spec
from workbench.spec.question import Columns
from workbench.spec.user_files.file_facts import FileFacts

#: A run is stopped after so many steps.
N_STEPS = 12
#: The machine's memory in these experiments, and from which size on they are counted: what runs has
#: to be cheap, and what is not has to be refused.
MEMORY, LARGE = 30_000_000, 10e6


class SmallServices:
    """The command line's other sides, with families that make a few examples."""

    def __init__(self) -> None:
        self._runner = LocalRunner()
        self._runner.__dict__["methods"] = small_families()

    def first_look(self, question: Columns) -> FileFacts | None:
        return Services().first_look(question)

    def catalogue(self) -> Catalogue:
        return CATALOGUE

    def runner(self) -> LocalRunner:
        return self._runner

    def window(self, preset: str | None, *, in_process: bool = False) -> int:
        del preset, in_process
        raise AssertionError("no window is asked for")


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "machine", lambda: MEMORY)
    for module in (extent, fit, cost):
        monkeypatch.setattr(module, "LARGE_BYTES", LARGE)


def outcome(spec: Spec, services: Any, folder: Path) -> tuple[str, str]:
    """refused, ran, diverged or broken, and what was said."""
    path = folder / "preset.yaml"
    path.write_text(preset.text_of(spec))
    with contextlib.redirect_stderr(io.StringIO()) as output, contextlib.redirect_stdout(output):
        code = cli.main(services, ["check", str(path)])
    text = output.getvalue()
    if code == cli.BAD:
        lines = [line for line in text.splitlines() if line.startswith(f"{path}:")]
        has_place = bool(lines) and all(line[len(str(path)) + 1].isdigit() for line in lines)
        return ("refused" if has_place else "broken"), f"check: {text}"
    if code != cli.DONE:
        return "broken", f"check ended with {code}: {text}"
    last = _last(preset.load(path), services.runner(), folder)
    match last:
        case Finished():
            return "ran", ""
        case Diverged():
            return "diverged", ""
        case Failed():
            return "broken", f"{last.place} {last.message}\n{last.details}"
        case _:
            return "broken", f"ended with {last}"


def _last(spec: Spec, runner: LocalRunner, folder: Path) -> Event | None:
    """The last event of a run that is stopped after a few steps."""
    last: Event | None = None
    for event in runner.run(spec, spec.seeds[0], folder / "runs"):
        last = event
        if isinstance(event, StepsDone) and event.step >= N_STEPS:
            runner.send(Stop())
    return last


def tried(numbers: Sequence[int], folder: Path) -> Counter[str]:
    """How many experiments came to which end. Fails with the first ones that broke."""
    services = SmallServices()
    counts: Counter[str] = Counter()
    broken: list[str] = []
    for number in numbers:
        spec = experiment(number)
        kind, output = outcome(spec, services, folder)
        counts[kind] += 1
        if kind == "broken":
            broken.append(f"experiment {number}: {output}\n{preset.text_of(spec)}")
    assert not broken, f"{len(broken)} of {len(numbers)} broke\n" + "\n".join(broken[:3])
    return counts


def part_of(n: int, part: int) -> range:
    """The numbers of one part of so many experiments."""
    return range(scaled(n) * part // N_PARTS, scaled(n) * (part + 1) // N_PARTS)


#: Experiments are tried in so many parts, which several processes share.
N_PARTS = 8
parts = pytest.mark.parametrize("part", range(N_PARTS))


@parts
def test_what_check_passes_runs_or_says_that_it_diverged(part: int, tmp_path: Path):
    counts = tried(part_of(100, part), tmp_path)
    assert counts["ran"] > 0  # about one of three does, and a part is a dozen


@pytest.mark.slow
@parts
def test_what_check_passes_runs_hundreds_of_times(part: int, tmp_path: Path):
    counts = tried([1_000_000 + i for i in part_of(500, part)], tmp_path)
    print(f"\n{counts.total()} experiments: {dict(counts)}")
