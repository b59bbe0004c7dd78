"""What every task family must be."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.contracts.faces import FAMILIES, SLOW, method_of, name_of, tasks_of
from tests.contracts.files import settings_of
from tests.engine.toys import SPLITS, methods
from workbench.engine.build.compatibility import metrics_of
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import (
    NOT_ASKED,
    Classes,
    Image,
    InputKind,
    OutputKind,
    PixelClasses,
    PixelDirections,
    PixelValues,
    Point,
    Task,
    Tokens,
    TokensOut,
    Vector,
)
from workbench.spec.entry import Entry
from workbench.spec.experiments.nested import is_maker

every_family = pytest.mark.parametrize("entry", FAMILIES, ids=name_of)
DISTRIBUTIONS = [entry for entry in FAMILIES if "episodes" in entry.gives]
every_distribution = pytest.mark.parametrize("entry", DISTRIBUTIONS, ids=name_of)


def shape_of(kind: InputKind) -> tuple[int, ...]:
    match kind:
        case Vector(n):
            return (n,)
        case Image(channels, height, width):
            return (channels, height, width)
        case Tokens(_, length):
            return (length,)
        case Point():
            return ()


def answer_shape(output: OutputKind) -> tuple[int, ...]:
    if isinstance(output, PixelValues | PixelDirections):
        return (output.n, output.height, output.width)
    return (output.n,)


def apart(values: Tensor) -> Tensor:
    """Values, each row of a pool once."""
    return values.at(values.positions.unique()) if isinstance(values, Pooled) else values


def rows(values: Tensor, made: Task) -> set[bytes]:
    """The different examples that a task's values hold; rows, where episodes draw them again."""
    is_flat = isinstance(values, Pooled) or not made.drawn_from
    values = apart(values) if is_flat else values.flatten(0, 1)
    # adding 0 makes −0 and 0 one value
    return {bytes(row) for row in (values + 0).view(len(values), -1).numpy()}


