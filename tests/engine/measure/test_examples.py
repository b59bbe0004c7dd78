"""Previews: what a window is given to draw."""

import pickle
from typing import Any

import numpy as np
import pytest
import torch

from tests.contracts.faces import FAMILIES, made_at, method_of, name_of
from tests.contracts.files import settings_of
from tests.engine.toys import SPLITS, methods
from workbench.engine.measure.examples import preview
from workbench.engine.roles.task import Classes, Image, Part, Task, Tokens, Values, Vector
from workbench.spec.entry import Entry
from workbench.spec.shown.samples import Curve, Pictures, Points, Rows, Samples, Surface, Texts


def first(family: str, **settings: Any) -> Task:
    method = methods().find("tasks", family)
    return method(method.Settings(**settings)).tasks()[0]


def on(inputs: torch.Tensor, kind: Any, output: Any, target: torch.Tensor, **more: Any) -> Task:
    data = dict.fromkeys(SPLITS, Part({"x": inputs}, target))
    return Task("task", {"x": kind}, output, data, **more)


@pytest.mark.parametrize("entry", FAMILIES, ids=name_of)
def test_every_task_can_be_shown(entry: Entry):
    for made in made_at(entry, settings_of(entry.key)):
        shown = preview(made, 5)
        views = [samples.view for samples in shown]
        assert views in (list(made.inputs), [*made.inputs, "answer"])
        assert len(pickle.dumps(shown)) < 200_000


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("digits-attributes", Pictures),
        ("digits-pairs", Pictures),
        ("boundaries-2d", Points),
        ("sinusoids", Curve),
        ("wine", Rows),
        ("landscape", Surface),
    ],
)
def test_a_task_is_shown_as_what_it_is(family: str, kind: type[Samples]):
    (shown,) = preview(first(family))
    assert type(shown) is kind


def test_pictures_are_bytes_with_their_answers():
    made = first("digits-attributes")
    (shown,) = preview(made, 3)
    assert isinstance(shown, Pictures)
    assert shown.images.shape == (3, 8, 8)
    assert shown.images.dtype == np.uint8
    pixels = made.data["train"].inputs["pixels"][:3].view(3, 8, 8) * 255
    assert np.abs(shown.images - pixels.numpy()).max() <= 0.5
    assert shown.answers == tuple(str(int(c)) for c in made.data["train"].target[:3])


@pytest.mark.parametrize(
    ("channels", "shape"), [(1, (2, 4, 5)), (2, (2, 4, 10)), (3, (2, 4, 5, 3))]
)
def test_three_channels_are_colours_and_others_stand_side_by_side(
    channels: int, shape: tuple[int, ...]
):
    pictures = torch.rand(2, channels, 4, 5)
    made = on(pictures, Image(channels, 4, 5), Classes(2), torch.tensor([0, 1]))
    (shown,) = preview(made)
    assert isinstance(shown, Pictures)
    assert shown.images.shape == shape


def test_values_beyond_0_to_1_are_stretched():
    pictures = torch.tensor([-3.0, 5.0]).view(1, 1, 1, 2)
    (shown,) = preview(on(pictures, Image(1, 1, 2), Classes(1), torch.tensor([0])))
    assert isinstance(shown, Pictures)
    assert shown.images.tolist() == [[[0, 255]]]


def test_points_come_with_their_classes():
    made = first("boundaries-2d")
    (shown,) = preview(made, 2, "val")
    assert isinstance(shown, Points)
    assert shown.points.tolist() == made.data["val"].inputs["point"][:40].tolist()
    assert shown.classes.tolist() == made.data["val"].target[:40].tolist()
    assert (shown.columns, shown.names) == (("x", "y"), ("0", "1"))


def test_a_curve_is_in_rising_order_and_has_more_points_than_pictures_would():
    (shown,) = preview(first("sinusoids"), 2)
    assert isinstance(shown, Curve)
    assert shown.y.shape == (40, 1)
    assert (np.diff(shown.x) >= 0).all()


def test_rows_have_names_and_answers():
    (shown,) = preview(first("iris"), 4)
    assert isinstance(shown, Rows)
    assert shown.columns == ("sepal length", "sepal width", "petal length")
    assert shown.values.shape == (4, 3)
    assert set(shown.answers) <= {"setosa", "versicolor", "virginica"}
    made = on(torch.zeros(2, 3), Vector(3), Values(2), torch.tensor([[1.0, 0.5], [2, 1e-9]]))
    (shown,) = preview(made)
    assert isinstance(shown, Rows)
    assert (shown.columns, shown.answers) == (("1", "2", "3"), ("1, 0.5", "2, 1e-09"))


def test_tokens_are_rows():
    made = on(torch.tensor([[1, 2], [3, 4]]), Tokens(9, 2), Classes(2), torch.tensor([0, 1]))
    (shown,) = preview(made)
    assert isinstance(shown, Rows)
    assert shown.values.tolist() == [[1, 2], [3, 4]]


def test_texts_are_read_as_texts():
    made = first("numbers", languages=["en", "ar"], sentences=20, held_out=10, highest=99)
    (shown,) = preview(made, 4)
    assert isinstance(shown, Texts)
    assert len(shown.texts) == len(shown.answers) == 4
    assert all(text.isascii() for text in shown.texts)
    assert not any(answer.isascii() for answer in shown.answers)


def test_a_surface_reaches_beyond_its_start():
    made = first("landscape", start=[-15.0, 2.0])
    (shown,) = preview(made)
    assert isinstance(shown, Surface)
    assert shown.x[0] == pytest.approx(-18)
    assert shown.start == (-15.0, 2.0)
    place = torch.tensor([[shown.x[10], shown.y[70]]])
    assert shown.values[70, 10] == pytest.approx(made.output.function(place).item(), rel=1e-5)


@pytest.mark.parametrize("entry", [e for e in FAMILIES if "episodes" in e.gives], ids=name_of)
def test_of_a_distribution_the_rows_of_its_first_task_are_shown(entry: Entry):
    settings = {**settings_of(entry.key), "train_tasks": 3}
    (made,) = method_of(entry)(method_of(entry).Settings(**settings)).tasks()
    assert made.episodes is not None
    (shown,) = preview(made, 7)
    first_task = made.data["train"].target[0]
    match shown:
        case Curve(y=y):
            assert sorted(y[:, 0].tolist()) == sorted(first_task[:, 0].tolist())
        case Pictures(answers=answers):
            assert list(answers) == [made.answers[i] for i in first_task[:7].tolist()]
        case Rows(values=values):
            (x,) = made.data["train"][:1].inputs.values()
            assert np.array_equal(values, x[0, : len(values)])
            assert len(values) in (7, made.episodes.n)
        case _:
            raise AssertionError(type(shown))
