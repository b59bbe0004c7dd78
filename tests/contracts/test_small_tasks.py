"""Balancing over the small tasks of a batch: what every learner and every rule must hold to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.contracts.faces import CATALOGUE, ENTRIES
from tests.contracts.test_learners import KEYS, every_learner, kind_of
from tests.engine.distributions import heaps, waves
from tests.engine.toys import Run, given, same, sgd, teaching, training
from workbench.engine.build import compatibility
from workbench.engine.roles.balancing import Balancing
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Part, Task
from workbench.engine.update.small_tasks import SmallTasks
from workbench.engine.update.step import Step
from workbench.engine.update.update import Report
from workbench.spec.check import problems
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice, Spec

RULES = [e.key for e in ENTRIES if e.role == "balancing" and "small-tasks" in e.gives_with({})]
BALANCES = ("distributions", "small-tasks")
OTHERS = [e.key for e in ENTRIES if e.role == "balancing" and e.key not in RULES]


@pytest.fixture
def _double() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def spec_of(key: str, rule: str, balance: str = "small-tasks", **changes: Any) -> Spec:
    settings = changes.pop("settings", {})
    return given(
        **{
            "learner": Choice(kind=key, balance=balance),
            "balancing": Choice(kind=rule, **settings),
            "encoder": Choice(kind="mlp", hidden=[8, 6], activation="tanh"),
            "training": training(batch_size=6, evaluate_every=0),
            **changes,
        }
    )


def distribution(key: str, name: str = "many") -> Task:
    """Few small tasks that the learner can adapt to, so that an epoch is four steps of six."""
    task = waves(name) if kind_of(key) == "values" else heaps(name)
    sizes = {"train": 24, "val": 3, "test": 3}
    return replace(task, data={split: part[: sizes[split]] for split, part in task.data.items()})


def made(spec: Spec, *tasks: Task) -> Run:
    return Run(spec, teaching(lambda: list(tasks)))


def batch_of(run: Run, n: int = 6) -> dict[str, Part]:
    return {name: task.data["train"][:n] for name, task in run.trainer.update.tasks.items()}


def rows_by_hand(run: Run, batch: dict[str, Part], places: list[nn.Parameter]) -> dict[str, Tensor]:
    """By distribution the gradient of each small task, [n, P], each taken alone."""
    learner, rows = run.trainer.learner, {}
    for name, part in batch.items():
        mine: list[Tensor] = []
        for i in range(len(part)):
            (loss,) = learner.losses(run.model, {name: part[i : i + 1]})
            found = torch.autograd.grad(loss.sum(), places, allow_unused=True)
            pairs = zip(found, places, strict=True)
            filled = [
                (torch.zeros_like(p) if g is None else g).flatten()  # pyright: ignore[reportUnnecessaryComparison]  # None: unused
                for g, p in pairs
            ]
            mine.append(torch.cat(filled))
        rows[name] = torch.stack(mine)
    return rows


def flat(parameters: list[nn.Parameter]) -> Tensor:
    return torch.cat(
        [torch.zeros(p.numel()) if p.grad is None else p.grad.flatten() for p in parameters]
    )


def pcgrad_by_hand(rows: Tensor, keys: Tensor) -> Tensor:
    total = torch.zeros_like(rows[0])
    for i, order in enumerate(keys.argsort(1).tolist()):
        mine = rows[i].clone()
        for j in order:
            if j != i and mine @ rows[j] < 0:
                mine -= mine @ rows[j] / (rows[j] @ rows[j]) * rows[j]
        total += mine
    return total


def learned(run: Run) -> list[Report]:
    """What is reported of four updates, each on six small tasks of each distribution."""
    update, learner = run.trainer.update, run.trainer.learner
    parts = {name: task.data["train"] for name, task in update.tasks.items()}
    return [
        learner.learn({name: part[at : at + 6] for name, part in parts.items()}, update)
        for at in range(0, 24, 6)
    ]


@every_learner
def test_weighed_as_set_they_are_the_plain_mean_bit_for_bit(key: str):
    runs = [made(spec_of(key, "fixed", b), distribution(key)) for b in BALANCES]
    for plain, small in zip(*map(learned, runs), strict=True):
        assert plain.names == small.names
        assert plain.losses == small.losses
        assert small.weights == pytest.approx(plain.weights)
    assert same(*(run.parameters for run in runs))


@every_learner
@pytest.mark.parametrize("rule", ["pcgrad", "mgda", "upgrad"])
@pytest.mark.usefixtures("_double")
def test_the_direction_is_that_of_the_rule_by_hand(key: str, rule: str):
    run = made(spec_of(key, rule), *(_double_task(distribution(key, n)) for n in ("one", "two")))
    update, batch = run.trainer.update, batch_of(run)
    update.task_weights["two"] = 2.0
    shared = run.model.shared_parameters()
    rows = torch.cat(list(rows_by_hand(run, batch, shared).values()))
    state = update.balancing.generator.get_state()
    method: Any = update.balancing
    weights = torch.tensor([1.0] * 6 + [2.0] * 6)
    gramian = rows @ rows.T
    wanted = method.weights_of(gramian, [str(i) for i in range(12)], weights.tolist()) @ rows / 6
    if rule == "pcgrad":
        update.task_weights["two"] = 1.0
        method.generator.set_state(state)
        wanted = pcgrad_by_hand(rows, torch.rand(12, 12, generator=method.generator)) / 6
    method.generator.set_state(state)
    update._goes_straight = False  # pyright: ignore[reportPrivateUsage]  # so that the gradient is seen
    step = update.step(batch)
    report = update.combine(step)
    assert torch.allclose(flat(shared), wanted, rtol=1e-8, atol=1e-10)
    assert report.names == ("one", "two")
    for name in batch:
        own = run.model.task_parameters(name)
        mean = rows_by_hand(run, batch, own)[name].mean(0)
        factor = update.task_weights[name]
        assert torch.allclose(flat(own), factor * mean, rtol=1e-8, atol=1e-10)


def _double_task(task: Task) -> Task:
    def double(x: Tensor) -> Tensor:
        return x.double() if x.is_floating_point() else x

    data = {
        split: Part({v: double(x) for v, x in part.inputs.items()}, double(part.target))
        for split, part in task.data.items()
    }
    return replace(task, data=data)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_over_small_tasks_keeps_nothing_of_them(rule: str):
    run = made(spec_of("maml", rule), distribution("maml"))
    update = run.trainer.update
    part = update.tasks["many"].data["train"]
    untouched = repr(update.balancing.state_dict())

    def weighed(method: Balancing, at: int) -> Tensor:
        method.generator.manual_seed(at)
        step = Step(
            run.model, update.tasks, {"many": part[at : at + 6]}, {"many": 1.0},
            losses_of=update.losses_of,
        )  # fmt: skip
        found = method.weigh(SmallTasks(step))
        return found if isinstance(found, Tensor) else found.vector

    for at in (0, 6):
        weighed(update.balancing, at)
    fresh = made(spec_of("maml", rule), distribution("maml")).trainer.update.balancing
    assert torch.equal(weighed(update.balancing, 12), weighed(fresh, 12))
    assert repr(update.balancing.state_dict()) == untouched or rule == "nash-mtl"


@pytest.mark.parametrize("rule", RULES)
def test_every_such_rule_learns_and_tells_weights_by_distribution(rule: str):
    tasks = [distribution("maml", name) for name in ("one", "two")]
    run = made(spec_of("maml", rule, settings={"normalise": True}), *tasks)
    before = {name: values.clone() for name, values in run.parameters.items()}
    for report in learned(run):
        assert report.names == ("one", "two")
        total = sum(report.weights)
        # Where weights cancel out, there is no sum to bring to the number of distributions.
        assert total == pytest.approx(2, abs=1e-3) or total < 0
    assert not same(before, run.parameters)


@pytest.mark.parametrize("rule", OTHERS)
def test_a_rule_that_keeps_something_of_a_task_is_refused_with_the_reason(rule: str):
    spec = spec_of("maml", rule).model_copy(update={"tasks": _sinusoids()})
    found = {p.field: p.message for p in problems(spec, CATALOGUE)}
    assert "keeps nothing of a task" in found["learner.balance"]
    alike = spec.model_copy(update={"learner": Choice(kind="maml")})
    assert "learner.balance" not in {p.field for p in problems(alike, CATALOGUE)}


def test_a_bargain_that_is_kept_is_refused_and_a_new_one_each_time_is_not():
    for every, is_fine in ((1, True), (2, False)):
        spec = spec_of("maml", "nash-mtl", settings={"update_weights_every": every})
        spec = spec.model_copy(update={"tasks": _sinusoids()})
        found = {p.field for p in problems(spec, CATALOGUE)}
        assert ("learner.balance" not in found) == is_fine


def _sinusoids() -> Any:
    from workbench.spec.experiment import TaskChoice

    return (TaskChoice(family="few-shot-sinusoids"),)


def test_a_small_task_left_out_is_no_row():
    run = made(spec_of("maml", "mgda"), distribution("maml"))
    batch = batch_of(run)
    batch["many"].inputs["x"][2, 0] = float("nan")
    step = run.trainer.update.step(batch)
    small = SmallTasks(step)
    assert len(small.names) == len(small.priorities) == len(small.losses) == 5
    assert sum(small.priorities) == pytest.approx(1)
    run.trainer.update.combine(step)
    assert all(p.grad is None or p.grad.isfinite().all() for p in run.model.parameters())


def test_named_tasks_are_weighed_one_by_one_as_ever():
    from tests.engine.toys import task
    from workbench.engine.roles.task import Values

    def run(balance: str) -> Run:
        named = [task(n, 24, Values(1), head="one") for n in ("a", "b")]
        changes: dict[str, Any] = {"optimizer": sgd(0.01)}
        made_run = made(spec_of("maml", "upgrad", balance, **changes), *named)
        learned(made_run)
        return made_run

    assert same(*(run(balance).parameters for balance in BALANCES))


def test_small_tasks_go_with_a_past_that_is_replayed():
    tasks = [distribution("maml", name) for name in ("one", "two")]
    run = made(
        spec_of(
            "maml", "pcgrad", curriculum=Choice(kind="sequential"),
            retention=Choice(kind="replay", memory=20, batch_size=4),
        ),
        *tasks,
    ).to_the_end()  # fmt: skip
    assert isinstance(run.last, Finished), run.last


def test_a_gradient_a_small_task_is_room_that_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    needed: list[float] = []
    sizes: list[int] = []
    for balance in BALANCES:
        spec = spec_of("maml", "pcgrad", balance, training=training(batch_size=200))
        run = made(spec, distribution("maml"))
        update, plan, learner = run.trainer.update, run.trainer.plan, run.trainer.learner
        model, rule = run.model.to("meta"), type(update.balancing)
        low, high = 0.0, 1e9
        while high - low > 0.5:  # the bytes at which it just passes
            middle = (low + high) / 2
            monkeypatch.setattr(compatibility, "room", lambda device, there=middle: there)
            try:
                compatibility.check_room(
                    spec, model, rule, update.tasks, plan.stages, torch.device("cpu"),
                    learner=learner,
                )  # fmt: skip
                high = middle
            except BadSpecError:
                low = middle
        needed.append(high)
        sizes.append(4 * sum(p.numel() for p in model.shared_parameters()))
    shared = sizes[-1]
    assert needed[1] - needed[0] == pytest.approx(23 * shared, abs=2)


def test_the_learners_here_are_all_that_adapt():
    assert len(KEYS) >= 8
    assert len(RULES) >= 13
