"""A whole window with stand-ins for the runner and the history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeHistory, FakeRunner, entries
from workbench.spec.experiment import Spec
from workbench.spec.files import shipped
from workbench.spec.preset import load
from workbench.ui.composition import App
from workbench.ui.shell import preset_menus, startup
from workbench.ui.shell.tab_area import find_tabs
from workbench.ui.shell.tour.tour import SEEN

#: Far more than a start takes; a machine that is busy with other things is slow to make one.
PATIENCE_MS = 60_000

MakeApp = Callable[..., App]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says what it cannot do; every other Qt warning fails a test."""
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True, scope="session")
def _shipped_presets_read_once() -> Iterator[None]:
    """Every window lists them, and they stay what they are."""
    folder, shipped_load = shipped("presets"), cache(load)

    def read(path: Path) -> Spec:
        return shipped_load(path) if path.is_relative_to(folder) else load(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preset_menus, "load", read)
        yield


@pytest.fixture(autouse=True)
def _only_these_tabs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """To make all tabs takes half of what a window takes."""
    marker = request.node.get_closest_marker("tabs")
    if marker is not None and marker.args:
        kinds = [kind for kind in find_tabs() if kind.name in marker.args]
        assert len(kinds) == len(marker.args), "each is the name of a tab"
        monkeypatch.setattr(startup, "find_tabs", lambda: kinds)


@contextmanager
def _windows(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[MakeApp]:
    """Makes shown windows; at the end nothing of them is left."""
    made: list[App] = []
    others = set(qapp.allWidgets())

    def make(
        runner: FakeRunner | None = None,
        history: FakeHistory | None = None,
        preset: str | None = None,
        has_catalogue: bool = True,
        waits_for_catalogue: bool = True,
        sees_tour: bool = False,
    ) -> App:
        settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        if not sees_tour:
            settings.setValue(SEEN, True)
        app = App(
            qapp,
            runner or FakeRunner(),
            entries() if has_catalogue else None,
            preset,
            settings,
            history or FakeHistory(),
        )
        made.append(app)
        app.start()
        waits = waits_for_catalogue
        qtbot.waitUntil(
            lambda: app.is_ready and bool(app.presenter.catalogue or not waits),
            timeout=PATIENCE_MS,
        )
        return app

    yield make
    for app in made:
        app.shutdown.leave()
        qtbot.waitUntil(lambda app=app: not app.session.is_active, timeout=PATIENCE_MS)
        assert app.shutdown.left_cleanly
        app.window.deleteLater()
        app.deleteLater()
    # Else the next window's style sheet is worked out for this one too.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not set(qapp.allWidgets()) - others


@pytest.fixture
def make_app(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MakeApp]:
    """Makes a shown window for the test."""
    with _windows(qtbot, qapp, tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def make_shared_app(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeApp]:
    """Makes a shown window for the tests of a module that only show one thing after another."""
    with _windows(QtBot(request), qapp, tmp_path_factory.mktemp("window")) as make:
        yield make


@pytest.fixture
def app(make_app: MakeApp) -> App:
    """A window at its first start."""
    return make_app()
