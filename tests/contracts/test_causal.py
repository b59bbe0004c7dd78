"""Whatever is shared, an answer in a text depends on what came before it alone."""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from tests.contracts.faces import SHARINGS, name_of, small_settings
from tests.engine.texts import LENGTH, VOCABULARY, text_tasks
from tests.engine.toys import methods
from workbench.engine.layers.caching import Cache, cached
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import PADDING, Part, Task
from workbench.spec.entry import Entry

every_strategy = pytest.mark.parametrize(
    "entry",
    [pytest.param(e, id=name_of(e)) for e in SHARINGS if "views" not in e.needs],
)


def made(entry: Entry, tasks: list[Task], blocks: int = 2) -> Sharing:
    """A model that has been used: its gates, stitches and corrections are at random numbers."""
    known = methods()
    method = known.find("sharing", entry.key, "sharing.kind")
    transformer = known.find("encoder", "transformer", "encoder.kind")
    encoder = transformer(transformer.Settings(width=8, heads=2, blocks=blocks))
    settings = method.Settings.model_validate(small_settings(entry))
    torch.manual_seed(0)
    model: Sharing = method(settings, tasks, encoder)
    for stage in range(len(tasks)):
        model.begin(stage, [tasks[stage].name])
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.5 * torch.randn(parameter.shape))
    return model.double().eval()


def batch_of(tasks: list[Task], change: Mapping[str, Tensor] | None = None) -> Batch:
    """The training examples, some with other texts."""
    parts = {task.name: task.data["train"] for task in tasks}
    for name, tokens in (change or {}).items():
        parts[name] = Part({"text": tokens}, parts[name].target)
    return parts


@every_strategy
@pytest.mark.parametrize("head", ["", "one"], ids=["own-heads", "one-head"])
def test_what_comes_later_changes_nothing(entry: Entry, head: str):
    tasks = text_tasks(6, head=head)
    model, cut = made(entry, tasks), 5
    later = {
        task.name: torch.cat([x[:, :cut], torch.randint(1, VOCABULARY, (len(x), LENGTH - cut))], 1)
        for task in tasks
        for x in task.data["train"].inputs.values()
    }
    before, after = model(batch_of(tasks)), model(batch_of(tasks, later))
    for name, answers in before.items():
        torch.testing.assert_close(after[name][:, :cut], answers[:, :cut], rtol=1e-9, atol=1e-9)
        assert not torch.allclose(after[name][:, cut:], answers[:, cut:])


@every_strategy
def test_padding_changes_nothing(entry: Entry):
    tasks = text_tasks(6)
    model = made(entry, tasks)
    longer = {
        task.name: functional.pad(x, (0, 9), value=PADDING)
        for task in tasks
        for x in task.data["train"].inputs.values()
    }
    before, after = model(batch_of(tasks)), model(batch_of(tasks, longer))
    for name, answers in before.items():
        torch.testing.assert_close(after[name][:, :LENGTH], answers, rtol=1e-9, atol=1e-9)


@every_strategy
def test_what_else_is_in_the_batch_changes_nothing(entry: Entry):
    tasks = text_tasks(6)
    model = made(entry, tasks)
    whole = batch_of(tasks)
    together = model(whole)
    for name, part in whole.items():
        alone = model({name: part[2:3]})[name]
        torch.testing.assert_close(alone, together[name][2:3], rtol=1e-9, atol=1e-9)


@every_strategy
def test_token_by_token_from_a_cache_is_the_same(entry: Entry):
    tasks = text_tasks(6)
    model = made(entry, tasks)
    whole = batch_of(tasks)
    cache = Cache()
    pieces: dict[str, list[Tensor]] = {task.name: [] for task in tasks}
    with torch.inference_mode():
        expected = model(whole)
        for start, end in ((0, 4), (4, 5), (5, 6), (6, 9), (9, 10)):
            piece = {
                name: Part({"text": part.inputs["text"][:, start:end]}, part.target)
                for name, part in whole.items()
            }
            with cached(cache):
                for name, answers in model(piece).items():
                    pieces[name].append(answers)
    for name, found in pieces.items():
        torch.testing.assert_close(
            torch.cat(found, 1), expected[name][:, :10], rtol=1e-9, atol=1e-9
        )
