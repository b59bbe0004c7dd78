"""Previews: what Inspect shows of the data of a task, asked for once things are quiet."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from workbench.spec.experiment import TaskChoice
from workbench.spec.question import Download, Preview, RefusedError, TaskPreview
from workbench.ui.model.presenter import Presenter
from workbench.ui.panels.inspect.panel import InspectPanel
from workbench.ui.panels.inspect.samples_card import SamplesCard
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.words.language import translator

#: The pointer rests so long on a task before its examples are looked for.
DELAY_MS = 250

#: Answers that are kept, so that a second look is at once.
_MOST_ANSWERS = 24

_TOPIC, _FETCH = "preview", "download"

Previewed = tuple[TaskPreview, ...]

tr = translator("Previews")


class Previews(QObject):
    """Asks for the examples of the task looked at, and shows them in Inspect."""

    def __init__(
        self,
        presenter: Presenter,
        questions: QuestionQueue,
        inspect: InspectPanel,
        delay_ms: int = DELAY_MS,
    ) -> None:
        super().__init__(inspect)
        self._presenter = presenter
        self._questions = questions
        self._inspect = inspect
        self._answers: dict[str, Previewed] = {}
        self._family = ""
        self._task: str | None = None
        self._shown = ""
        self._fetched = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay_ms)
        self._timer.timeout.connect(self._look)
        presenter.listeners.append(self._hear)
        inspect.samples_wanted.connect(self._look_again)
        inspect.remedy_wanted.connect(self._download)
        questions.progressed.connect(self._tell_progress)

    def look(self, family: str, task: str | None) -> None:
        """A task, or a family as a whole, was chosen."""
        self._family, self._task = family, task
        self._timer.start()

    def hover(self, family: str, task: str | None, is_there: bool) -> None:
        """The pointer is on a task, or has gone. Beside a run nothing is asked for a mere glance.

        An answer would start a process that takes its share of the machine from the run.
        """
        if not is_there:
            self._timer.stop()
        elif not self._presenter.is_live or self._key(family) in self._answers:
            self.look(family, task)

    def forget(self) -> None:
        """Data have changed: ask anew."""
        self._answers.clear()
        self._shown = ""
        self._look_again()

    def _hear(self, topic: str) -> None:
        """Settings of the family that is shown may have changed."""
        if topic == "spec" and self._card is not None and self._key(self._family) != self._shown:
            self._timer.start()

    def leave(self) -> None:
        """Inspect goes on to something else: what was about to be looked at is not."""
        self._timer.stop()

    def _look_again(self) -> None:
        """Inspect was made anew for a family."""
        entry = self._inspect.entry
        if entry is None or entry.role != "tasks":
            return
        if self._family != entry.key:
            self._family, self._task = entry.key, None
        self._timer.start(0 if self._key(self._family) in self._answers else self._timer.interval())

    def _look(self) -> None:
        entry = self._presenter.catalogue.get(("tasks", self._family))
        if entry is None or entry.broken:
            return
        self._inspect.show_entry(entry)
        self._timer.stop()
        key = self._key(self._family)
        if key in self._answers:
            self._questions.cancel(_TOPIC)
            self._show(key, self._answers[key])
            return
        if (card := self._card) is not None:
            card.say(tr("Looking at the data…"))
        choice = TaskChoice.model_validate({"family": self._family, **self._settings(self._family)})
        self._questions.ask(
            _TOPIC,
            Preview(choice),
            lambda previews: self._take(key, previews),
            lambda error: self._refuse(key, error),
        )

    def _take(self, key: str, previews: Previewed) -> None:
        self._answers[key] = previews
        while len(self._answers) > _MOST_ANSWERS:
            del self._answers[next(iter(self._answers))]
        self._show(key, previews)

    @property
    def _card(self) -> SamplesCard | None:
        """Where samples go; None where Inspect has gone on to something else."""
        entry = self._inspect.entry
        is_here = entry is not None and (entry.role, entry.key) == ("tasks", self._family)
        return self._inspect.samples if is_here else None

    def _show(self, key: str, previews: Previewed) -> None:
        self._shown = key
        if (card := self._card) is not None:
            card.show_previews(previews, self._task)

    def _refuse(self, key: str, error: RefusedError) -> None:
        self._shown = key
        if (card := self._card) is None:
            return
        words = tr("There is nothing to show: {}").format(error.message)
        card.say(words, self._remedy)

    # data that are fetched, only when the user asks

    @property
    def _remedy(self) -> str:
        """What the button says that fetches the data, and how much that is; empty: none are."""
        entry = self._presenter.catalogue.get(("tasks", self._family))
        if entry is None or not entry.download_bytes:
            return ""
        return tr("Download ({})").format(f"{entry.download_bytes / 2**20:.0f} MiB")

    def _download(self) -> None:
        """Fetch the data, or stop doing so."""
        family = self._family
        if self._questions.is_busy(_FETCH):
            self._questions.cancel(_FETCH)
            self._say_stopped()
            return
        self._fetched = family
        self._tell_progress(_FETCH, None, tr("starting"))
        self._questions.ask(_FETCH, Download(family), lambda _: self.forget(), self._not_fetched)

    def _tell_progress(self, topic: str, done: float | None, text: str) -> None:
        if topic != _FETCH or self._fetched != self._family or (card := self._card) is None:
            return
        share = "" if done is None else f" · {100 * done:.0f} %"
        card.say(tr("Downloading: {}").format(f"{text}{share}"), tr("Stop"))

    def _say_stopped(self) -> None:
        if (card := self._card) is not None:
            card.say(tr("The download was stopped."), self._remedy)

    def _not_fetched(self, error: RefusedError) -> None:
        if (card := self._card) is not None and self._fetched == self._family:
            card.say(tr("Not downloaded: {}").format(error.message), self._remedy)

    def _settings(self, family: str) -> Mapping[str, Any]:
        tasks = self._presenter.spec.tasks
        return next((choice.settings for choice in tasks if choice.family == family), {})

    def _key(self, family: str) -> str:
        return f"{family} {sorted(self._settings(family).items(), key=repr)!r}"
