"""Presets: YAML to Spec and back; a bad one says what and where."""

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.spec import files, preset
from workbench.spec.documents import document
from workbench.spec.experiment import (
    Choice,
    Intervention,
    Optimizer,
    Schedule,
    Spec,
    TaskChoice,
    Training,
)
from workbench.spec.preset import PresetError, parse, spec_of, text_of, with_values

TASKS = "tasks:\n  - {family: a}\n"


def _refusal(text: str) -> str:
    with pytest.raises(PresetError) as caught:
        spec_of(parse(text, "f.yaml"))
    return str(caught.value)


def test_everything_but_tasks_has_a_default():
    assert spec_of(parse(TASKS)) == Spec(tasks=(TaskChoice(family="a"),))


def test_a_full_preset_survives_being_written_and_read():
    spec = Spec(
        name="No: 1 # 'quoted' \"twice\" 数",
        about="- on\n- two lines",
        tasks=(TaskChoice(family="a", task="yes", weight=0.1, n=5), TaskChoice(family="no")),
        balancing=Choice(kind="pcgrad", normalise=True),
        encoder=Choice(kind="mlp", hidden=[1, 2], rate=1e-5, note="1e3"),
        optimizer=Optimizer(kind="sgd", lr=1e-5, schedule=Schedule(kind="step", factor=0.5)),
        training=Training(epochs=3, threads=2, evaluate_every=0),
        seeds=(1, 2),
        device="cuda:1",
        interventions=(Intervention(step=3, lr=0.1), Intervention(step=4, task="yes", weight=0.0)),
    )
    assert spec_of(parse(text_of(spec))) == spec


_PLAIN = (
    st.none()
    | st.sampled_from(["1e3", "1e-5", ".5", "0x1", "yes", "~", "null", "1:30", "=", "<<"])
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
)
_SETTINGS = st.dictionaries(
    st.from_regex(r"[a-z_]{3,12}", fullmatch=True).filter(lambda k: k not in {"kind", "settings"}),
    _PLAIN | st.lists(_PLAIN, max_size=3),
    max_size=3,
)


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029", "\ufeff", "\x1b", "\t"])
def test_marks_that_look_like_line_breaks_survive(mark: str):
    balancing = Choice(kind="x", note=f"a{mark}b", alone=mark)
    spec = Spec(tasks=(TaskChoice(family="a"),), balancing=balancing)
    assert spec_of(parse(text_of(spec))) == spec


@given(_SETTINGS, st.text(min_size=1, max_size=50).filter(str.isprintable), st.floats(0, 1e6))
def test_any_settings_survive_being_written_and_read(
    settings: dict[str, object], name: str, weight: float
):
    settings = {key: value for key, value in settings.items() if not key.startswith("model_")}
    tasks = (TaskChoice(family="a", weight=weight),)
    spec = Spec(name=name, tasks=tasks, balancing=Choice(kind="x", **settings))
    assert spec_of(parse(text_of(spec))) == spec


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
def test_any_text_is_read_or_refused(text: str):
    try:
        spec_of(parse(text))
    except PresetError as error:
        problems = error.problems
    else:
        problems = ()
    assert all(problem.message for problem in problems)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("010", 10),
        ("on", "on"),
        ("no", "no"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("2001-01-01", "2001-01-01"),
        ("12:30", "12:30"),
        ("true", True),
        ("~", None),
        ("", None),
        ("'1'", "1"),
    ],
)
def test_scalars_are_read_as_yaml_1_2_reads_them(text: str, value: object):
    result = parse(f"a: {text}").data["a"]
    assert (result, type(result)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("training: {epochs: 0}", "training.epochs: must be at least 1; found 0"),
        ("training: {epochs: '3'}", "training.epochs: must be a whole number; found '3'"),
        ("training: {epochs: 3.0}", "training.epochs: must be a whole number; found 3.0"),
        ("training: {epochs: true}", "training.epochs: must be a whole number; found true"),
        (
            "training: {threads: x}",
            "training.threads: must be a whole number or 'auto'; found 'x'",
        ),
        ("training: {threads: 0}", "training.threads: must be at least 1 or 'auto'; found 0"),
        ("training: 3", "training: must be a map; found 3"),
        ("optimizer: {lr: x}", "optimizer.lr: must be a number; found 'x'"),
        ("optimizer: {lr: 0}", "optimizer.lr: must be more than 0; found 0"),
        ("optimizer: {lr: .inf}", "optimizer.lr: must be a finite number; found inf"),
        ("optimizer: {momentum: 1}", "optimizer.momentum: must be less than 1; found 1"),
        ("optimizer: {lr: 1000}", "optimizer.lr: must be at most 100; found 1000"),
        (
            "optimizer: {kind: rms}",
            "optimizer.kind: must be 'sgd', 'adam' or 'adamw'; found 'rms'",
        ),
        ("seeds: [0, x]", "seeds.1: must be a whole number; found 'x'"),
        ("seeds: 1", "seeds: must be a list; found 1"),
        ("seeds: []", "seeds: must have at least 1 items; found []"),
        ("name: 3", "name: must be text; found 3"),
        ("device: gpu", "device: must be auto, cpu, cuda, cuda:N or mps; found 'gpu'"),
        ("balancing: pcgrad", "balancing: must be a map; found 'pcgrad'"),
        ("balancing: {}", "balancing.kind: required, but missing"),
        ("version: 2", "version: written for format 2; this program reads up to 1: update it"),
        (
            "interventions: [{step: 1}]",
            "interventions.0: an intervention has either task and weight, or lr, or stages;"
            " found {'step': 1}",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_preset(text: str, said: str):
    assert _refusal(TASKS + text) == f"f.yaml:3: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tasks: [3]", "f.yaml:1: tasks.0: must be a map; found 3"),
        ("tasks: []", "f.yaml:1: tasks: must have at least 1 items; found []"),
        ("name: x", "f.yaml:1: tasks: required, but missing"),
    ],
)
def test_a_bad_list_of_tasks_is_one_problem(text: str, said: str):
    assert _refusal(text) == said


