"""WeightSweep: the sweep of fixed weights that belongs to the setup in the window."""

from PySide6.QtCore import QObject, Signal

from workbench.spec.experiment import Spec
from workbench.study.search.folder import SweepFolder
from workbench.study.search.weights import best_weighting, newest_of, weightings
from workbench.ui.services.sweeps import Sweeps
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.words.language import translator

tr = translator("TradeOffs")


class WeightSweep(QObject):
    """Made as any sweep, by a process of its own: it is in its folder, and goes on from there."""

    #: Another sweep, or another state of it.
    changed = Signal()
    #: Why there can be none, or what ended it.
    refused = Signal(str)

    def __init__(self, context: TabContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._calls = Calls(self.refused.emit, self)
        self._shown: SweepFolder | None = None
        self.sweeps = Sweeps(context, self)
        #: What each weighting is called, by the fingerprint of the setup with it.
        self.labels: dict[str, str] = {}
        self.sweeps.changed.connect(self._take)
        self.sweeps.refused.connect(self.refused)

    @property
    def is_making(self) -> bool:
        """Whether this window makes it."""
        return self.sweeps.is_busy

    def start(self, spec: Spec, n_points: int) -> None:
        """Try so many weightings of the setup's tasks, or go on with them."""
        self.sweeps.start_weights(spec, n_points, "auto")

    def stop(self) -> None:
        """Have its runs end with a checkpoint."""
        self.sweeps.stop()

    def find(self) -> None:
        """Look at the newest sweep of the setup's weights: it may be an earlier window's."""
        spec = self._context.presenter.spec
        if not self.is_making:
            self._calls.make(lambda: newest_of(spec), self._show)

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being read."""
        return self._calls.wait(milliseconds) and self.sweeps.wait(milliseconds)

    def _show(self, folder: SweepFolder | None) -> None:
        if self.is_making or folder == self.sweeps.folder:
            return
        if folder is None:
            self.sweeps.leave()
        else:
            self.sweeps.show(folder)

    def _take(self) -> None:
        folder, definition = self.sweeps.folder, self.sweeps.definition
        if folder != self._shown:
            self._shown = folder
            self.labels = weightings(definition) if definition is not None else {}
        self.changed.emit()

    @property
    def words(self) -> list[str]:
        """How far it is, and which weights are best."""
        definition, state = self.sweeps.definition, self.sweeps.state
        if definition is None:
            return []
        runs = [run for trial in state.trials for run in trial.runs]
        n_done = sum(run.status == "done" for run in runs)
        n_all = definition.n_wanted * len(definition.spec.seeds)
        best = best_weighting(definition, state)
        words = [tr("weights: {} of {} runs").format(n_done, n_all)]
        return [*words, *([tr("best weights by validation: {}").format(best)] if best else [])]
