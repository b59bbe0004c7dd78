"""When each finding speaks, and when it is silent."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.study.findings import rules
from workbench.study.findings.finding import Finding, Setup
from workbench.study.findings.run_facts import RunFacts, ends_of_losses

NAN = float("nan")


def say(text: str) -> str:
    return text


def task(name: str, *, is_up: bool = True) -> TaskFacts:
    metric = "accuracy" if is_up else "rmse"
    return TaskFacts(name, "toys", metric, is_up, None, name, "vector", "classes", 80, 10, 10)


def spec(**choices: Any) -> Spec:
    chosen = {role: Choice(kind=kind) for role, kind in choices.items()}
    return Spec(tasks=(TaskChoice(family="toys"),), **chosen)


def run(names: str = "ab", **facts: Any) -> RunFacts:
    n = len(names)
    made = RunFacts(
        ending="done",
        step=100,
        tasks=tuple(task(name) for name in names),
        stages=(tuple(names),),
        matrix=np.full((1, n), 0.8),
        baseline=np.full(n, 0.5),
        first_losses=np.full(n, 1.0),
        last_losses=np.full(n, 0.3),
        n_probes=np.zeros((n, n)),
        n_conflicts=np.zeros((n, n)),
    )
    return replace(made, **facts)


def lifelong(left: float, **facts: Any) -> RunFacts:
    """Two tasks one after the other, the first at .9 after its stage, from .5 before training."""
    matrix = np.array([[0.9, 0.5], [0.5 + 0.4 * left, 0.9]])
    return run(stages=(("a",), ("b",)), matrix=matrix, **facts)


def spoken(setup: Setup) -> dict[str, Finding]:
    return {each.key: each for each in rules.findings(setup, say)}


def said(key: str, *runs: RunFacts, **choices: Any) -> Finding | None:
    return spoken(Setup(spec(**choices), runs)).get(key)


@pytest.mark.parametrize("n", [1, 5])
def test_nothing_is_said_of_runs_that_did_not_end(n: int) -> None:
    assert spoken(Setup(spec(), [run(ending="stopped")] * n)) == {}
    assert spoken(Setup(spec(), [])) == {}
    assert spoken(Setup(spec(), [RunFacts()] * n)) == {}


class TestForgetting:
    def test_it_says_how_many_are_forgotten_and_how_much_is_kept(self) -> None:
        finding = said("forgetting", lifelong(0.19))
        assert finding is not None
        assert finding.text == (
            "It forgot 1 of 1 earlier tasks, and kept 19 % of what they had gained."
        )
        assert finding.remedy is not None
        assert finding.remedy.changes == (("retention", {"kind": "replay"}),)

    def test_over_seeds_the_share_has_an_interval(self) -> None:
        finding = said("forgetting", *(lifelong(left) for left in (0.1, 0.2, 0.3)))
        assert finding is not None
        assert "20 % [0, 45]" in finding.text

    def test_what_holds_is_praised_and_nothing_is_to_be_tried(self) -> None:
        finding = said("forgetting", lifelong(0.96), retention="replay")
        assert finding is not None
        assert finding.text == "It remembers: 96 % of what earlier tasks had gained is left."
        assert finding.remedy is None

    def test_a_way_of_remembering_that_is_chosen_is_not_offered(self) -> None:
        finding = said("forgetting", lifelong(0.6), retention="ewc")
        assert finding is not None
        assert finding.text.startswith("It forgot a part: 60 %")
        assert finding.remedy is None

    def test_more_than_was_gained_counts_as_all_of_it(self) -> None:
        finding = said("forgetting", lifelong(1.5))
        assert finding is not None
        assert "100 %" in finding.text

    def test_errors_of_which_less_is_better_are_turned(self) -> None:
        errors = lifelong(
            0.0,
            tasks=(task("a", is_up=False), task("b", is_up=False)),
            baseline=np.array([10.0, 10.0]),
        )
        errors = replace(errors, matrix=np.array([[2.0, 10.0], [4.0, 2.0]]))
        finding = said("forgetting", errors)
        assert finding is not None
        assert "75 %" in finding.text

    def test_it_is_silent_of_tasks_that_learn_together(self) -> None:
        assert said("forgetting", run()) is None

    def test_it_is_silent_where_nothing_had_been_gained(self) -> None:
        flat = replace(lifelong(1.0), matrix=np.array([[0.5, 0.5], [0.5, 0.9]]))
        assert said("forgetting", flat) is None

    def test_it_is_silent_where_scores_are_no_numbers(self) -> None:
        blank = replace(lifelong(1.0), matrix=np.full((2, 2), NAN), baseline=np.full(2, NAN))
        assert said("forgetting", blank) is None


class TestInterference:
    def probed(self, against: int, of: int, **facts: Any) -> RunFacts:
        n = np.array([[of, of], [of, of]], dtype=float)
        conflicts = np.array([[0, against], [against, 0]], dtype=float)
        return run(n_probes=n, n_conflicts=conflicts, **facts)

    def test_two_that_fight_are_named_with_what_it_rests_on(self) -> None:
        finding = said("interference", self.probed(70, 100))
        assert finding is not None
        assert finding.text == "a and b pull against each other in 70 of 100 probes."
        assert finding.remedy is not None
        assert finding.remedy.kind == "transfer"

    def test_probes_of_all_seeds_count(self) -> None:
        finding = said("interference", self.probed(6, 8), self.probed(4, 8))
        assert finding is not None
        assert "10 of 16" in finding.text

    def test_what_it_costs_is_not_measured_twice(self) -> None:
        finding = said("interference", self.probed(70, 100, delta_m=-0.1))
        assert finding is not None
        assert finding.remedy is None

    def test_peace_is_said_too(self) -> None:
        finding = said("interference", self.probed(1, 40))
        assert finding is not None
        assert finding.text == "No two tasks pull against each other."

    @pytest.mark.parametrize(("against", "of"), [(9, 9), (30, 100), (0, 0)])
    def test_it_is_silent_where_probes_are_few_or_undecided(self, against: int, of: int) -> None:
        assert said("interference", self.probed(against, of)) is None


class TestTransfer:
    def test_a_cost_is_said_and_soft_sharing_offered(self) -> None:
        finding = said("transfer", run(delta_m=-0.02))
        assert finding is not None
        assert finding.text == "Learning together costs 2.0 % against a network for each task."
        assert finding.remedy is not None
        assert finding.remedy.changes == (("sharing", {"kind": "soft"}),)

    def test_a_gain_has_an_interval_over_seeds(self) -> None:
        finding = said("transfer", *(run(delta_m=d) for d in (0.04, 0.05, 0.06)))
        assert finding is not None
        assert finding.text.startswith("Learning together gains 5.0 % [2.5, 7.5]")
        assert finding.remedy is None

    def test_an_interval_around_nothing_shows_no_difference(self) -> None:
        finding = said("transfer", run(delta_m=-0.05), run(delta_m=0.04))
        assert finding is not None
        assert finding.text.startswith("Learning together shows no difference")
        assert finding.remedy is None

    def test_it_is_silent_where_nothing_is_shared_or_nothing_known(self) -> None:
        assert said("transfer", run(delta_m=-0.02), sharing="separate") is None
        assert said("transfer", run()) is None


class TestBalancing:
    slow = run(last_losses=np.array([0.97, 0.2]))

    def test_one_that_hardly_learned_is_named(self) -> None:
        finding = said("balancing", self.slow)
        assert finding is not None
        assert finding.text == "a hardly learned: its loss fell by 3 %, that of b by 80 %."
        assert finding.remedy is not None
        assert finding.remedy.changes == (("balancing", {"kind": "gradnorm"}),)

    def test_it_is_silent_where_both_or_neither_learned(self) -> None:
        assert said("balancing", run()) is None
        assert said("balancing", run(last_losses=np.array([0.97, 0.96]))) is None

    def test_it_is_silent_where_tasks_are_balanced_or_come_in_turn(self) -> None:
        assert said("balancing", self.slow, balancing="gradnorm") is None
        in_turn = replace(self.slow, stages=(("a",), ("b",)))
        assert said("balancing", in_turn) is None

    def test_it_is_silent_where_losses_are_not_known_or_below_0(self) -> None:
        assert said("balancing", run(last_losses=np.array([NAN, 0.2]))) is None
        assert said("balancing", run(first_losses=np.array([-1.0, 1.0]))) is None


class TestDivergence:
    broken = run(ending="diverged", diverged_on="b", step=1234)

    def test_it_is_said_first_and_a_smaller_rate_is_offered(self) -> None:
        first = rules.findings(Setup(spec(), [self.broken]), say)[0]
        assert first.key == "divergence"
        assert first.text.startswith("The loss of b was no number any more after 1,234 steps")
        assert first.remedy is not None
        assert first.remedy.changes == (("optimizer.lr", pytest.approx(0.0001)),)

    def test_of_several_seeds_it_says_how_many(self) -> None:
        finding = said("divergence", run(), self.broken, run())
        assert finding is not None
        assert finding.text.startswith("1 of 3 seeds diverged")

    def test_it_is_silent_of_runs_that_ended_well(self) -> None:
        assert said("divergence", run()) is None


class TestNothingLearned:
    def test_no_task_above_its_start(self) -> None:
        assert said("nothing-learned", run(matrix=np.array([[0.5, 0.4]]))) is not None

    def test_it_is_silent_where_one_is_or_the_start_is_not_known(self) -> None:
        assert said("nothing-learned", run(matrix=np.array([[0.4, 0.6]]))) is None
        unknown = run(matrix=np.array([[0.4, 0.4]]), baseline=np.full(2, NAN))
        assert said("nothing-learned", unknown) is None


class TestTooFewSeeds:
    def test_one_run_asks_for_more(self) -> None:
        finding = said("too-few-seeds", run())
        assert finding is not None
        assert finding.remedy is not None
        assert finding.remedy.kind == "seeds"

    def test_it_is_silent_of_several_and_of_one_that_was_stopped(self) -> None:
        assert said("too-few-seeds", run(), run()) is None
        assert said("too-few-seeds", run(ending="stopped")) is None


def test_the_most_important_is_said_first() -> None:
    keys = [each.key for each in rules.findings(Setup(spec(), [lifelong(0.1, delta_m=0.1)]), say)]
    assert keys == ["forgetting", "transfer", "too-few-seeds"]


def test_the_ends_of_losses_leave_gaps_out() -> None:
    losses = np.array([[NAN, 3.0], [1.0, NAN], [2.0, NAN], [NAN, 5.0]])
    first, last = ends_of_losses(losses)
    assert first.tolist() == [1.5, 4.0]
    assert last.tolist() == [1.5, 4.0]
    long = np.arange(100.0)[:, None]
    assert [x.tolist() for x in ends_of_losses(long)] == [[9.5], [89.5]]
    assert np.isnan(ends_of_losses(np.full((3, 1), NAN))[0]).all()