def test_every_problem_is_told_at_once():
    lines = _refusal("tasks:\n - {family: a,\n    weight: x}\nseeds: [x]\nnaem: y").splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["f.yaml:3", "tasks.0.weight"],
        ["f.yaml:4", "seeds.0"],
        ["f.yaml:5", "naem"],
    ]
    assert "did you mean 'name'?" in lines[-1]


def test_a_found_value_is_shown_short():
    assert len(_refusal(TASKS + f"device: {'x' * 1000}")) < 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x", "f.yaml:2: aliases (*name) are not allowed"),
        ("a: !!python/name:os.system", "tags (tag:yaml.org,2002:python/name:os.system)"),
        ("a: 1\n---\nb: 2", "f.yaml:2: a preset is one document"),
        ("a: 1\na: 2", "f.yaml:2: a: given twice"),
        ("? {a: 1}\n: 2", "f.yaml:1: a key is a single word"),
        ("- 1", "f.yaml:1: a preset is a map of keys to values; found list"),
        ("a: " + "[" * 50, "f.yaml:1: nested deeper than 20"),
        ("a: [" + "1," * 30_000 + "]", "f.yaml:1: too large"),
        ("a: [1\nb: 2", "f.yaml:2: not YAML"),
        ("<<: {kind: x}", "unknown key"),
    ],
)
def test_what_is_no_plain_data_is_refused(text: str, said: str):
    assert said in _refusal(text)


def test_setting_values_changes_nothing_else():
    document = parse(TASKS + "balancing: {kind: a, x: 1}\nencoder: {kind: b, y: 2}\n", "f.yaml")
    changed = with_values(document, ["balancing.kind=c", "encoder.kind=b", "tasks.0.weight=2.0"])
    assert changed.data["balancing"] == {"kind": "c"}
    assert changed.data["encoder"] == {"kind": "b", "y": 2}
    assert changed.data["tasks"] == [{"family": "a", "weight": 2.0}]
    assert document.data["balancing"] == {"kind": "a", "x": 1}
    assert "weight" not in document.data["tasks"][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("training.epochs=0", "f.yaml: training.epochs: must be at least 1; found 0"),
        ("optimizer.schedule.kind=x", "f.yaml: optimizer.schedule.kind: must be"),
        ("name", "f.yaml: --set wants a.b=value; found 'name'"),
        ("a..b=1", "f.yaml: --set wants a.b=value; found 'a..b=1'"),
        ("name.first=1", "--set name.first: 'first' is set inside a plain value"),
        ("tasks.1.weight=1", "--set tasks.1.weight: '1' is no position in a list of 1"),
        ("name=!!python/none x", "--set name:1: tags"),
    ],
)
def test_a_bad_change_names_itself_and_no_line(change: str, said: str):
    document = parse(TASKS + "name: x\n", "f.yaml")
    with pytest.raises(PresetError) as caught:
        spec_of(with_values(document, [change]))
    assert str(caught.value).startswith(said)


def test_saving_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "new" / "a.yaml"
    spec = Spec(tasks=(TaskChoice(family="a"),))
    preset.save(spec, path)
    before = path.read_bytes()

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        preset.save(spec.model_copy(update={"name": "another"}), path)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == ["a.yaml"]


def test_every_shipped_preset_is_read_by_its_name_and_survives_a_round_trip():
    shipped = files.gallery()
    assert shipped
    for path in shipped:
        spec = preset.load(path.stem)
        assert spec == preset.load(path)
        assert spec_of(parse(text_of(spec))) == spec


def test_a_reader_in_c_and_one_in_python_see_the_same(monkeypatch: pytest.MonkeyPatch):
    texts = [path.read_text(encoding="utf-8") for path in files.gallery()]
    in_c = [parse(text) for text in texts]
    monkeypatch.setattr(document, "_QuickLoader", document._Loader)
    assert [parse(text) for text in texts] == in_c


def test_the_gallery_is_in_sections_and_leaves_no_preset_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("b", "a", "c", "new"):
        (tmp_path / f"{name}.yaml").write_text(TASKS)
    (tmp_path / "order.txt").write_text("# start\nc\ngone\n\n# empty\n# more\nb\na\n")
    monkeypatch.setattr(files, "shipped", lambda _: tmp_path)
    sections = [(name, [path.stem for path in paths]) for name, paths in files.gallery_sections()]
    assert sections == [("start", ["c"]), ("more", ["b", "a"]), ("", ["new"])]
    assert [path.stem for path in files.gallery()] == ["c", "b", "a", "new"]


def test_every_shipped_preset_has_its_place_in_the_gallery():
    assert "" not in dict(files.gallery_sections())


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path):
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TASKS.encode())
    assert preset.load(path).tasks[0].family == "a"
