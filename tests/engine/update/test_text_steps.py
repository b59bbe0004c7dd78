"""Steps on texts: halves by tokens, lengths of the longest, memories with whole texts."""

from functools import partial

import pytest
import torch

from tests.engine.texts import LENGTH, text_tasks
from tests.engine.toys import Run, given, teaching, training
from workbench.engine.build.cost import cost_of
from workbench.engine.build.tasks import select
from workbench.engine.roles.task import TokensOut, weight_of
from workbench.engine.roles.texts.text import lengths
from workbench.engine.training.sampler import Sampler
from workbench.engine.update.step import Step
from workbench.spec.experiment import Budget, Choice, Spec


def texts(**changes: object) -> Spec:
    return given(
        **{
            "encoder": Choice(kind="transformer", width=8, heads=2, blocks=2),
            "training": training(batch_size=6),
            **changes,
        }
    )


@pytest.fixture(scope="module")
def run() -> Run:
    made = Run(texts(), teaching(partial(text_tasks, 16)))
    made.model.double()
    return made


@pytest.mark.parametrize("n", [6, 5, 2, 1])
def test_halves_of_texts_add_up_to_the_jacobian(run: Run, n: int):
    batch = {name: part[:n] for name, part in run.trainer.plan.samplers[0].draw().items()}
    tasks = run.trainer.update.tasks
    whole = Step(run.model, tasks, batch, dict.fromkeys(tasks, 1.0))
    cut = Step(run.model, tasks, batch, dict.fromkeys(tasks, 1.0))
    first, second = cut.halves()
    torch.testing.assert_close(first + second, whole.jacobian, rtol=1e-6, atol=1e-12)
    own = {id(parameter): gradient for parameter, gradient in whole.own_gradients}
    for parameter, gradient in cut.own_gradients:
        torch.testing.assert_close(gradient, own[id(parameter)], rtol=1e-6, atol=1e-12)


def test_a_step_is_as_long_as_its_longest_text(run: Run):
    batch = run.trainer.plan.samplers[0].draw()
    step = run.trainer.update.step(batch)
    longest = max(int(lengths(part.inputs["text"]).max()) for part in batch.values())
    assert {part.target.shape[1] for part in step.batch.values()} == {longest}
    assert longest < LENGTH
    assert {output.shape[1] for output in step.outputs.values()} == {longest}


def test_the_mean_of_a_batch_is_over_tokens():
    (task,) = text_tasks(8, ["again"])
    part, kind = task.data["train"], task.output
    assert isinstance(kind, TokensOut)
    output = torch.randn(*part.target.shape, kind.n, dtype=torch.float64)
    weights = [weight_of(kind, part.target[i : i + 1]) for i in range(8)]
    losses = [kind.loss(output[i : i + 1], part.target[i : i + 1]) for i in range(8)]
    mean = sum(w * loss for w, loss in zip(weights, losses, strict=True)) / sum(weights)
    torch.testing.assert_close(kind.loss(output, part.target), mean)
    rows = kind.row_losses(output, part.target)
    torch.testing.assert_close(rows, torch.stack(losses) * torch.tensor(weights))
    assert kind.loss(output[:1], torch.full_like(part.target[:1], -100)) == 0


def test_texts_of_a_length_share_a_batch_and_none_is_left_out():
    (task,) = text_tasks(96, ["again"])
    sampler = Sampler([task], 4, torch.Generator().manual_seed(0))
    sizes = lengths(task.data["train"].inputs["text"])
    spread: list[float] = []
    seen: list[torch.Tensor] = []
    for _ in range(sampler.steps_per_epoch):
        sampler.draw()
        seen.append(sampler.drawn["again"])
        spread.append(sizes[seen[-1]].double().std().item())
    assert torch.cat(seen).sort().values.equal(torch.arange(96))
    plain = [sizes[i : i + 4].double().std().item() for i in range(0, 96, 4)]
    assert sum(spread) < 0.5 * sum(plain)
    again = Sampler([task], 4, torch.Generator().manual_seed(0))
    for _ in range(3):
        again.draw()
    rest = Sampler([task], 4, torch.Generator().manual_seed(1))
    rest.load_state_dict(again.state_dict())
    assert rest.draw()["again"].target.equal(again.draw()["again"].target)


def test_a_budget_keeps_the_width_a_multiple_of_twice_the_heads():
    spec = texts(
        sharing=Choice(kind="separate"), budget=Budget(match_parameters="hard", tolerance=0.5)
    )
    made = Run(spec, teaching(partial(text_tasks, 8)))
    stem = made.model.state_dict()
    widths = {x.shape[1] for name, x in stem.items() if x.shape[:1] == (16,) and x.dim() == 2}
    assert any(width % 4 == 0 and width < 8 for width in widths)


def test_many_backward_passes_are_said():
    known = teaching(partial(text_tasks, 8))
    for kind, is_said in (("pcgrad", True), ("fixed", False)):
        spec = texts(balancing=Choice(kind=kind))
        cost = cost_of(spec, known, select(spec, known, torch.device("cpu")))
        assert any("a backward pass for each of 3 tasks" in n for n in cost.notices) == is_said
