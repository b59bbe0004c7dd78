"""iCaRL: what is kept, in which order, and how it answers."""

import pytest
import torch

from tests.engine.toys import Run, sgd, split_digits, training
from workbench.engine.update.stage_data import StageData
from workbench.methods.retention.icarl import herded
from workbench.spec.experiment import Choice, TaskChoice

TASKS = (TaskChoice(family="digits-split", n_tasks=5, scenario="class"),)


def run(**changes: object) -> Run:
    fields = {"tasks": TASKS, "retention": Choice(kind="icarl", memory=50)}
    return Run(split_digits(**{**fields, **changes}))


def test_herding_takes_what_brings_the_mean_nearest():
    # Mean (1, 1). First the point nearest to it; then the one with which the mean is nearest.
    rows = torch.tensor([[4.0, 0.0], [1.0, 2.0], [-2.0, 1.0], [1.0, 1.0]])
    # k=1: distances² 10, 1, 9, 0 → 3. k=2: means (2.5,.5), (1,1.5), (-.5,1): 2.5, .25, 2.25 → 1.
    # k=3: sum (2, 3): (6,3)/3, (0,4)/3: 1, 1.111 → 0.
    assert herded(rows, 3).tolist() == [3, 1, 0]
    assert sorted(herded(rows, 9).tolist()) == [0, 1, 2, 3]


def test_the_memory_is_shared_out_among_the_classes_and_the_last_taken_go_first():
    made = run()
    update, retention = made.trainer.update, made.trainer.update.retention
    memories: list[dict[tuple[str, int], torch.Tensor]] = []
    for i, name in enumerate(update.tasks):
        stage = StageData(i, (name,), update.tasks, made.model)
        retention.on_stage_start(stage)
        retention.on_stage_end(stage)
        memories.append({key: part.inputs["pixels"] for key, part in retention.exemplars.items()})
        n = 50 // (2 * (i + 1))
        assert {len(rows) for rows in memories[-1].values()} == {n}
    first = memories[0]["0-1", 0]
    assert torch.equal(memories[4]["0-1", 0], first[:5])


@pytest.mark.parametrize("memory", [1, 3, 7, 20, 50])
def test_it_keeps_to_its_budget_at_every_moment(memory: int):
    made = run(
        retention=Choice(kind="icarl", memory=memory, batch_size=4), training=training(epochs=1)
    )
    retention = made.trainer.update.retention
    held: list[int] = []

    def examples() -> int:
        state = retention.state_dict()
        rows = sum(len(saved["target"]) for saved in state["kept"])
        assert rows == sum(len(stored.part) for stored in retention.stored_examples().values())
        # Of the stage that goes on it is noted which examples answer: they are not kept.
        assert all(set(saved) == {"task", "label", "positions"} for saved in state["sample"])
        return rows

    for event in made.trainer.run():
        del event
        held.append(examples())
    assert max(held) <= memory
    assert held[-1] == (memory if memory < 10 else memory // 10 * 10)


def test_with_fewer_places_than_classes_the_first_classes_keep_one_each():
    made = run(retention=Choice(kind="icarl", memory=3), training=training(epochs=1)).to_the_end()
    retention = made.trainer.update.retention
    assert [(label, len(part)) for (_, label), part in retention.exemplars.items()] == [
        (0, 1),
        (1, 1),
        (2, 1),
    ]


def test_it_answers_with_the_nearest_mean_of_what_it_kept():
    made = run(training=training(epochs=5)).to_the_end()
    retention = made.trainer.update.retention
    part = made.trainer.update.tasks["4-5"].data["test"]
    made.model.eval()
    with torch.no_grad():
        answers = retention.answer(made.model, {"4-5": part})["4-5"].argmax(1)
        means = []
        for label in range(10):
            (stored,) = (p for (_, known), p in retention.exemplars.items() if known == label)
            z = made.model.stems[0](stored.inputs["pixels"])
            mean = (z / z.norm(dim=1, keepdim=True)).mean(0)
            means.append(mean / mean.norm())
        z = made.model.stems[0](part.inputs["pixels"])
        z = z / z.norm(dim=1, keepdim=True)
        expected = [
            min(range(10), key=lambda label: (row - means[label]).norm().item()) for row in z
        ]
    assert answers.tolist() == expected


def test_old_outputs_are_held_only_once_there_are_old_classes():
    made = run(optimizer=sgd(0.1))
    update, retention = made.trainer.update, made.trainer.update.retention
    stages = [StageData(i, (n,), update.tasks, made.model) for i, n in enumerate(update.tasks)]
    batch = {"2-3": update.tasks["2-3"].data["train"][:16]}
    retention.on_stage_start(stages[0])
    assert retention.penalty(update.step(batch)) is None
    retention.on_stage_end(stages[0])
    retention.on_stage_start(stages[1])
    step = update.step(batch)
    term = retention.penalty(step)
    assert term is not None
    term.backward()
    gradient = dict(made.model.named_parameters())["heads.by_name.·digits-split:10.weight"].grad
    assert gradient is not None
    assert not gradient[2:].any(), "only the outputs of old classes are held"
    assert gradient[:2].abs().max() < 1e-6, "and they are where they were"


def test_it_remembers():
    made = run(
        retention=Choice(kind="icarl"),
        training=training(epochs=10, batch_size=32),
        optimizer=sgd(0.1),
    ).to_the_end()
    assert made.last.summary["acc"] > 0.8


def test_it_is_refused_where_there_are_no_classes():
    made = Run(split_digits(tasks=(TaskChoice(family="sinusoids"),), retention=Choice(kind="none")))
    from workbench.engine.blocks.retention.heads import require_features
    from workbench.engine.roles.method import BadSpecError

    with pytest.raises(BadSpecError, match="tasks with classes"):
        require_features(made.model, made.trainer.update.tasks)
