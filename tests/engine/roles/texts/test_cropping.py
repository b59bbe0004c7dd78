"""Texts are cut to the longest that is there, and nothing else is."""

import torch

from tests.engine.texts import text_tasks
from tests.engine.toys import task
from workbench.engine.roles.task import NOT_ASKED, PADDING, Part
from workbench.engine.roles.texts.cropping import cropped
from workbench.engine.roles.texts.text import lengths


def test_all_texts_get_the_length_of_the_longest():
    first, second, _ = text_tasks(6)
    parts = {"again": first.data["train"][:1], "turned": second.data["train"][:3]}
    longest = max(int(lengths(part.inputs["text"]).max()) for part in parts.values())
    cut = cropped({t.name: t for t in (first, second)}, parts)
    for name, part in cut.items():
        assert part.inputs["text"].shape == part.target.shape == (len(part), longest)
        whole = parts[name]
        assert (whole.inputs["text"][:, longest:] == PADDING).all()
        assert torch.equal(part.target, whole.target[:, :longest])


def test_a_shorter_row_of_texts_is_filled_up():
    first, second, _ = text_tasks(6)
    short = first.data["train"][:2]
    n = int(lengths(short.inputs["text"]).max())
    short = Part({"text": short.inputs["text"][:, :n]}, short.target[:, :n])
    long = second.data["train"]
    cut = cropped({t.name: t for t in (first, second)}, {"again": short, "turned": long})
    assert cut["again"].target.shape[1] == cut["turned"].target.shape[1] > n
    assert (cut["again"].target[:, n:] == NOT_ASKED).all()


def test_one_tensor_stays_one_tensor():
    first, second, _ = text_tasks(6)
    part = first.data["train"]
    same = Part(part.inputs, second.data["train"].target)
    cut = cropped({t.name: t for t in (first, second)}, {"again": part, "turned": same})
    assert cut["again"].inputs["text"] is cut["turned"].inputs["text"]


def test_a_batch_without_texts_is_left_alone():
    given = task("a")
    batch = {"a": given.data["train"]}
    assert cropped({"a": given}, batch) is batch
