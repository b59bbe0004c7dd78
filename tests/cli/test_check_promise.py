"""check is a promise: what run refuses, it refuses with the line, and what it passes runs."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.printed import Capture
from tests.contracts.faces import CATALOGUE
from tests.contracts.files import settings_of
from tests.engine.toys import Run, discovered, given, methods, task, teaching
from workbench import cli
from workbench.__main__ import Services
from workbench.engine.answers.dispatch import answer
from workbench.engine.build import available_memory as room
from workbench.engine.build import build as session
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Classes, Family, Task, Values
from workbench.runner.local import LocalRunner
from workbench.spec import preset
from workbench.spec.check import is_judged_built, problems
from workbench.spec.checks.extent import may_be_large
from workbench.spec.event import Failed, Finished, Noticed
from workbench.spec.experiment import Spec
from workbench.spec.files import gallery
from workbench.spec.question import Columns, Cost, RefusedError
from workbench.spec.user_files.file_facts import FileFacts


class RealServices:
    """The command line's other sides, all real but the window."""

    def __init__(self) -> None:
        self.asked = 0

    def first_look(self, question: Columns) -> FileFacts | None:
        return Services().first_look(question)

    def catalogue(self) -> Any:
        return CATALOGUE

    def runner(self) -> LocalRunner:
        self.asked += 1
        runner = LocalRunner()
        runner.__dict__["methods"] = methods()
        return runner

    def window(self, preset: str | None, *, in_process: bool = False) -> int:
        raise AssertionError((preset, in_process))


def checked(text: str, tmp_path: Path, capsys: Capture) -> tuple[int, str, int]:
    """The exit code and what was said of a preset, and how often torch was asked."""
    path = tmp_path / "p.yaml"
    path.write_text(text)
    services = RealServices()
    capsys.readouterr()
    code = cli.main(services, ["check", str(path)])
    captured = capsys.readouterr()
    return code, (captured.out + captured.err).replace(str(path), "p.yaml"), services.asked


