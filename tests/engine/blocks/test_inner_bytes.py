"""What is said of an inner loop's memory, before a run, against what it takes."""

import pytest
from torch.profiler import ProfilerActivity, profile

from tests.engine.distributions import waves
from tests.engine.toys import Run, given, teaching, training
from workbench.engine.build.cost import cost_of
from workbench.spec.experiment import Choice, Spec


def peak(made: Run) -> int:
    """The most bytes that are held at once beyond what was before, in one update."""
    sampler = made.trainer.plan.samplers[0]
    made.trainer.learner.learn(sampler.draw(), made.trainer.update)
    batch = sampler.draw()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        made.trainer.learner.learn(batch, made.trainer.update)
    held, most = 0, 0
    for event in seen.profiler.kineto_results.events():
        if event.name() == "[memory]":
            held += event.nbytes()
            most = max(most, held)
    return most


@pytest.mark.parametrize(
    "settings", [{"inner_steps": 1}, {"inner_steps": 4}, {"inner_steps": 4, "first_order": True}]
)
def test_the_memory_of_the_inner_loop_is_known_before(settings: dict[str, object]):
    found = teaching(lambda: [waves()])

    def spec(**learner: object) -> Spec:
        return given(
            learner=Choice(**learner),
            encoder=Choice(kind="mlp", hidden=[128, 128]),
            training=training(batch_size=25),
        )

    made = Run(spec(kind="maml", **settings), found)
    tasks = made.trainer.update.tasks
    said = cost_of(spec(kind="maml", **settings), found, tasks).memory
    without = cost_of(spec(kind="mtl-then-tune"), found, tasks).memory
    assert 0.6 < (said - without) / peak(made) < 1.7
