"""The setup: edits, their history, their file."""

from pathlib import Path

import pytest

from tests.ui.fakes import entries
from tests.ui.specs import SEQUENTIAL
from workbench.spec.preset import load
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_state import RunState


@pytest.fixture
def presenter() -> Presenter:
    return Presenter(entries())


def test_undo_and_redo_go_through_every_edit(presenter: Presenter) -> None:
    start = presenter.spec
    presenter.choose("sharing", "separate")
    presenter.set_part("training", "epochs", 3)
    end = presenter.spec
    presenter.undo()
    presenter.undo()
    assert presenter.spec == start
    assert not presenter.can_undo
    presenter.redo()
    presenter.redo()
    assert presenter.spec == end
    assert not presenter.can_redo


def test_a_slider_drag_is_one_edit(presenter: Presenter) -> None:
    for value in (1.1, 1.2, 1.3):
        presenter.set_weight("digits-attributes", "digit", value)
    presenter.end_edit()
    presenter.set_weight("digits-attributes", "digit", 2.0)
    presenter.undo()
    assert presenter.spec.tasks[0].weight == 1.3
    presenter.undo()
    assert presenter.spec.tasks[0].weight == 1.0


def test_unmet_needs_give_the_reason(presenter: Presenter) -> None:
    catalogue = presenter.catalogue
    assert "stages" in presenter.reason_against(catalogue[("retention", "ewc")])
    presenter.choose("curriculum", "sequential")
    assert presenter.reason_against(catalogue[("retention", "ewc")]) == ""
    presenter.choose("sharing", "separate")
    assert "share parameters" in presenter.reason_against(catalogue[("balancing", "pcgrad")])
    assert "qp" in presenter.reason_against(catalogue[("balancing", "torn")])


def test_settings_come_back_with_their_method(presenter: Presenter) -> None:
    presenter.choose("retention", "ewc")
    presenter.set_setting("retention", "strength", 7.0)
    presenter.choose("retention", "none")
    presenter.choose("retention", "ewc")
    assert presenter.spec.retention.settings == {"strength": 7.0}


def test_a_setting_at_its_default_is_left_out(presenter: Presenter) -> None:
    presenter.set_setting("encoder", "hidden", [64])
    presenter.set_setting("encoder", "hidden", [128, 128])
    assert presenter.spec.encoder.settings == {}


def test_values_out_of_range_become_problems_not_setups(presenter: Presenter) -> None:
    start = presenter.spec
    assert not presenter.change({"seeds": (-1,)})
    assert presenter.spec == start
    assert presenter.notices[0].field.startswith("seeds")


def test_the_last_task_stays(presenter: Presenter) -> None:
    presenter.set_task("digits-attributes", "digit", False)
    assert len(presenter.spec.tasks) == 1
    assert presenter.notices[0].field == "tasks"


def test_ticking_keeps_the_family_order(presenter: Presenter) -> None:
    presenter.set_task("digits-attributes", "prime", True)
    presenter.set_task("digits-attributes", "parity", True)
    assert [choice.task for choice in presenter.spec.tasks] == ["digit", "parity", "prime"]


def test_one_task_of_a_whole_family_can_be_left_out(presenter: Presenter, tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text("tasks: [{family: digits-attributes}]")
    assert presenter.open(path)
    presenter.set_task("digits-attributes", "parity", False)
    assert [c.task for c in presenter.spec.tasks] == ["digit", "at-least-five", "prime", "has-loop"]


def test_save_open_and_dirty(presenter: Presenter, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    presenter.choose("sharing", "separate")
    assert presenter.is_dirty
    assert presenter.command == ""
    assert presenter.save(path)
    assert not presenter.is_dirty
    assert load(path) == presenter.spec
    presenter.set_part("training", "epochs", 2)
    assert presenter.is_dirty
    assert presenter.command == f"workbench run {path} --set training.epochs=2"
    presenter.undo()
    assert not presenter.is_dirty
    assert presenter.recent == [path]


def test_a_bad_file_leaves_the_setup_and_says_the_line(
    presenter: Presenter, tmp_path: Path
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(SEQUENTIAL + "nonsense: 1\n")
    start = presenter.spec
    assert not presenter.open(path)
    assert presenter.spec == start
    assert "bad.yaml:8" in presenter.notices[0].message


def test_a_folder_that_refuses_is_a_problem(presenter: Presenter, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not presenter.save(tmp_path / "file" / "x.yaml")
    assert presenter.notices[0].field == "file"


def test_nothing_is_undone_while_it_runs(presenter: Presenter) -> None:
    presenter.choose("sharing", "separate")
    presenter.set_state(RunState.RUNNING)
    presenter.undo()
    assert presenter.spec.sharing.kind == "separate"