#: A preset, the line and field that are said, and a part of what is said of it.
REFUSED = {
    "split digits, nine tasks": (
        "tasks:\n  - {family: digits-split, n_tasks: 9}\n",
        "2: tasks.0.n_tasks: n_tasks must divide ten (1, 2, 5, 10); found 9",
    ),
    "regressions in one dimension": (
        "tasks:\n  - family: related-regressions\n    dimension: 1\n",
        "3: tasks.0.dimension: must be at least n_tasks (2); found 1",
    ),
    "regressions further apart than there is room": (
        "tasks:\n  - {family: related-regressions, n_tasks: 3, cosine: -0.6}\n",
        "2: tasks.0.cosine: must be at least -0.5 with 3 tasks; found -0.6",
    ),
    "a landscape of fifty coordinates": (
        "tasks:\n  - {family: landscape}\nencoder:\n  kind: point\n  coordinates: 50\n",
        "5: encoder.coordinates: must be 2, as the tasks say; found 50",
    ),
    "a view named twice": (
        "tasks:\n  - {family: digits-views, views: [pixels, pixels]}\n"
        "sharing: {kind: views-early}\n",
        "2: tasks.0.views: must differ; found pixels twice",
    ),
    "noise on a view that is not there": (
        "tasks:\n  - {family: digits-views, views: [pixels, name], noisy_view: fourier}\n"
        "sharing: {kind: views-early}\n",
        "2: tasks.0.noisy_view: must be one of the views or none; found fourier",
    ),
    "an angle twice": (
        "tasks:\n  - {family: digits-rotated, angles: [0.0, 30.0, 30.0]}\n",
        "2: tasks.0.angles: must differ; found 30 twice",
    ),
    "nothing shared: one layer, two inputs": (
        "tasks:\n  - {family: iris, task: species}\n  - {family: wine, task: grower}\n"
        "encoder: {kind: mlp, hidden: [2]}\nbalancing: {kind: imtl-g}\n",
        "5: balancing.kind: needs a sharing strategy in which tasks share parameters; at these",
    ),
    "nothing shared: no shared expert": (
        "tasks:\n  - {family: digits-attributes}\nsharing: {kind: ple, shared_experts: 0}\n"
        "balancing: {kind: cagrad}\n",
        "4: balancing.kind: needs a sharing strategy in which tasks share parameters; at these",
    ),
    "a model of 137 GB": (
        "tasks:\n  - {family: digits-attributes}\nencoder: {kind: mlp, hidden: [65536, 65536, "
        "65536]}\n",
        "3: encoder.kind: a training step would need 138 GB of memory, for 8.6 G parameters",
    ),
    "heads of 52 GB": (
        "tasks:\n  - {family: wine}\nencoder: {kind: mlp, hidden: [8]}\n"
        "heads: {hidden: [65536, 65536], dropout: 0.5}\n",
        "4: heads.hidden: a training step would need 206 GB of memory, for 12.9 G parameters",
    ),
    "a head of 17 GB": (
        "tasks:\n  - {family: iris, task: species}\n"
        "  - {family: wine, task: grower, head: [65536, 65536]}\n",
        "3: tasks.1.head: a training step would need 68.9 GB of memory, for 4.3 G parameters",
    ),
    "data of 40 GB": (
        "tasks:\n  - {family: related-regressions, n_tasks: 100, dimension: 1000, "
        "samples: 100000}\n",
        "2: tasks.0.family: the data would be 40.5 GB, and there are 24 GB of memory",
    ),
    "a change of a task that is none": (
        "tasks:\n  - {family: digits-attributes, task: digit}\n"
        "interventions:\n  - {step: 1, task: parity, weight: 2.0}\n",
        "4: interventions.0.task: there is no task 'parity'",
    ),
    "a task of a family set up otherwise": (
        "tasks:\n  - {family: digits-split, n_tasks: 2, task: 0-1}\n",
        "2: tasks.0.task: digits-split has no task '0-1' (it has: 0-4, 5-9)",
    ),
    "a task of a family as it comes": (
        "tasks:\n  - {family: digits-split, task: 0-4}\n",
        "2: tasks.0.task: there is no '0-4'; did you mean '0-1'?",
    ),
    "a downloaded family that is not there": (
        "tasks:\n  - {family: mnist, folder: nowhere}\n",
        "2: tasks.0.folder: train-images-idx3-ubyte.gz is not in nowhere",
    ),
    "more stages than anybody waits for": (
        "tasks:\n  - {family: sinusoids, n_tasks: 1000}\ncurriculum: {kind: repeating, "
        "rounds: 1000}\n",
        "3: curriculum.kind: would have 1,000,000 stages; there may be 10,000",
    ),
    "gradients in what no two heads read": (
        "tasks:\n  - {family: digits-attributes}\nsharing: {kind: cgc}\n"
        "balancing: {kind: mgda, gradients_in: representation}\n",
        "4: balancing.gradients_in: representation needs a sharing strategy in which the heads of",
    ),
    "gradients in what heads read before and after they adapt": (
        "tasks:\n  - {family: digits-attributes}\nlearner: {kind: fomaml}\n"
        "balancing: {kind: mgda, gradients_in: representation}\n",
        "4: balancing.gradients_in: representation needs a learner that answers without adapting",
    ),
    "gradients in what each head reads of its own view": (
        "tasks:\n  - {family: digits-views}\nsharing: {kind: views-coreg, reads: own}\n"
        "balancing: {kind: cagrad, gradients_in: representation}\n",
        "4: balancing.gradients_in: representation needs a sharing strategy in which the heads of",
    ),
    "gradients in what is read of other examples": (
        "tasks:\n  - {family: iris, task: species}\n  - {family: wine, task: grower}\n"
        "balancing: {kind: pcgrad, gradients_in: representation}\n",
        "4: balancing.gradients_in: representation compares gradients in what the heads read of "
        "the same examples; species and grower are learned together from different ones",
    ),
    "gradients in what is read of replayed examples": (
        "tasks:\n  - {family: digits-attributes}\ncurriculum: {kind: sequential}\n"
        "retention: {kind: replay}\nbalancing:\n  kind: gradnorm\n"
        "  gradients_in: representation\n",
        "7: balancing.gradients_in: representation compares gradients in what the heads read of "
        "the same examples; replay mixes others in for some of the tasks",
    ),
    "gradients in what tasks read that may come together": (
        "tasks:\n  - {family: digits-split, n_tasks: 2}\ncurriculum: {kind: interactive}\n"
        "balancing: {kind: mgda, gradients_in: representation}\n",
        "4: balancing.gradients_in: representation compares gradients in what the heads read of "
        "the same examples; 0-4 and 5-9 are learned together from different ones",
    ),
    "gradients of layers in what is none": (
        "tasks:\n  - {family: digits-attributes}\n"
        "balancing: {kind: gradvac, by_layer: true, gradients_in: representation}\n",
        "3: balancing.by_layer: corrects gradients in the shared parameters; it does not go with "
        "representation",
    ),
    "a detector of numbers": (
        "tasks:\n  - {family: related-regressions}\ncurriculum: {kind: drift, boundaries: adwin}\n",
        "3: curriculum.kind: a detector watches the errors of answers that are classes",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_run_is_refused_with_its_line(
    name: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(room, "machine", lambda: 24_000_000_000)
    text, message = REFUSED[name]
    code, output, _ = checked(text, tmp_path, capsys)
    assert code == cli.BAD, output
    assert f"p.yaml:{message}" in output


def test_a_run_refuses_it_in_the_same_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "machine", lambda: 24_000_000_000)
    for text, reason in REFUSED.values():
        path = tmp_path / "p.yaml"
        path.write_text(text)
        spec, runner = preset.load(path), RealServices().runner()
        last = list(runner.run(spec, 0, tmp_path / "runs"))[-1]
        if isinstance(last, Failed):
            field, message = reason.split(": ", 2)[1:]
            assert last.place == field
            assert message.split(";")[0][:50] in last.message or "there is no" in message
        else:
            raise AssertionError(f"ran: {text}")


def test_gradients_in_what_the_heads_read_take_less_memory(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
):
    # 64 × 8192 + 8192² parameters with gradients and two moments are 1.1 GB; five rows 1.3 GB.
    monkeypatch.setattr(room, "machine", lambda: 2_000_000_000)
    text = (
        "tasks: [{family: digits-attributes}]\nencoder: {kind: mlp, hidden: [8192, 8192]}\n"
        "balancing: {kind: mgda, gradients_in: %s}\n"
    )
    assert checked(text % "all", tmp_path, capsys)[0] == cli.BAD
    assert checked(text % "representation", tmp_path, capsys)[0] == cli.DONE


@pytest.mark.parametrize("sharing", ["views-coreg", "views-dcca"])
@pytest.mark.parametrize("learner", ["maml", "reptile", "mtl-then-tune"])
def test_views_are_not_tied_while_a_learner_adapts(
    sharing: str, learner: str, tmp_path: Path, capsys: Capture
):
    text = f"tasks: [{{family: digits-views}}]\nsharing: {{kind: {sharing}}}\n"
    code, told, _ = checked(f"{text}learner: {{kind: {learner}}}\n", tmp_path, capsys)
    assert code == cli.BAD
    assert "p.yaml:2: sharing.kind: Views:" in told
    assert "needs a learner that answers without adapting, such as gradient" in told


@pytest.mark.parametrize("width", [0.005, 0.0001, 1e-12])
def test_a_change_however_narrow_runs(width: float):
    text = (
        "tasks: [{family: digits-split, n_tasks: 2}]\n"
        f"curriculum: {{kind: drift, drift: gradual, width: {width:.12f}}}\n"
        "training: {epochs: 1, evaluate_every: 0, threads: 1}\n"
    )
    spec = preset.spec_of(preset.parse(text))
    assert not problems(spec, CATALOGUE)
    assert isinstance(Run(spec).to_the_end().last, Finished)


def table(tmp_path: Path, rows: list[list[str]]) -> str:
    path = tmp_path / "own.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


@pytest.mark.parametrize(
    ("targets", "rows", "said"),
    [
        ("{z: auto}", [["a", "b"], ["1", "2"]], "tasks.0.targets: own.csv has no column 'z'"),
        ("{b: classes}", [["a", "b"], *[[str(i), "x"] for i in range(9)]], "has one class only"),
        ("{b: auto}", [["a", "b"]], "tasks.0.file: "),
        ("{}", [["a", "b"], ["1", "2"]], "names no column to predict"),
    ],
)
def test_a_table_is_opened(
    targets: str, rows: list[list[str]], said: str, tmp_path: Path, capsys: Capture
):
    text = f"tasks:\n  - {{family: table, file: '{table(tmp_path, rows)}', targets: {targets}}}\n"
    code, output, _ = checked(text, tmp_path, capsys)
    assert code == cli.BAD
    assert "p.yaml:2: " in output
    assert said in output


def test_shipped_presets_are_checked_without_torch_unless_something_must_be_laid_out():
    laid_out = {path.stem for path in gallery() if is_judged_built(preset.load(path), CATALOGUE)}
    assert laid_out == {
        "a-baseline-that-wins",
        "a-star-of-languages",
        "a-table-with-gaps",
        "an-order-for-each-seed",
        "attention-on-permuted-digits",
        "bring-my-data",
        "conflict-learned-jointly",
        "conflict-learned-to-learn",
        "digits-that-grow-noisy",
        "drift-nobody-announced",
        "eight-languages-five-scripts",
        "glyphs-under-prototypes",
        "learning-to-adapt-for-life",
        "nobody-says-where",
        "one-group-then-the-other",
        "packnet-packs-five-tasks",
        "poor-language-rich-relatives",
        "residual-blocks-on-pairs",
        "tasks-one-can-see",
        "the-textbook-network",
        "waves-under-anil",
        "waves-under-fomaml",
        "waves-under-maml",
        "waves-under-reptile",
    }


def test_what_is_large_is_counted_first_and_what_is_small_is_not():
    def spec(**more: Any) -> Spec:
        return Spec.model_validate({"tasks": [{"family": "digits-attributes"}], **more})

    assert not may_be_large(spec(), CATALOGUE)
    assert may_be_large(spec(encoder={"kind": "mlp", "hidden": [65536, 65536]}), CATALOGUE)
    assert may_be_large(spec(sharing={"kind": "mmoe", "experts": 256}), CATALOGUE)
    wide = {"kind": "mlp", "hidden": [8, 8192]}  # the masks of MTAN are as wide as they are high
    assert may_be_large(spec(encoder=wide, sharing={"kind": "mtan"}), CATALOGUE)


@pytest.mark.parametrize(
    ("key", "n_entries", "settings"),
    [
        ("scenes", 1, {"size": 64, "samples": 5000}),
        ("related-regressions", 1, {"n_tasks": 100, "dimension": 1000, "samples": 100_000}),
        ("sinusoids", 2, {"n_tasks": 1000, "samples": 100_000}),
        ("digits-permuted", 30, {"n_tasks": 100}),
        ("digits-rotated", 30, {"angles": [float(i) for i in range(100)]}),
        ("digits-pairs", 10, {"samples": 100_000, "shift": 8}),
    ],
)
def test_data_that_are_many_are_counted_before_they_are_made(
    key: str, n_entries: int, settings: dict[str, Any]
):
    family: Any = methods().find("tasks", key)
    seeded = "data_seed" in family.Settings.model_fields
    entries = [
        {"family": key, **settings, **({"data_seed": i} if seeded else {})}
        for i in range(n_entries)
    ]
    n_bytes: int = n_entries * family(family.Settings(**settings)).n_bytes
    assert n_bytes > 1e9
    assert may_be_large(Spec.model_validate({"tasks": entries}), CATALOGUE)


def metric_tasks(metric: str = "", output: Any = Values(1)) -> Catalogue:  # noqa: B008 - frozen
    def make() -> list[Task]:
        made = task("a", output=output)
        return [Task("a", made.inputs, output, made.data, metric)]

    return teaching(make)


def test_a_task_that_names_no_metric_gets_the_usual_one_of_its_output():
    for output, usual in ((Values(1), "r2"), (Classes(2), "accuracy")):
        run = Run(given(), metric_tasks(output=output)).to_the_end()
        assert isinstance(run.last, Finished)
        assert list(run.last.scores["a"]) == [usual, "loss"]


def test_a_metric_that_does_not_fit_is_refused_with_those_that_do():
    catalogue = metric_tasks("accuracy")
    with pytest.raises(RefusedError) as caught:
        answer(Cost(given()), catalogue, lambda *_: None)
    assert caught.value.field == "tasks.0.family"
    assert "the metric accuracy of task a does not score its answers, which are Values" in str(
        caught.value
    )
    assert "mae, mse, r2, relative-error, rmse" in str(caught.value)


class Plain(Family):
    """A point, and one number that is said to be a class."""

    key = "plain"
    __module__ = "workbench.methods.tasks.plain"  # as a file that was put into the folder

    def tasks(self) -> list[Task]:
        made = task("a", output=Values(1))
        return [Task("a", made.inputs, made.output, made.data, "accuracy")]


def test_a_new_file_whose_metric_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(CATALOGUE, ("tasks", "plain"), Plain.entry())
    monkeypatch.setitem(discovered().methods, ("tasks", "plain"), Plain)
    text = "version: 1\ntasks:\n  - {family: plain}\ntraining: {threads: 1}\n"
    code, output, _ = checked(text, tmp_path, capsys)
    *_, last = session.run(preset.spec_of(preset.parse(text)), 0, methods())
    assert isinstance(last, Failed)
    assert last.message.startswith("tasks.0.family: the metric accuracy of task a does not score")
    assert code == cli.BAD
    assert "p.yaml:3: tasks.0.family: the metric accuracy of task a does not score" in output


def test_with_a_broken_metric_a_setup_is_built_before_it_is_said_to_run(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
):
    entry = replace(CATALOGUE["metric", "accuracy"], broken="SyntaxError: invalid syntax")
    monkeypatch.setitem(CATALOGUE, ("metric", "accuracy"), entry)
    monkeypatch.delitem(discovered().methods, ("metric", "accuracy"))
    code, output, _ = checked("tasks:\n  - {family: wine}\n", tmp_path, capsys)
    assert code == cli.BAD
    assert "p.yaml:2: tasks.0.family: there is no 'accuracy'" in output


def test_every_kind_of_answer_has_one_usual_metric_which_fits_it():
    metrics: list[type[Metric]] = discovered().of_role("metric")
    kinds = {kind for metric in metrics for kind in metric.outputs}
    assert all(metric.outputs for metric in metrics)
    for kind in kinds:
        (usual,) = (metric for metric in metrics if kind in metric.usual)
        assert kind in usual.outputs


@pytest.mark.parametrize("scenario", ["domain", "task"])
def test_a_head_of_one_class_warns(scenario: str, tmp_path: Path, capsys: Capture):
    text = f"tasks:\n  - {{family: digits-split, n_tasks: 10, scenario: {scenario}}}\n"
    code, output, _ = checked(text, tmp_path, capsys)
    assert code == cli.DONE
    assert "p.yaml:2: tasks.0.n_tasks: warning: with 10 tasks a head has one class alone" in output
    spec = preset.spec_of(preset.parse(text + "training: {epochs: 1, threads: 1}\n"))
    noticed = [e for e in Run(spec).to_the_end().events if isinstance(e, Noticed)]
    assert {e.source for e in noticed} == {"data"}
    assert all("the head has one class alone" in e.message for e in noticed)
    code, output, _ = checked(
        text.replace(f"scenario: {scenario}", "scenario: class"), tmp_path, capsys
    )
    assert (code, "warning" in output) == (cli.DONE, False)


@pytest.mark.parametrize("key", ["mnist", "cifar-10"])
def test_a_data_set_of_which_nothing_is_left_to_train_on_is_refused(
    key: str, tmp_path: Path, capsys: Capture
):
    folder = settings_of(key)["folder"]
    text = f"tasks:\n  - {{family: {key}, folder: '{folder}', samples: 1}}\n"
    code, output, _ = checked(text, tmp_path, capsys)
    assert code == cli.BAD
    assert "p.yaml:2: tasks.0.samples: of 1 pictures 1 validate: none is left to train on" in output
