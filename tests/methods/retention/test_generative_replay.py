"""Generative replay: who makes up the past, and who says what it is."""

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal, kl_divergence

from tests.engine.toys import Run, given, sgd, split_digits, teaching, training
from workbench.engine.blocks.retention.autoencoder import Autoencoder, Maker, Packed, Size
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Part, Task, Vector
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice, TaskChoice

TASKS = (TaskChoice(family="digits-split", n_tasks=5, scenario="class"),)


def run(**changes: object) -> Run:
    fields = {
        "tasks": TASKS,
        "training": training(epochs=20, batch_size=32),
        "optimizer": sgd(0.1),
        "retention": Choice(kind="generative-replay"),
    }
    return Run(split_digits(**{**fields, **changes}))


def test_the_generator_comes_to_make_up_what_it_saw():
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    made = Autoencoder(4, 32, 2, variance=0.01)
    optimizer = torch.optim.Adam(made.parameters(), lr=0.01)
    direction = torch.tensor([1.0, 2.0, -1.0, 0.5])
    for _ in range(300):
        optimizer.zero_grad()
        rows = torch.randn(64, 1, generator=generator) * direction + 3
        made.loss(rows, generator).backward()
        optimizer.step()
    drawn = made.draw(500, generator) - 3
    along = drawn @ direction / direction.norm()
    beside = (drawn - torch.outer(along, direction / direction.norm())).norm(dim=1)
    assert along.mean().abs() < 0.5
    assert 0.7 < along.std() / direction.norm() < 1.3, "as varied as what it saw"
    assert beside.median() < 0.3


def test_views_are_packed_and_unpacked():
    inputs = {"a": torch.rand(3, 2, 4), "b": torch.rand(3, 5)}
    packed = Packed({"a": [2, 4], "b": [5]})
    assert packed.n == 13
    again = packed.unpack(packed.pack(inputs))
    assert all(torch.equal(again[view], inputs[view]) for view in inputs)


def test_what_is_made_up_is_labelled_by_the_old_network_among_the_past_classes():
    made = run()
    update, retention = made.trainer.update, made.trainer.update.retention
    new = {"4-5": update.tasks["4-5"].data["train"][:8]}
    assert update.step(new).names == ("4-5",), "there is no past yet"
    for i, name in enumerate(("0-1", "2-3")):
        stage = StageData(i, (name,), update.tasks, made.model)
        retention.on_stage_start(stage)
        for _ in range(10):
            made.trainer.learner.learn(made.trainer.plan.samplers[i].draw(), update)
        retention.on_stage_end(stage)
    old = {name: values.clone() for name, values in made.parameters.items()}
    with torch.no_grad():
        for parameter in made.model.parameters():
            parameter += torch.randn_like(parameter)
    mixed = update.step(new).batch
    assert set(mixed) == {"4-5", "2-3"}
    part = mixed["2-3"]
    assert len(part) == 32
    made.model.load_state_dict(old)
    made.model.eval()
    with torch.no_grad():
        output = made.model({"2-3": part})["2-3"]
    assert torch.equal(part.target, output[:, :4].argmax(1))


def test_the_new_weigh_what_their_share_of_the_tasks_so_far_is():
    made = run()
    update, retention = made.trainer.update, made.trainer.update.retention
    collected: list[tuple[float, float]] = []
    for i, name in enumerate(update.tasks):
        stage = StageData(i, (name,), update.tasks, made.model)
        retention.on_stage_start(stage)
        batch = update.step({name: update.tasks[name].data["train"][:8]}).batch
        collected.append(
            (
                batch[name].loss_scale,
                sum(p.loss_scale for p in batch.values()) - batch[name].loss_scale,
            )
        )
        retention.on_stage_end(stage)
    shares = [1 / 2, 1 / 3, 1 / 4, 1 / 5]
    assert collected[0] == (1.0, 0.0)
    for share, (new, old) in zip(shares, collected[1:], strict=True):
        assert new == pytest.approx(2 * share)
        assert old == pytest.approx(2 * (1 - share))


def test_a_generator_learns_of_the_made_up_by_their_share():
    torch.manual_seed(0)
    rows = torch.rand(6, 4)
    changes: list[dict[str, torch.Tensor]] = []
    for new, made, share in ((rows[:2], rows[2:], 1 / 3), (rows, None, 1.0)):
        # A third for two examples and two thirds for four: each counts as in one batch of six.
        torch.manual_seed(1)
        maker = Maker({"x": [4]}, Size(8, 2, 0.01), torch.device("cpu"), 0.01)
        maker.learn(new, made, share, torch.Generator().manual_seed(0))
        changes.append(dict(maker.model.state_dict()))
    for name, values in changes[0].items():
        torch.testing.assert_close(values, changes[1][name])


@pytest.mark.parametrize(("error", "expected"), [(0.5, 0.25), (0.05, 0.01)])
def test_the_hold_of_codes_to_their_prior_never_counts_for_nothing(error: float, expected: float):
    """The error is divided by itself, which lets samples drift; but by the least at least."""
    torch.manual_seed(0)
    made = Autoencoder(4, 8, 2, variance=0.01)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.zero_()
        made.decoder[1].bias.fill_(error)
    made.loss(torch.zeros(3, 4), torch.Generator().manual_seed(0)).backward()
    gradient = made.decoder[1].bias.grad
    torch.testing.assert_close(gradient, torch.full((4,), error / expected))


