"""The button under the tasks opens the dialog, and what comes of it is the setup's."""

import pytest

from tests.contracts.faces import CATALOGUE
from tests.ui.conftest import MakeApp
from workbench.spec.experiment import TaskChoice


@pytest.mark.tabs("curves")
def test_made_tasks_become_those_of_the_setup(make_app: MakeApp):
    app = make_app()
    app.presenter.set_catalogue(CATALOGUE)
    making = app.data_import.task_making
    app.window.setup.tasks.make.click()
    dialog = making.dialog
    assert dialog is not None
    assert dialog.choice.settings["of"]["family"] == app.presenter.spec.tasks[0].family
    of = {"family": "digits-attributes", "task": "digit"}
    dialog.made.emit(TaskChoice(family="rotated", of=of), False)
    dialog.reject()
    assert making.dialog is None
    assert [choice.family for choice in app.presenter.spec.tasks] == ["rotated"]
    assert app.presenter.problems == []
