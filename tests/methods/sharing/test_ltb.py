"""Learning to branch: from a mixture of parents to one."""

import pytest
import torch

from tests.engine.toys import Run, split_digits
from tests.methods.sharing.toys import apart, assert_same_answers, built, reached, shake, together
from workbench.spec.experiment import Choice


def choices(run, n: int = 200) -> torch.Tensor:
    """The largest weights that the draws of one choice among three give, [n, 3]."""
    model = run.model.train()
    drawn = [model._choice(model.parents[0], model.temperature) for _ in range(n)]
    return torch.stack(drawn).max(-1).values


def test_choices_become_one_hot_as_the_temperature_falls():
    run = built("ltb", temperature=50.0, final_temperature=0.001, half_life=10.0)
    torch.manual_seed(0)
    sharpness = []
    for steps in (0, 30, 60, 1000):
        run.model.n_steps.fill_(steps)
        sharpness.append(choices(run).mean().item())
    assert sharpness == sorted(sharpness)
    assert sharpness[0] < 0.4
    assert sharpness[-1] > 0.99


def test_the_temperature_halves_with_the_updates_and_stops_at_its_end():
    run = built("ltb", temperature=4.0, final_temperature=0.5, half_life=2.0)
    batch = run.trainer.plan.samplers[0].draw()
    run.model(batch)
    assert run.model.temperature.item() == pytest.approx(4.0)
    for _ in range(2):
        run.trainer.learner.learn(batch, run.trainer.update)
    assert run.model.temperature.item() == pytest.approx(2.0)
    run.model.n_steps.fill_(100)
    assert run.model.temperature.item() == 0.5


@pytest.mark.parametrize("balancing", ["fixed", "famo", "pcgrad"])
@pytest.mark.parametrize("retention", ["none", "ewc", "der", "lwf", "gem", "a-gem"])
def test_an_update_counts_once_however_often_the_model_is_asked(retention: str, balancing: str):
    run = Run(
        split_digits(
            sharing=Choice(kind="ltb"),
            retention=Choice(kind=retention),
            balancing=Choice(kind=balancing),
        )
    ).to_the_end()
    assert run.model.get_buffer("n_steps").item() == run.last.step == 12


def test_a_decided_choice_is_drawn_nearly_always():
    run = built("ltb", temperature=1.0)
    torch.manual_seed(0)
    logits = torch.tensor([[0.0, 3.0, 0.0]])
    drawn = torch.stack([run.model._choice(logits, torch.tensor(0.01)) for _ in range(500)])
    share = drawn.argmax(-1).eq(1).float().mean().item()
    expected = logits.softmax(-1)[0, 1].item()
    assert share == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("make", [together, apart])
def test_evaluated_it_is_the_tree_of_the_likeliest_parents(make):
    run = built("ltb", make)
    shake(run.model)
    model = run.model.eval()
    tasks = make()
    outputs = model({one.name: one.data["test"] for one in tasks})
    for i, one in enumerate(tasks):
        top = model.branch[i].argmax().item()
        below = model.parents[0][top].argmax().item()
        hidden = model.columns.stems[0].copies[below](one.data["test"].inputs["x"])
        hidden = model.columns.stages[0].copies[top](hidden)
        torch.testing.assert_close(outputs[one.name], model.heads({one.name: hidden})[one.name])


def test_one_branch_trains_as_hard_sharing_does():
    assert_same_answers(built("ltb", branches=1).to_the_end(), built("hard").to_the_end())


def test_a_task_reaches_the_tree_and_its_own_choice_and_head():
    reach = reached(built("ltb"))
    assert {n.partition(".")[0] for n in reach["a"] & reach["b"]} == {"columns", "parents"}
    assert {n.partition(".")[0] for n in reach["a"] - reach["b"]} == {"branch", "heads"}
