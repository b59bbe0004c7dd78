"""Experiments from Python: what is given back is what was recorded, and importing costs nothing."""

import builtins
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import workbench as wb
from workbench.spec import preset as presets
from workbench.spec.documents.document import PresetError
from workbench.spec.event import Began, Event, Finished
from workbench.store.errors import UnknownRunError
from workbench.store.stored_run import read

SETUP: dict[str, Any] = {
    "name": "Small",
    "tasks": [{"family": "digits-split", "n_tasks": 2}],
    "curriculum": {"kind": "sequential"},
    "training": {"epochs": 1, "threads": 1},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[wb.Result]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_HOME", str(tmp_path_factory.mktemp("home")))
        return wb.run(SETUP, seeds=[0, 1], out=tmp_path_factory.mktemp("runs"))


def test_importing_it_imports_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import workbench\n"
        "print(*(name for name in set(sys.modules) - before))\n"
        "dir(workbench); workbench.__version__; print(*(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    for names in (first.split(), second.split()):
        assert [name for name in names if name.startswith("workbench")] == ["workbench"]
        assert not {"torch", "numpy", "PySide6", "pydantic", "asyncio"} & set(names)


def test_what_is_used_is_there_without_torch_and_without_a_window() -> None:
    code = (
        "import sys, workbench as wb; wb.run, wb.load, wb.Result, wb.Spec, wb.frame\n"
        "print(*(name.partition('.')[0] for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "PySide6", "pandas", "pyarrow", "sklearn"} & set(done.stdout.split())


def test_a_name_that_is_not_there_is_refused_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="no attribute 'train'"):
        _ = wb.train  # pyright: ignore
    assert set(wb.__all__) <= set(dir(wb))


def test_each_seed_is_a_result_of_what_was_recorded(results: list[wb.Result]) -> None:
    assert [(result.seed, result.status) for result in results] == [(0, "done"), (1, "done")]
    first = results[0]
    stored = read(first.path)
    last = stored.events[-1]
    assert isinstance(last, Finished)
    assert np.array_equal(first.matrix, last.matrix)
    assert np.array_equal(first.baseline, last.baseline)
    assert first.summary["acc"] == last.summary["acc"]
    assert first.tasks == last.scores
    assert first.series.losses.shape == (len(first.series.steps), 2)
    assert first.task_names == ("0-4", "5-9")
    assert len(first.stage_names) == 2


def test_a_run_is_loaded_by_its_folder_and_by_its_name(results: list[wb.Result]) -> None:
    (again,) = wb.run(SETUP, seeds=[0])
    assert wb.load(again.run_id).matrix.tobytes() == results[0].matrix.tobytes()
    assert wb.load(results[0].path).series.losses.tobytes() == again.series.losses.tobytes()
    with pytest.raises(UnknownRunError, match="no run 'nothing'"):
        wb.load("nothing")


def test_a_preset_a_spec_and_a_dictionary_are_one_experiment(
    results: list[wb.Result], tmp_path: Path
) -> None:
    spec = results[0].spec
    path = tmp_path / "small.yaml"
    presets.save(spec, path)
    for given in (spec, path, str(path)):
        (again,) = wb.run(given, out=tmp_path / "runs")
        assert again.series.losses.tobytes() == results[0].series.losses.tobytes()


def test_without_seeds_those_of_the_preset_are_run(tmp_path: Path) -> None:
    assert [r.seed for r in wb.run({**SETUP, "seeds": [4, 2]}, seeds=None, out=tmp_path)] == [4, 2]


def test_every_event_is_told_and_what_the_listener_raises_leaves_an_interrupted_run(
    tmp_path: Path,
) -> None:
    told: list[Event] = []
    wb.run(SETUP, on_event=told.append, out=tmp_path)
    assert isinstance(told[-1], Finished)

    def stop(event: Event) -> None:
        if isinstance(event, Began):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wb.run(SETUP, seeds=[9], on_event=stop, out=tmp_path)
    (left,) = tmp_path.glob("*-s9-*")
    assert wb.load(left).status == "interrupted"


def test_what_cannot_be_run_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match=r"tasks\.0\.family: there is no 'nothing'"):
        wb.run({"tasks": [{"family": "nothing"}]})
    with pytest.raises(PresetError, match=r"seeds\.0: must be at least 0"):
        wb.run(SETUP, seeds=[-1])
    with pytest.raises(PresetError, match="no-such-preset"):
        wb.run("no-such-preset")
    assert list(tmp_path.glob("home/runs/*")) == []


def test_a_run_that_diverges_says_so_and_the_next_seed_follows(tmp_path: Path) -> None:
    wild = {
        "tasks": [{"family": "related-regressions"}],
        "optimizer": {"kind": "sgd", "lr": 100},
        "training": {"epochs": 9, "threads": 1},
    }
    found = wb.run(wild, seeds=[0, 1], out=tmp_path)
    assert [result.status for result in found] == ["diverged", "diverged"]
    assert "lower the learning rate" in found[0].message
    assert found[0].matrix.shape == (0, len(found[0].task_names))


def test_the_model_answers_as_the_run_did_and_is_a_copy(results: list[wb.Result]) -> None:
    model = results[0].model()
    from safetensors.torch import load_file

    saved = sorted(results[0].path.glob("checkpoint/*/model.safetensors"))[-1]
    for name, values in load_file(saved).items():
        assert torch.equal(dict(model.state_dict())[name], values)
    with torch.no_grad():
        next(model.parameters()).zero_()
    assert next(results[0].model().parameters()).abs().sum() > 0


def test_torch_is_left_as_it_was(tmp_path: Path) -> None:
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    wb.run(SETUP, out=tmp_path)
    assert torch.equal(torch.rand(3), wanted)
    assert torch.get_num_threads() == 1


def test_tables_have_a_row_an_observation(results: list[wb.Result]) -> None:
    steps = results[0].arrow("steps").to_pydict()
    series = results[0].series
    assert len(steps["step"]) == series.losses.size
    assert steps["task"][:3] == ["0-4", "5-9", "0-4"]
    assert steps["loss"][0] == float(series.losses[0, 0])
    assert steps["loss"][1] is None  # a task that is not learned in this stage has no loss
    matrix = results[0].arrow("matrix").to_pydict()
    assert matrix["stage"] == [-1, -1, 0, 0, 1, 1]
    assert matrix["score"][2:] == results[0].matrix.ravel().tolist()
    with pytest.raises(ValueError, match="no table 'nothing'; there are runs"):
        results[0].arrow("nothing")


def test_frames_are_pandas(results: list[wb.Result]) -> None:
    pytest.importorskip("pandas")
    frame = wb.frame(results, "measures")
    assert sorted(set(frame["seed"])) == [0, 1]
    assert len(results[0].frame("steps")) == results[0].series.losses.size


def test_without_pandas_it_is_said_what_helps(
    results: list[wb.Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match="pip install pandas"):
        results[0].frame()


def test_results_of_several_runs_are_one_table(results: Sequence[wb.Result]) -> None:
    from workbench.api import frame_source

    assert set(frame_source("measures", results)["seed"].to_pylist()) == {0, 1}
