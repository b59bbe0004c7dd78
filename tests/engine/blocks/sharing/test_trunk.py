"""One trunk for all tasks, with a stem for each kind of their inputs."""

from typing import Any

import torch

from tests.engine.toys import SPLITS, methods, task
from workbench.engine.blocks.sharing.trunk import Trunk
from workbench.engine.roles.owners import Owners
from workbench.engine.roles.task import Part, Task, Values, Vector


def of_width(name: str, width: int) -> Task:
    part = Part({"x": torch.ones(4, width)}, torch.zeros(4, 1))
    return Task(name, {"x": Vector(width)}, Values(1), dict.fromkeys(SPLITS, part))


def trunk_of(*tasks: Task) -> Trunk:
    encoder: Any = methods().find("encoder", "mlp")
    return Trunk(tasks, encoder(encoder.Settings(hidden=[8, 5])))


def test_each_kind_of_input_goes_through_its_own_stem_in_the_order_of_the_batch():
    trunk = trunk_of(of_width("a", 3), of_width("b", 4), of_width("c", 3))
    inputs = {"c": torch.randn(2, 3), "b": torch.randn(2, 4), "a": torch.randn(2, 3)}
    features = trunk.first(inputs)
    assert list(features) == ["c", "b", "a"]
    narrow, wide = trunk.stems
    for name, stem in (("a", narrow), ("b", wide), ("c", narrow)):
        torch.testing.assert_close(features[name], stem(inputs[name]))


def test_a_batch_without_one_kind_leaves_its_stem_alone():
    trunk = trunk_of(of_width("a", 3), of_width("b", 4))
    features = trunk.first({"b": torch.randn(2, 4)})
    features["b"].sum().backward()
    narrow, wide = trunk.stems
    assert all(p.grad is None for p in narrow.parameters())
    assert all(p.grad is not None for p in wide.parameters())


def test_tasks_that_hold_one_input_are_encoded_once():
    several = trunk_of(task("a"), task("b"), of_width("c", 3))
    for trunk in (trunk_of(task("a"), task("b")), several):
        x = torch.randn(2, 4)
        features = trunk.first({"a": x, "b": x})
        assert features["a"] is features["b"]


def test_a_stem_is_its_readers_and_the_rest_is_everybodys():
    tasks = [of_width("a", 3), of_width("b", 4), of_width("c", 3)]
    trunk = trunk_of(*tasks)
    owners = Owners(tasks)
    trunk.tell(owners)
    narrow, wide = trunk.stems
    for module, names in ((narrow, {"a", "c"}), (wide, {"b"}), (trunk.body, {"a", "b", "c"})):
        for parameter in module.parameters():
            assert set(owners.users(parameter)) == names
