"""Dark experience replay, with and without labels: what is kept, and how it counts."""

import pytest
import torch

from tests.engine.toys import Run, split_digits, training
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice


def begun(kind: str, **settings: object) -> Run:
    """A run whose first stage has ended without training, and entered the memory at its end."""
    settings = {"fill": "stage", **settings}
    run = Run(split_digits(training=training(), retention=Choice(kind=kind, **settings)))
    update = run.trainer.update
    update.retention.on_stage_end(StageData(0, ("0-1",), update.tasks, run.model))
    return run


@pytest.mark.parametrize("kind", ["der", "der++"])
def test_the_kept_outputs_are_the_models(kind: str):
    run = begun(kind, memory=50)
    drawn = run.trainer.update.retention.memory.draw(50)
    torch.testing.assert_close(drawn.outputs["0-1"], run.model(drawn.batch)["0-1"])


@pytest.mark.parametrize("kind", ["der", "der++"])
def test_the_penalty_is_the_mean_square_by_which_outputs_moved(kind: str):
    run = begun(kind, memory=50, batch_size=50, strength=2.0)
    update = run.trainer.update
    batch = {"2-3": update.tasks["2-3"].data["train"][:8]}
    assert update.retention.penalty(update.step(batch)).item() == pytest.approx(0, abs=1e-9)
    with torch.no_grad():
        run.model.heads.by_name["·digits-split:10"].bias[3] += 0.5
    penalty = update.retention.penalty(update.step(batch))
    assert penalty.item() == pytest.approx(2.0 * 0.5**2 / 10, rel=1e-4)


def test_der_learns_from_outputs_alone_and_der_plus_plus_from_labels_too():
    batch_of = {}
    for kind in ("der", "der++"):
        run = begun(kind, memory=50)
        update = run.trainer.update
        batch_of[kind] = update.step({"2-3": update.tasks["2-3"].data["train"][:8]}).batch
    assert list(batch_of["der"]) == ["2-3"]
    assert list(batch_of["der++"]) == ["2-3", "0-1"]
    assert batch_of["der++"]["0-1"].loss_scale == 1.0


@pytest.mark.parametrize("kind", ["der", "der++"])
def test_by_default_it_keeps_the_outputs_of_the_network_on_its_way(kind: str):
    run = Run(split_digits(training=training(), retention=Choice(kind=kind, memory=30)))
    update = run.trainer.update
    part = update.tasks["0-1"].data["train"][:16]
    for _ in range(3):
        expected = run.model({"0-1": part})["0-1"].detach()
        run.trainer.learner.learn({"0-1": part}, update)
        assert len(update.retention.memory) > 0
    drawn = update.retention.memory.draw(30)
    # The last outputs kept are those before the last update.
    rows = {tuple(row) for row in drawn.outputs["0-1"].tolist()}
    assert rows & {tuple(row) for row in expected.tolist()}


@pytest.mark.parametrize("kind", ["der", "der++", "er-ace"])
def test_only_new_examples_enter_the_memory(kind: str):
    run = Run(split_digits(training=training(), retention=Choice(kind=kind, memory=1000)))
    update = run.trainer.update
    part = update.tasks["0-1"].data["train"][:16]
    for n_seen in (16, 32, 48):
        run.trainer.learner.learn({"0-1": part}, update)
        assert len(update.retention.memory) == n_seen


@pytest.mark.parametrize("new", [("4-5",), ("2-3",), ("0-1",), ("0-1", "2-3")])
def test_outputs_are_compared_with_those_of_the_same_examples(new: tuple[str, ...]):
    run = begun("der++", memory=50)
    update = run.trainer.update
    update.retention.on_stage_end(StageData(1, ("2-3",), update.tasks, run.model))
    with torch.no_grad():
        for parameter in run.model.parameters():
            parameter.mul_(1.3)
    step = update.step({name: update.tasks[name].data["train"][:8] for name in new})
    drawn = update.retention._drawn
    assert list(drawn.batch) == ["0-1", "2-3"]
    now = run.model(drawn.batch)
    squares = torch.cat([(now[name] - drawn.outputs[name]).square() for name in now])
    expected = squares.mean() * run.trainer.spec.retention.settings.get("strength", 0.5)
    torch.testing.assert_close(update.retention.penalty(step), expected)


@pytest.mark.parametrize("kind", ["der", "der++"])
def test_a_run_that_an_earlier_version_saved_goes_on_filling_at_stage_ends(kind: str):
    first = Run(split_digits(retention=Choice(kind=kind))).trainer.update.retention
    saved = first.state_dict()
    del saved["fill"]
    meant = {"fill unsaid": Choice(kind=kind), "said": Choice(kind=kind, fill="step")}
    fills: list[str] = []
    for choice in meant.values():
        retention = Run(split_digits(retention=choice)).trainer.update.retention
        retention.load_state_dict(saved)
        fills.append(retention.fill)
    assert fills == ["stage", "step"]