def _pictures(name: str, n: int = 60, *, grey: float = 0.0, most: float = 1.0) -> Task:
    """Pictures of 9 values that are 0 or 1, drawn towards their mean by `grey`, times `most`."""
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    target = torch.arange(n) % 2
    x = (torch.rand(n, 9, generator=generator) < 0.2 + 0.6 * target[:, None]).float()
    x = (x * (1 - grey) + 0.5 * grey) * most
    data = dict.fromkeys(("train", "val", "test"), Part({"x": x}, target))
    return Task(name, {"x": Vector(9)}, Classes(2), data, head="one")


def _of_pictures(tasks: list[Task], **settings: object) -> Run:
    spec = given(
        curriculum=Choice(kind="sequential"),
        retention=Choice(kind="generative-replay", **settings),
        training=training(batch_size=8),
    )
    return Run(spec, teaching(lambda: tasks))


def _variances(made: Run) -> list[float | None]:
    return [maker.model.variance for maker in made.trainer.update.retention.makers.values()]


def test_the_bound_of_shades_is_that_of_the_paper_and_what_is_drawn_are_chances():
    torch.manual_seed(0)
    made = Autoencoder(6, 8, 2, variance=None)
    x = torch.tensor([[0.0, 1, 1, 0, 1, 0], [1, 1, 0, 0, 0, 1]])
    mean, log_variance = made.encoder(x).chunk(2, dim=1)
    code = Normal(mean, (log_variance / 2).exp())
    noise = torch.randn(mean.shape, generator=torch.Generator().manual_seed(3))
    likely = Bernoulli(logits=made.decoder(code.mean + noise * code.stddev)).log_prob(x)
    divergence = kl_divergence(code, Normal(torch.zeros(2, 2), torch.ones(2, 2)))
    expected = (divergence.sum(1) - likely.sum(1)).mean()
    torch.testing.assert_close(made.loss(x, torch.Generator().manual_seed(3)), expected)
    with torch.no_grad():
        made.decoder[1].bias.fill_(9.0)
    drawn = made.draw(20, torch.Generator().manual_seed(0))
    assert ((drawn > 0.9) & (drawn <= 1)).all()


@pytest.mark.parametrize(
    ("tasks", "settings", "is_gaussian"),
    [
        ([_pictures("a"), _pictures("b")], {}, False),
        ([_pictures("a"), _pictures("b")], {"likelihood": "gaussian"}, True),
        ([_pictures("a", grey=0.5), _pictures("b")], {}, True),
        ([_pictures("a", grey=0.5), _pictures("b")], {"likelihood": "bernoulli"}, False),
        # One generator makes up the pictures of both.
        ([_pictures("a"), _pictures("b", most=2.0)], {}, True),
    ],
)
def test_pictures_that_are_nearly_black_and_white_are_made_of_shades(
    tasks: list[Task], settings: dict[str, object], is_gaussian: bool
):
    made = _of_pictures(tasks, **settings).to_the_end()
    (variance,) = _variances(made)
    assert (variance is not None) == is_gaussian
    retention = made.trainer.update.retention
    (maker,) = retention.makers.values()
    drawn: Tensor = maker.made(50, torch.Generator().manual_seed(0))
    assert is_gaussian or ((drawn >= 0) & (drawn <= 1)).all()
    other = _of_pictures(tasks).trainer.update.retention
    other.load_state_dict(retention.state_dict())
    (again,) = other.makers.values()
    assert torch.equal(again.made(50, torch.Generator().manual_seed(0)), drawn)


def test_the_small_digits_are_grey():
    (variance,) = _variances(run(training=training(batch_size=32)).to_the_end())
    assert variance is not None


def test_shades_are_refused_of_values_beyond_1():
    with pytest.raises(BadSpecError, match="values from 0 to 1; b has others"):
        _of_pictures([_pictures("a"), _pictures("b", most=2.0)], likelihood="bernoulli")


def test_what_an_earlier_version_saved_goes_on():
    made = run(training=training(epochs=2, batch_size=32)).to_the_end()
    retention = made.trainer.update.retention
    state = retention.state_dict()
    del state["share_of_new"]
    for saved in state["makers"].values():
        del saved["variance"]
    other = run(retention=Choice(kind="generative-replay", hidden=99)).trainer.update.retention
    other.load_state_dict(state)
    (kind,) = other.makers
    assert other.makers[kind].model.variance > 1e-6
    drawn = [x.makers[kind].made(3, torch.Generator().manual_seed(0)) for x in (retention, other)]
    assert torch.equal(*drawn)


def test_each_head_is_asked_about_what_is_made_up():
    tasks = (TaskChoice(family="digits-split", n_tasks=5, scenario="task"),)
    made = run(tasks=tasks, training=training()).to_the_end()
    batch = {"8-9": made.trainer.update.tasks["8-9"].data["train"][:8]}
    assert len(made.trainer.update.step(batch).names) == 5


def test_it_remembers_more_than_nothing():
    assert run().to_the_end().last.summary["acc"] > 0.5
