"""Exact answers to tiny problems, and what happens where there is none."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.engine.toys import Run, spec, teaching
from workbench.engine.numerics import solvers
from workbench.engine.numerics.solvers import Cosines, NotSolvedError
from workbench.engine.roles.balancing import BalancingSettings, GramianBalancing
from workbench.spec.command import Stop
from workbench.spec.event import Finished, Noticed, StepsDone
from workbench.spec.experiment import Choice

G = [[18.0, -22.0], [-22.0, 38.0]]


def test_cosines_leave_out_tasks_without_a_gradient():
    cosines = Cosines.of([[4.0, 0, 1], [0, 0, 0], [1, 0, 1]])
    assert cosines.alive == [0, 2]
    assert cosines.norms.tolist() == [2, 1]
    assert cosines.matrix[0, 1] == 0.5
    assert cosines.weights(np.array([2.0, 3.0]), idle=0.5) == [1, 0.5, 3]


@pytest.mark.parametrize("size", [1e-24, 1.0, 1e24])
def test_cosines_do_not_depend_on_sizes(size: float):
    scaled = [[size * size * 18, -22.0 * size], [-22.0 * size, 38.0]]
    np.testing.assert_allclose(Cosines.of(scaled).matrix, Cosines.of(G).matrix, rtol=1e-12)


def test_gradients_that_rounding_made_contradictory_still_have_a_factor():
    cosines = Cosines.of([[1.0, 1.1], [1.1, 1.0]])
    assert np.isfinite(cosines.factor).all()


def test_the_nearest_point_of_the_simplex():
    assert solvers.onto_simplex([0.5, 0.5]) == [0.5, 0.5]
    assert solvers.onto_simplex([3.0, 0.0, -1.0]) == [1, 0, 0]
    assert solvers.onto_simplex([0.6, 0.6, -0.5]) == [0.5, 0.5, 0]


@pytest.mark.parametrize("power", [0.1, 0.5, 1.0, 2.0, 10.0])
def test_inverse_powers_solve_their_equation(power: float):
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((6, 4))
    matrix = rows @ rows.T + 0.01 * np.eye(6)
    scale = 10.0 ** generator.uniform(-2, 2, 6)
    solution = solvers.inverse_power(matrix, scale, power)
    assert (solution > 0).all()
    np.testing.assert_allclose(matrix @ solution, scale * solution**-power, rtol=1e-3)


def test_newton_says_when_it_does_not_arrive(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(solvers, "_MAX_STEPS", 1)
    with pytest.raises(NotSolvedError, match="Newton"):
        solvers.inverse_power(Cosines.of(G).matrix, np.array([1.0, 1e6]), 2.0)


def test_an_active_set_that_is_not_found_is_told(monkeypatch: pytest.MonkeyPatch):
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("Maximum number of iterations reached.")

    monkeypatch.setattr("scipy.optimize.nnls", failing)
    with pytest.raises(NotSolvedError, match="active set"):
        solvers.shortest_in_hull(Cosines.of(G))


class Unsolved(GramianBalancing):
    """A rule whose problem never has an answer."""

    key = "unsolved"

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        raise NotSolvedError("no answer")


def test_a_rule_without_an_answer_uses_equal_weights_and_says_so():
    method = Unsolved(BalancingSettings(), torch.Generator())
    assert method.weights_of(torch.eye(4)).tolist() == [0.25] * 4
    assert method.notices == ("no answer; equal weights were used instead",)


def noticed(run: Run) -> list[Noticed]:
    return [event for event in run.events if isinstance(event, Noticed)]


def test_a_run_tells_of_it_once_at_its_step():
    run = Run(
        spec(balancing=Choice(kind="unsolved")), teaching(list, balancing=Unsolved)
    ).to_the_end()
    assert noticed(run) == [Noticed(1, "balancing", "no answer; equal weights were used instead")]
    assert isinstance(run.last, Finished)
    place = run.events.index(noticed(run)[0])
    block = run.events[place - 1]
    assert isinstance(block, StepsDone)
    assert block.step == 1
    assert block.weights.tolist() == [[0.5, 0.5]]


def test_a_resumed_run_does_not_tell_it_again(tmp_path: Path):
    chosen, catalogue = spec(balancing=Choice(kind="unsolved")), teaching(list, balancing=Unsolved)
    first = Run(chosen, catalogue, folder=tmp_path, commands={5: [Stop()]}).to_the_end()
    second = Run(chosen, catalogue, folder=tmp_path, resume=True).to_the_end()
    assert len(noticed(first)) == 1
    assert noticed(second) == []


def test_a_task_of_weight_0_is_kept_from_the_rule():
    class Seen(GramianBalancing):
        """Notes what it is given."""

        key = "seen"

        def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
            given.append((len(gramian), tuple(names)))
            return [1.0] * len(gramian)

    given: list[tuple[int, tuple[str, ...]]] = []
    run = Run(spec(balancing=Choice(kind="seen")), teaching(list, balancing=Seen))
    update = run.trainer.update
    update.task_weights["digit"] = 0.0
    weights: Tensor = update.balancing.weigh(update.step(run.trainer.plan.samplers[0].draw()))
    assert given == [(1, ("parity",))]
    assert weights.tolist() == [0, 1]
    update.task_weights["parity"] = 0.0
    weights = update.balancing.weigh(update.step(run.trainer.plan.samplers[0].draw()))
    assert weights.tolist() == [0, 0]
