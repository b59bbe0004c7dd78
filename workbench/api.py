"""API: experiments from Python, without a window; `import workbench` offers what is here."""

import contextlib
import copy
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workbench.publish.columns import table_of
from workbench.publish.record import Record, record
from workbench.publish.tables import TABLES
from workbench.spec import preset as presets
from workbench.spec.check import check_whole
from workbench.spec.documents.document import Document, PresetError, Problem
from workbench.spec.event import Event, Failed
from workbench.spec.experiment import Spec
from workbench.store import catalogue as catalogue_cache
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.store.series import Series
from workbench.store.stored_run import Status, StoredRun

if TYPE_CHECKING:
    from torch import nn

Preset = str | Path | Spec | Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """One run, read from its folder: what was reached, and everything that was recorded.

    Arrays are in the order of `task_names`; NaN where there is no number.
    """

    record: Record

    @property
    def _stored(self) -> StoredRun:
        return self.record.stored

    @property
    def run_id(self) -> str:
        """Its name in the history; `workbench.load` takes it."""
        return self.record.run_id

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._stored.folder

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.record.seed

    @property
    def status(self) -> Status:
        """What became of it: "done", "diverged", "failed", "stopped" or "interrupted"."""
        return self._stored.status

    @property
    def message(self) -> str:
        """Why it diverged or failed, or what of it is damaged; else empty."""
        return "; ".join(filter(None, (self._stored.outcome.message, self._stored.problem)))

    @property
    def spec(self) -> Spec:
        """Its setup, with what was changed while it ran."""
        return self._stored.spec

    @property
    def task_names(self) -> tuple[str, ...]:
        """Its tasks, in the order of every array."""
        return tuple(task.name for task in self.record.tasks)

    @property
    def stage_names(self) -> tuple[str, ...]:
        """Its stages, in the order of the rows of `matrix`, which has those that ended."""
        return tuple(stage.name for stage in self.record.stages)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Test scores [S, T] on each task after each stage that ended."""
        return self.record.matrix

    @property
    def baseline(self) -> NDArray[np.float64]:
        """Test scores [T] before any training."""
        return self.record.baseline

    @property
    def summary(self) -> dict[str, float | None]:
        """The measures: "acc", "bwt", "fwt", "forgetting" and so on; None where one is not."""
        return self._stored.outcome.as_json()["summary"]

    @property
    def tasks(self) -> dict[str, dict[str, Any]]:
        """Final test scores by task and metric, as `workbench run --json` prints them."""
        return self._stored.outcome.as_json()["tasks"]

    @cached_property
    def series(self) -> Series:
        """The numbers of every step: `steps` [N], `losses` and `weights` [N, T], `rates` [N]."""
        return self.record.series

    def arrow(self, table: str = "steps") -> Any:
        """One of the tables, tidy, as a `pyarrow.Table`; see `frame` for their names."""
        return frame_source(table, [self])

    def frame(self, table: str = "steps") -> Any:
        """One of the tables, tidy, as a `pandas.DataFrame`.

        "runs", "settings", "steps", "evaluations", "matrix", "scores", "measures", "adaptation",
        "answers", "cosines". Raises ImportError where pandas is not installed, and ValueError.
        """
        return frame([self], table)

    def model(self) -> "nn.Module":
        """The model as the run's newest checkpoint has it, ready to be asked; a copy each time.

        Its `forward` takes a batch and gives outputs by task. Raises RefusedError where there is
        no checkpoint that can be read, or the data that say how large the model is have changed.
        """
        import torch

        from workbench.engine.answers.saved_run import run_as_saved
        from workbench.engine.build.catalogue import discover

        threads = torch.get_num_threads()
        try:
            trainer = run_as_saved(
                self.spec, self.seed, str(self.path), discover(), lambda _done, _text: None
            )
        finally:
            torch.set_num_threads(threads)
        return copy.deepcopy(trainer.model).eval()

    def __repr__(self) -> str:
        return f"Result({self.run_id!r}, {self.status})"


def run(
    preset: Preset,
    seeds: Iterable[int] | None = (0,),
    on_event: Callable[[Event], object] | None = None,
    *,
    out: str | Path | None = None,
) -> list[Result]:
    """Train an experiment on each of the seeds, in this process; a Result for each, in order.

    `preset` is a preset file, the name of a shipped preset, a Spec, or a preset as a dictionary.
    `seeds` None: those that the preset names. `on_event` is called with every event of the runs,
    as they go on; what it raises ends the run, which is then "interrupted". Runs are kept under
    `out`, or with all others. A run that diverges or fails has that status, and the next seed
    follows. torch's random numbers and threads are afterwards what they were before.

    Raises PresetError where the experiment cannot be run.
    """
    from workbench.runner.local import LocalRunner

    runner = LocalRunner()
    document = _document(preset)
    if seeds is not None:
        numbers = [int(seed) for seed in seeds]
        document = Document(
            {**document.data, "seeds": numbers}, document.lines, document.source, document.folder
        )
    spec = check_whole(document, catalogue_cache.cached() or runner.catalogue())
    root = runs_folder() if out is None else Path(out).absolute()
    return [_trained(runner, spec, seed, root, on_event) for seed in spec.seeds]


def _document(preset: Preset) -> Document:
    """What is to be run, as a preset's document. Raises PresetError."""
    if isinstance(preset, Spec):
        return Document(presets.data_of(preset), source="the Spec")
    if isinstance(preset, Mapping):
        return Document(dict(preset), source="the dictionary", folder=Path.cwd())
    return presets.read(preset)


def _trained(
    runner: Any, spec: Spec, seed: int, root: Path, on_event: Callable[[Event], object] | None
) -> Result:
    """One run, to its end. Raises PresetError where it could not even begin."""
    run_id, failure = "", None
    with _torch_as_before(), contextlib.closing(runner.run(spec, seed, root)) as events:
        for event in events:
            run_id = getattr(event, "run_id", "") or run_id
            failure = event if isinstance(event, Failed) else None
            if on_event is not None:
                on_event(event)
    if failure is not None and (failure.place or not run_id):
        raise PresetError([Problem(failure.place, failure.message)], spec.name)
    return Result(record(root / run_id))


@contextlib.contextmanager
def _torch_as_before() -> Generator[None]:
    """What a run changes for its whole process is as it was, afterwards."""
    import torch

    threads = torch.get_num_threads()
    try:
        with torch.random.fork_rng():
            yield
    finally:
        torch.set_num_threads(threads)


def load(run: str | Path) -> Result:
    """A run of the history, by its id, the start of one, or its folder, whatever became of it.

    Raises UnknownRunError, NotARunError where nothing of it can be read, and OSError.
    """
    return Result(record(Path(Index.open().find(str(run)).path)))


def frame(results: Iterable[Result], table: str = "measures") -> Any:
    """One of the tables of several runs as one `pandas.DataFrame`; see `Result.frame`."""
    try:
        import pandas  # noqa: F401  # pyright: ignore
    except ImportError:
        message = "frames need pandas: `pip install pandas`; `arrow` gives the same without it"
        raise ImportError(message) from None
    return frame_source(table, results).to_pandas()


def frame_source(table: str, results: Iterable[Result]) -> Any:
    """One of the tables of several runs as a `pyarrow.Table`. Raises ValueError."""
    if table not in TABLES:
        raise ValueError(f"there is no table {table!r}; there are {', '.join(TABLES)}")
    return table_of(table, [result.record for result in results])
