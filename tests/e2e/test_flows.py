"""The five things that people come for, in no more clicks than they may take."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.hand import Hand
from tests.e2e.program import PATIENCE_SECONDS, Program
from tests.e2e.screen import Screen, eventually
from tests.e2e.test_window import save_as
from workbench.spec import preset
from workbench.store.stored_run import StoredRun, read

#: One task after the other, learned in a moment.
SHORT = """\
version: 1
name: In short
tasks:
  - {family: digits-split, n_tasks: 2}
curriculum: {kind: sequential}
training: {epochs: 2, evaluate_every: 20, threads: 1}
"""


@pytest.fixture
def hand(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., Hand]]:
    """Starts the program, and takes the mouse; at the end nothing of it is left."""
    hands: list[Hand] = []

    def start(*arguments: str | Path) -> Hand:
        address = tmp_path / "observer"
        module = ("tests.e2e.observed", str(address))
        program = Program(screen, tmp_path / "home", *arguments, module=module)
        hands.append(Hand(program, address))
        program.window("Workbench|yaml|see")
        eventually(program.run_button, PATIENCE_SECONDS, "the catalogue")
        return hands[-1]

    yield start
    for one in hands:
        one.program.kill()
        one.close()


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A preset that is learned in a moment."""
    path = tmp_path / "short.yaml"
    path.write_text(SHORT)
    return path


def ended(program: Program) -> list[StoredRun]:
    """The runs that came to their end, the oldest first."""
    folders = sorted((program.home / "runs").glob("[!.]*"))
    return [run for run in map(read, folders) if run.status == "done"]


def run_to_its_end(hand: Hand, n_runs: int = 1) -> None:
    """Click Run, and wait until so many runs are done."""
    hand.click("^Run", "Button")
    hand.see(lambda: len(ended(hand.program)) >= n_runs, f"{n_runs} runs that are done")
    hand.program.wait_until_idle()


def test_see_forgetting_in_two_clicks(hand: Callable[..., Hand]) -> None:
    user = hand()
    user.click("^See forgetting$")
    user.click("^Run", "Button")
    user.program.see_the_curve_move()
    assert user.n_clicks == 2


@pytest.mark.slow
def test_does_ewc_help_in_four_clicks(hand: Callable[..., Hand], short: Path) -> None:
    user = hand(short)
    run_to_its_end(user)
    user.n_clicks = 0
    user.right_click("^In short$", "TreeItem")
    user.click("^Duplicate with")
    user.point("^Retention$", "MenuItem")
    user.click("^Elastic weight consolidation$|^EWC$", "MenuItem")
    run_to_its_end(user, 2)
    assert user.n_clicks == 4
    one, other = ended(user.program)
    assert {run.spec.retention.kind for run in (one, other)} == {"none", "ewc"}
    assert one.seed == other.seed
    # both are drawn, over each other, and the answer stands above
    assert user.places("In short.*EWC|In short.*lastic")


@pytest.mark.slow
def test_are_these_tasks_fighting_in_a_click_for_each_step(
    hand: Callable[..., Hand], tmp_path: Path
) -> None:
    path = tmp_path / "pair.yaml"
    path.write_text(
        "version: 1\nname: A pair\n"
        "tasks: [{family: digits-attributes, task: digit}]\n"
        "probes: {every: 5}\n"
        "training: {epochs: 6, evaluate_every: 40, threads: 1}\n"
    )
    user = hand(path)
    user.n_clicks = 0
    user.click("^Learn parity$")
    run_to_its_end(user)
    user.click("^Interference$", "PageTab")
    left, top, width, height = user.places("^How each two tasks interfere$")[0]
    user.click_at((left + 0.75 * width, top + 0.3 * height))  # the cell of the first row, at right
    user.see(lambda: user.places("digit × parity"), "the figures of the pair")
    assert user.n_clicks == 4


@pytest.mark.slow
def test_publish_a_plot_in_two_clicks(hand: Callable[..., Hand], short: Path) -> None:
    user = hand(short)
    run_to_its_end(user)
    user.n_clicks = 0
    user.right_click("^Validation score per task$")
    user.click("SVG", "MenuItem")
    assert user.n_clicks == 2
    file = user.program.home / "figure.svg"
    user.program.answer("Save|SVG", str(file), file.is_file)
    assert "<svg" in file.read_text()


def test_save_what_i_made_by_keyboard_alone(hand: Callable[..., Hand]) -> None:
    user = hand("see-forgetting")
    user.press("F5")
    user.program.see_the_curve_move()
    user.press("F8")
    user.program.wait_until_idle()
    user.n_keys = 0
    saved = user.program.home / "mine.yaml"
    user.press("ctrl+s")
    save_as(user.program, saved)
    assert user.n_keys == 1
    assert user.n_clicks == 0
    assert preset.load(saved).name == "See forgetting"
