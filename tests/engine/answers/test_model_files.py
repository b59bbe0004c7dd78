"""A run's model in files of other programs, which say what the program says of the same rows."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch

from tests.engine.answers.test_prediction import COLUMNS, Trained, by_task, rows_of, table
from tests.engine.toys import Run, methods, spec, training
from workbench.engine.answers.dispatch import answer
from workbench.spec.experiment import Choice, TaskChoice
from workbench.spec.question import ExportModel, Predict, RefusedError


def export(question: Predict, out: Path, *formats: str) -> list[Path]:
    asked = ExportModel(question.spec, question.seed, question.folder, str(out), formats)
    return [Path(path) for path in answer(asked, methods(), lambda done, text: None)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(tmp_path_factory.mktemp("trained"))


#: Run where `workbench` cannot be imported: it prints what the loader says as JSON.
_ALONE = """
import json, sys
sys.path[:] = [p for p in sys.path if p and "workbench" not in p]
sys.modules["workbench"] = None
sys.path.insert(0, sys.argv[1])
from load_model import Model
told = Model(sys.argv[1]).predict_csv(sys.argv[2])
print(json.dumps({t: (v.get("probability", v.get("value"))).tolist() for t, v in told.items()}))
"""


def test_the_loader_needs_torch_and_numpy_alone(trained: Trained, tmp_path: Path):
    files = export(trained.question, tmp_path / "out", "torch")
    assert [file.name for file in files] == ["model.json", "model.pt2", "load_model.py"]
    other = table(tmp_path / "other.csv", rows_of(30, seed=5))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _ALONE, str(tmp_path / "out"), str(other)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout)
    for task, wanted in by_task(trained.ask(file=str(other))).items():
        np.testing.assert_allclose(given[task], wanted.values, rtol=1e-6, atol=1e-7)


def test_safetensors_describe_themselves(trained: Trained, tmp_path: Path):
    files = export(trained.question, tmp_path, "safetensors")
    assert [file.name for file in files] == ["model.json", "model.safetensors"]
    told = json.loads(files[0].read_text())
    (entry,) = told["inputs"]
    assert [column["name"] for column in entry["preparation"]["columns"]] == list(COLUMNS)
    assert [each["task"] for each in told["outputs"]] == ["price", "sold"]
    assert told["outputs"][1]["classes"] == ["no", "yes"]
    assert told["preset"].startswith("version:")
    tensors = safetensors.torch.load_file(files[1])
    assert sum(x.numel() for x in tensors.values()) == trained.run.trainer.began.parameters


def test_what_is_no_form_is_said(trained: Trained, tmp_path: Path):
    with pytest.raises(RefusedError, match="safetensors, torch, onnx"):
        export(trained.question, tmp_path / "out", "torch", "pickle")
    assert not (tmp_path / "out").exists()


def test_a_learner_that_adapts_says_why_it_has_no_file(tmp_path: Path):
    run_spec = spec(
        tasks=(TaskChoice(family="digits-attributes"),),
        learner=Choice(kind="fomaml"),
        training=training(epochs=1, steps=1, evaluate_every=0),
    )
    (tmp_path / "run").mkdir()
    Run(run_spec, folder=tmp_path / "run" / "checkpoint").to_the_end()
    with pytest.raises(RefusedError, match="adapts to a few rows before it answers"):
        export(Predict(run_spec, 0, str(tmp_path / "run")), tmp_path / "out", "torch")


class Session:
    """An exported ONNX model, asked about a table as another program would."""

    def __init__(self, path: Path) -> None:
        runtime: Any = pytest.importorskip("onnxruntime")
        self.session = runtime.InferenceSession(str(path))

    def ask(self, file: Path) -> dict[str, Any]:
        with file.open(newline="") as opened:
            rows = list(csv.DictReader(opened))
        feeds: dict[str, Any] = {}
        for each in self.session.get_inputs():
            texts = [row[each.name] for row in rows]
            if each.type == "tensor(string)":
                feeds[each.name] = np.array(texts, dtype=object)
            elif each.name == "when":
                days = np.array(texts, dtype="datetime64[D]")
                feeds[each.name] = (days - np.datetime64("1970-01-01")).astype(np.float64)
            else:
                feeds[each.name] = np.array([float(t) if t else np.nan for t in texts])
        names = [each.name for each in self.session.get_outputs()]
        return dict(zip(names, self.session.run(None, feeds), strict=True))


needs_onnx = pytest.mark.filterwarnings("ignore")


@needs_onnx
@pytest.mark.parametrize("missing", ["mean", "indicator"])
@pytest.mark.parametrize("sharing", ["hard", "mmoe"])
def test_an_onnx_model_prepares_rows_itself(missing: str, sharing: str, tmp_path: Path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    trained = Trained(tmp_path, missing=missing, most_categories=3)
    changed = trained.spec.model_copy(update={"sharing": Choice(kind=sharing)})
    (tmp_path / "other").mkdir()
    Run(changed, folder=tmp_path / "other" / "checkpoint").to_the_end()
    question = replace(trained.question, spec=changed, folder=str(tmp_path / "other"))
    (_, path) = export(question, tmp_path / "out", "onnx")
    session = Session(path)
    assert {each.name for each in session.session.get_inputs()} == set(COLUMNS)
    rows = rows_of(50, seed=9)  # numbers and categories are missing, one category is new
    rows[3][1] = "violet"
    rows[4][0], rows[4][1] = "", ""
    other = table(tmp_path / "new.csv", rows)
    given = session.ask(other)
    told = answer(replace(question, file=str(other)), methods(), lambda done, text: None)
    scale = {"price": 1e6, "sold": 1.0}
    for task in told.tasks:
        gap = np.abs(given[task.task] - task.values).max() / scale[task.task]
        assert gap < 1e-5, task.task


@needs_onnx
def test_an_onnx_model_of_pictures_takes_them_as_the_file_has_them(tmp_path: Path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    draw = np.random.default_rng(0)
    pictures = draw.integers(0, 255, (40, 8, 8, 3)).astype(np.uint8)
    np.savez(tmp_path / "own.npz", x=pictures, y=pictures[:, 0, 0, 0] > 128)
    choice = TaskChoice(
        family="arrays", file=str(tmp_path / "own.npz"), inputs="x", targets={"y": "classes"},
        standardise=True,
    )  # fmt: skip
    run_spec = spec(
        tasks=(choice,),
        encoder=Choice(kind="cnn"),
        training=training(epochs=1, steps=2, evaluate_every=0),
    )
    (tmp_path / "run").mkdir()
    Run(run_spec, folder=tmp_path / "run" / "checkpoint").to_the_end()
    question = Predict(run_spec, 0, str(tmp_path / "run"), str(tmp_path / "own.npz"))
    told = answer(question, methods(), lambda done, text: None)
    (_, path) = export(question, tmp_path / "out", "onnx")
    session: Any = Session(path).session
    (given,) = session.run(None, {session.get_inputs()[0].name: pictures.astype(np.float64)})
    np.testing.assert_allclose(given, told.tasks[0].values, atol=1e-5)


def test_onnx_that_is_not_installed_is_said(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(RefusedError, match=r"needs `pip install 'mtl-workbench\[onnx\]'`"):
        export(trained.question, tmp_path, "onnx")
