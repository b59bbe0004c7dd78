"""What a setup has beside its settings is said in a line, and taken away by its button."""

import pytest
from PySide6.QtWidgets import QPushButton

from tests.ui.conftest import MakeApp
from workbench.spec.experiment import Intervention, Start
from workbench.ui.panels.setup.training import ClearedLine

pytestmark = pytest.mark.tabs("curves")


def test_a_start_and_live_changes_are_said_and_cleared(make_app: MakeApp) -> None:
    app = make_app()
    presenter = app.presenter
    lines = app.window.setup.training.findChildren(ClearedLine)
    assert [line.isHidden() for line in lines] == [True, True]
    presenter.change(
        {
            "start": Start(run="digits-<b>", step=1200),
            "interventions": (Intervention(step=3, lr=0.1),),
        }
    )
    app.controller.settle()
    assert [line.isHidden() for line in lines] == [False, False]
    texts = [line.findChildren(type(line._text))[0].text() for line in lines]
    assert any("1,200" in text and "digits-" in text for text in texts)
    for line in lines:
        line.findChild(QPushButton).click()
    app.controller.settle()
    assert presenter.spec.start is None
    assert presenter.spec.interventions == ()
    assert [line.isHidden() for line in lines] == [True, True]
    presenter.undo()
    presenter.undo()
    app.controller.settle()
    assert presenter.spec.start is not None