def equal(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors have the same values."""
    if isinstance(a, Pooled) and isinstance(b, Pooled):
        return torch.equal(a.positions, b.positions) and torch.equal(a.pool, b.pool)
    return torch.equal(a, b)


def held(values: Tensor) -> int:
    """Bytes that a tensor takes."""
    return values.n_bytes if isinstance(values, Pooled) else values.nbytes


@every_family
def test_its_tasks_are_those_it_names(entry: Entry):
    tasks = tasks_of(entry)
    names = tuple(made.name for made in tasks)
    # What is in a user's file, or in another family, is not known before.
    is_made = is_maker(entry)
    is_open = "varying-tasks" in entry.gives and (is_made or bool(settings_of(entry.key)))
    assert entry.tasks == (() if is_open else names)
    assert len(set(names)) == len(tasks) > 0


@every_family
def test_inputs_and_targets_are_of_the_declared_kinds(entry: Entry):
    for made in tasks_of(entry):
        assert set(made.data) == set(SPLITS)
        for part in made.data.values():
            assert len(part) > 0
            n_rows = () if made.episodes is None else (made.episodes.n,)
            assert set(part.inputs) == set(made.inputs)
            for view, values in part.inputs.items():
                assert values.shape == (len(part), *n_rows, *shape_of(made.inputs[view]))
                assert apart(values).isfinite().all()
            if isinstance(made.output, Classes):
                assert part.target.dtype == torch.int64
                assert part.target.shape == (len(part), *n_rows)
                assert part.target.min() >= 0
                assert part.target.max() < made.output.n
                if made.classes:
                    assert set(part.target.unique().tolist()) <= set(made.classes)
            elif isinstance(made.output, PixelClasses):
                assert part.target.dtype == torch.int64
                assert part.target.shape == (len(part), made.output.height, made.output.width)
                assert 0 <= part.target.min() <= part.target.max() < made.output.n
            elif isinstance(made.output, TokensOut):
                assert part.target.dtype == torch.int64
                assert part.target.shape == next(iter(part.inputs.values())).shape
                asked = part.target[part.target != NOT_ASKED]
                assert 0 <= asked.min() <= asked.max() < made.output.n
                assert (part.target != NOT_ASKED).any(1).all()
            else:
                assert part.target.dtype == torch.float32
                assert part.target.shape == (len(part), *n_rows, *answer_shape(made.output))
                assert part.target.isfinite().all()


@every_family
def test_no_example_is_in_two_splits(entry: Entry):
    for made in tasks_of(entry):
        by_split = [rows(x, made) for part in made.data.values() for x in part.inputs.values()]
        assert len(set().union(*by_split)) == sum(map(len, by_split))


@every_family
def test_it_says_whether_its_tasks_are_distributions(entry: Entry):
    for made in tasks_of(entry):
        assert (made.episodes is not None) == ("episodes" in entry.gives)


@every_distribution
def test_classes_and_groups_that_are_held_out_are_not_trained_on(entry: Entry):
    for made in tasks_of(entry):
        is_drawn = any(isinstance(x, Pooled) for p in made.data.values() for x in p.inputs.values())
        assert set(made.drawn_from) == (set(SPLITS) if is_drawn else set())
        named = [set(names) for names in made.drawn_from.values()]
        assert len(set().union(*named)) == sum(map(len, made.drawn_from.values()))
        for names in named:
            assert len(names) >= (made.output.n if isinstance(made.output, Classes) else 1)


@every_distribution
def test_rows_to_adapt_to_and_rows_that_are_asked_are_others(entry: Entry):
    for made in tasks_of(entry):
        assert made.episodes is not None
        for part in made.data.values():
            few = part[:20]
            for values, target in zip(_rows(few), few.target, strict=True):
                assert len({*values}) == made.episodes.n
                if "ways" in entry.settings["properties"]:
                    support, query = target.split([made.episodes.support, made.episodes.query])
                    for asked in (support, query):
                        counts = asked.bincount(minlength=made.output.n)
                        assert counts.min() == counts.max() > 0


@every_distribution
def test_more_tasks_leave_those_that_are_held_out_as_they_are(entry: Entry):
    method, given = method_of(entry), settings_of(entry.key)
    (few,) = method(method.Settings(**{**given, "train_tasks": 3, "val_tasks": 7})).tasks()
    (many,) = method(method.Settings(**{**given, "train_tasks": 30, "val_tasks": 7})).tasks()
    for split in ("val", "test"):
        assert torch.equal(few.data[split].target, many.data[split].target)
        for one, other in zip(_rows(few.data[split]), _rows(many.data[split]), strict=True):
            assert one == other


def _rows(part: Any) -> list[list[bytes]]:
    """The rows of each episode."""
    (values,) = part.inputs.values()
    return [[bytes(row) for row in episode.flatten(1).numpy()] for episode in values]


@every_family
def test_its_metrics_score_its_answers(entry: Entry):
    tasks = {made.name: made for made in tasks_of(entry) if made.metric}
    assert set(metrics_of(methods(), tasks)) >= {made.metric for made in tasks.values()}


@every_family
def test_its_data_do_not_depend_on_chance(entry: Entry):
    torch.manual_seed(1)
    one = tasks_of(entry)
    torch.manual_seed(2)
    two = tasks_of(entry)
    for a, b in zip(one, two, strict=True):
        assert (a.name, a.head, a.inputs, a.output) == (b.name, b.head, b.inputs, b.output)
        for split in SPLITS:
            assert torch.equal(a.data[split].target, b.data[split].target)
            for view in a.inputs:
                assert equal(a.data[split].inputs[view], b.data[split].inputs[view])


@every_family
def test_equal_inputs_are_one_tensor(entry: Entry):
    tasks = tasks_of(entry)
    for split in SPLITS:
        found = [values for made in tasks for values in made.data[split].inputs.values()]
        for i, a in enumerate(found):
            for b in found[i + 1 :]:
                assert a is b or not equal(a, b)


@every_family
def test_tasks_that_share_a_head_ask_for_the_same_output(entry: Entry):
    outputs: dict[str, object] = {}
    for made in tasks_of(entry):
        assert outputs.setdefault(made.head, made.output) == made.output


#: A second size of each family whose settings decide how much there is.
_LARGER = {
    "boundaries-2d": {"n_tasks": 5, "samples": 1000},
    "digits-pairs": {"layout": "side-by-side", "samples": 1000},
    "digits-permuted": {"n_tasks": 12},
    "digits-rotated": {"angles": [0.0, 45.0]},
    "drifting-stream": {"n_stretches": 20, "samples": 10},
    "few-shot-digits": {"train_tasks": 500, "ways": 2},
    "few-shot-regressions": {"relation": "related", "dimension": 50, "train_tasks": 500},
    "glyphs": {"classes": 300, "train_tasks": 1000, "shots": 20},
    "few-shot-sinusoids": {"train_tasks": 500, "shots": 50},
    "related-regressions": {"same_inputs": True, "dimension": 50},
    "scenes": {"size": 16, "samples": 24},
    "sinusoids": {"n_tasks": 3, "samples": 5000},
}


@every_family
def test_what_it_says_of_its_size_is_about_what_it_makes(entry: Entry):
    method = method_of(entry)
    amounts = {"samples", "n_tasks", "n_stretches", "angles", "train_tasks"} & set(
        entry.settings.get("properties", {})
    )
    is_file = bool(settings_of(entry.key))
    is_sized = bool(amounts) and not (is_file or is_maker(entry) or entry.key == "digits-split")
    assert is_sized == (entry.key in _LARGER)
    for settings in (SLOW.get(entry.key, {}), _LARGER.get(entry.key, {})) if is_sized else ():
        family = method(method.Settings(**settings))
        parts = [part for made in family.tasks() for part in made.data.values()]
        found = [x for part in parts for x in (*part.inputs.values(), part.target)]
        n_bytes = sum(held(x) for x in {id(x): x for x in found}.values())
        assert 0.5 * n_bytes <= family.n_bytes <= 2 * n_bytes
