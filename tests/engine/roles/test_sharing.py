"""Heads by name, and inputs encoded once."""

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, given, task, teaching
from workbench.engine.roles.sharing import Heads, encode_once
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice


@pytest.mark.parametrize("sharing", ["hard", "separate"])
@pytest.mark.parametrize("name", ["values", "keys", "type", "a.b", "_modules", "training"])
def test_a_task_may_have_any_name(name: str, sharing: str):
    catalogue = teaching(lambda: [task(name), task("other")])
    run = Run(given(sharing=Choice(kind=sharing)), catalogue).to_the_end()
    assert isinstance(run.last, Finished)
    assert name in run.last.scores


def test_tasks_that_name_the_same_head_share_it():
    heads = Heads([task("a", head="h"), task("b", head="h"), task("c")], 3)
    assert len(heads.shared_parameters()) == 2
    assert heads.task_parameters("a") == []
    assert len(heads.task_parameters("c")) == 2
    features = torch.randn(5, 3)
    outputs = heads({"a": features, "b": features, "c": features})
    assert torch.equal(outputs["a"], outputs["b"])
    assert not torch.equal(outputs["a"], outputs["c"])


def test_equal_inputs_are_encoded_once_and_different_ones_together():
    sizes: list[int] = []
    layer = nn.Linear(2, 3)
    layer.register_forward_hook(lambda _, inputs, __: sizes.append(len(inputs[0])))
    x, y = torch.randn(4, 2), torch.randn(6, 2)
    shared = encode_once(layer, {"a": x, "b": x})
    assert shared["a"] is shared["b"]
    mixed = encode_once(layer, {"a": x, "b": y, "c": x})
    assert sizes == [4, 10]
    assert torch.allclose(mixed["b"], layer(y))
    assert mixed["a"] is mixed["c"]
