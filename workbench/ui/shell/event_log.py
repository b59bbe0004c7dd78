"""EventLog: puts a run's events into words, for the status line, the log and Problems."""

from PySide6.QtCore import QObject

from workbench.spec.event import (
    Began,
    CheckpointSaved,
    Diverged,
    DriftDetected,
    Evaluated,
    Event,
    Failed,
    Finished,
    Intervened,
    Noticed,
    Preparing,
    Replanned,
    StageBegan,
)
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_state import RunState
from workbench.ui.services.run_session import RunSession
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.words.duration import duration
from workbench.ui.words.language import translator
from workbench.ui.words.report_names import detector_title
from workbench.ui.words.texts import said

tr = translator("EventLog")


class EventLog(QObject):
    """Listens to the session."""

    def __init__(self, window: MainWindow, presenter: Presenter, session: RunSession) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter
        self._session = session
        self._note = ""
        session.status_due.connect(self.show_state)
        session.event_seen.connect(self.take)

    def say(self, note: str) -> None:
        """Say something in the status line until the next run."""
        self._note = note
        self.show_state()

    def take(self, event: Event) -> None:
        """Log an event; what went wrong becomes a Problems row."""
        match event:
            case Began():
                self._note = ""
                self._log("info", self._began(event))
            case StageBegan(stage=stage):
                band = self._session.teller.bands[stage]
                self._log("info", tr("Stage {}: {}").format(stage + 1, band.name))
            case Intervened(task=task, value=value, step=step):
                what = tr("Learning rate")
                if task is not None:
                    what = tr("Weight of {}").format(task)
                self._log("info", tr("{} set to {:g} at step {:,}").format(what, value, step))
            case Replanned(step=step) if event.groups:
                groups = [" + ".join(group) for group in event.groups]
                text = tr("From step {:,}: {}").format(step, " → ".join(groups))
                self._log("info", text)
            case DriftDetected(task=task, detector=detector, step=step):
                text = tr("{} found a drift at step {:,}, in {}")
                self._log("info", text.format(detector_title(detector), step, task))
            case Noticed(source=source, message=message):
                self._log("warning", f"{source}: {said(message)}")
                if self._is_news(source, message):  # every seed says so
                    self._presenter.notice(source, message, "warning")
            case Evaluated(ends_stage=True, split="test"):
                self._log("info", self._scores(event))
            case CheckpointSaved():
                pass
            case Diverged(task=task, message=message, step=step):
                text = tr("Diverged at step {:,}, task {}: {}").format(step, task, said(message))
                self._fail(text)
            case Failed(message=message, details=details, place=place):
                self._fail(tr("Failed: {}").format(said(message)), is_setup=bool(place))
                if details:
                    self._log("error", details)
            case Finished():
                self._log("info", self._finished(event))
            case _:
                pass

    def _log(self, level: str, text: str) -> None:
        self._window.log.add(level, self._of_seed(text))

    def _of_seed(self, text: str) -> str:
        """Say whose it is, where there are several."""
        if self._session.group.n_jobs < 2:
            return text
        return tr("Seed {}: {}").format(self._session.teller.seed, text)

    def _is_news(self, field: str, text: str) -> bool:
        return not any((n.field, n.message) == (field, text) for n in self._presenter.notices)

    def _fail(self, text: str, *, is_setup: bool = False) -> None:
        """Say what went wrong; what is wrong with the setup is no seed's own."""
        self._log("error", text)
        said = text if is_setup else self._of_seed(text)
        if self._is_news("run", said):
            self._presenter.notice("run", said)
        self._window.show_dock("problems")

    def _began(self, event: Began) -> str:
        text = tr("Run {}: seed {}, {:,} parameters ({:,} shared), {} with {} thread(s)")
        return text.format(
            event.run_id or tr("begins"),
            event.seed,
            event.parameters,
            event.shared_parameters,
            event.device,
            event.threads,
        )

    def _scores(self, event: Evaluated) -> str:
        names = [facts.name for facts in self._session.teller.tasks]
        scores = zip(names, event.scores.tolist(), strict=True)
        words = ", ".join(f"{name} {score:.3f}" for name, score in scores)
        where = tr("Before training")
        if event.stage >= 0:
            where = tr("After stage {}").format(event.stage + 1)
        return f"{where}: {words}"

    def _finished(self, event: Finished) -> str:
        word = tr("Done") if event.status == "done" else tr("Stopped")
        return tr("{} after {:,} steps in {}").format(word, event.step, duration(event.seconds))

    def show_state(self) -> None:
        """Bring the status line up to date."""
        status, state = self._window.status, self._presenter.state
        text, level = self._phase(state)
        status.set_phase(text, level)
        model = self._session.model
        if state is RunState.STARTING and model.preparing is not None:
            status.set_progress(model.preparing.done)
            return
        if state is RunState.IDLE or not model.total_steps:
            status.set_progress(None)
            return
        parts: list[str] = []
        left = self._session.seconds_left
        if left is not None:
            parts.append(tr("{} left").format(duration(left)))
        going = self._session.group.going.values()
        speed = sum(each.steps.steps_per_second or 0.0 for each in going)
        if speed:
            parts.append(tr("{:,.0f} steps/s").format(speed))
        status.set_progress(self._session.group.share, "  ·  ".join(parts))

    def _phase(self, state: RunState) -> tuple[str, str]:
        model = self._session.model
        match state:
            case RunState.STARTING:
                preparing = model.preparing
                return (self._preparing(preparing) if preparing else tr("Starting…")), "busy"
            case RunState.RUNNING:
                return self._training(), "busy"
            case RunState.PAUSED:
                return tr("Paused at step {:,}").format(model.step), "paused"
            case RunState.STOPPING:
                return tr("Stopping…"), "busy"
            case RunState.IDLE:
                return self._rest()

    def _preparing(self, event: Preparing) -> str:
        words = event.text[:1].upper() + event.text[1:]
        return words if event.done is None else f"{words} · {100 * event.done:.0f} %"

    def _training(self) -> str:
        model = self._session.model
        parts = [tr("Training")]
        bands = model.bands
        if len(bands) > 1 and 0 <= model.stage < len(bands):
            text = tr("stage {}/{}: {}")
            parts.append(text.format(model.stage + 1, len(bands), bands[model.stage].name))
        group = self._session.group
        if group.n_jobs > 1:
            job = self._session.job
            parts += [job.label] if job is not None and job.label else []
            parts.append(self._which())
        parts.append(tr("step {:,}").format(model.step))
        return " · ".join(parts)

    def _which(self) -> str:
        """Which runs of several go on: one by its place, those side by side by their number."""
        group = self._session.group
        going = group.going
        if len(going) > 1:
            text = tr("{} of {} runs at once, {} done")
            return text.format(len(going), group.n_jobs, group.n_ended)
        at, of = self._session.place
        return tr("seed {} ({}/{})").format(self._session.model.seed, at, of)

    def _rest(self) -> tuple[str, str]:
        if not self._presenter.catalogue:
            return self._note or tr("Reading the catalogue…"), "busy"
        if self._note:
            return self._note, "idle"
        match self._session.model.last:
            case Diverged() | Failed():
                rows = [n.message for n in self._presenter.notices if n.field == "run"]
                return (rows[-1] if rows else tr("Failed")), "bad"
            case Finished() as last:
                return self._finished(last), "good" if last.status == "done" else "idle"
            case _:
                pass
        count = len(self._presenter.problems)
        if count:
            text = tr("{} problems keep this from running").format(count)
            return (text if count > 1 else tr("A problem keeps this from running")), "paused"
        return tr("Ready"), "idle"
