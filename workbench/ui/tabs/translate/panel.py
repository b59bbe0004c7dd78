"""Translate: every language's answer to a text, and what was written for held-out texts."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from workbench.spec.experiment import Spec
from workbench.spec.shown.written import AnswerShares, TranslatedText
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.written_record import WrittenMoment
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.translate.answer_rows import AnswerRows, RowContent
from workbench.ui.tabs.translate.ask_line import AskLine
from workbench.ui.tabs.translate.asker import Asker
from workbench.ui.tabs.translate.attention_map import AttentionMap
from workbench.ui.tabs.translate.examples import Examples
from workbench.ui.tabs.translate.share_matrix import ShareMatrix
from workbench.ui.tabs.translate.token_strip import TokenStrip
from workbench.ui.widgets.basics import EmptyState, column, label, scrolling
from workbench.ui.widgets.moment_bar import MomentBar
from workbench.ui.words.language import translator
from workbench.ui.words.spread_words import part_words

tr = translator("Translate")


class TranslatePanel(Tab):
    """The text and its answers above, held-out texts and the pairs below, the moments under it."""

    name = "translate"
    order = 55

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._models: list[RunModel] = []
        self._seen: object = None
        #: The moment that is looked at, None for the newest.
        self._moment: WrittenMoment | None = None
        # Layouts are not changed while Qt is busy showing them.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.redraw)
        self.line = AskLine()
        self.line.submitted.connect(self._ask)
        self.status = label("", "hint", wraps=True)
        self.answers = AnswerRows()
        self.answers.chosen.connect(self._look_into)
        self.tokens = TokenStrip()
        self.attention = AttentionMap(theme)
        self.tokens.chosen.connect(self.attention.canvas.set_chosen)
        self.asker = Asker(self)
        self.asker.changed.connect(self._show_answers)
        self.examples = Examples(theme)
        self.examples.chosen.connect(self._draw)
        self.matrix = ShareMatrix(theme)
        self.matrix.chosen.connect(self.examples.choose)
        self.bar = MomentBar("translate.moment", theme)
        self.bar.scrubbed.connect(self._scrub)
        self.bar.followed.connect(self._follow)
        self._build()

    def _build(self) -> None:
        left = QWidget()
        inner = column(left, (0, 0, 8, 4), 6)
        inner.addWidget(self.line)
        inner.addWidget(self.status)
        inner.addWidget(scrolling(self.answers), 1)
        inner.addWidget(self.tokens)
        pairs = QWidget()
        side = column(pairs, (8, 4, 0, 0), 4)
        self.caption = label("", "hint", wraps=True)
        side.addWidget(label(tr("Pairs of languages"), "section"))
        side.addWidget(self.caption)
        side.addWidget(self.matrix, 1)
        above = _split(Qt.Orientation.Horizontal, left, self.attention)
        below = _split(Qt.Orientation.Horizontal, self.examples, pairs)
        content = QWidget()
        layout = column(content, (0, 0, 0, 0), 0)
        room = column(body := QWidget(), (12, 10, 12, 0), 0)
        room.addWidget(_split(Qt.Orientation.Vertical, above, below))
        layout.addWidget(body, 1)
        layout.addWidget(self.bar)
        empty = EmptyState(
            tr("Nothing written yet"),
            tr(
                "Press Run. What the model writes for texts that it has not seen stands here, and "
                "you can have it translate your own."
            ),
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(content)

    # what is looked at

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Translate")

    @classmethod
    def absence(cls) -> tuple[str, str]:
        """What would fill it."""
        return tr("No task on texts"), tr("Choose tasks on texts, such as Numbers in words.")

    def join(self, context: TabContext) -> None:
        """Follow the session, and the history, which says where a run is."""
        self.asker.join(context)
        context.run_history.changed.connect(self._show_answers)
        super().join(context)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Only tasks of texts can be read."""
        catalogue = self.context.presenter.catalogue if self.has_joined else {}
        entries = (catalogue.get(("tasks", choice.family)) for choice in spec.tasks)
        is_chosen = any(entry is not None and "tokens" in entry.gives for entry in entries)
        return is_chosen or bool(model.written.moments)

    def set_models(self, current: RunModel, models: Sequence[RunModel] = ()) -> None:
        """Show other runs: shares are means of all seeds, texts those of the current one."""
        self._models = [current, *(model for model in models if model is not current)]
        if current is not self._model:
            self._model, self._moment = current, None
            self.asker.set_model(current)
            self.line.offer_checkpoints(())
        self.redraw()

    @property
    def _at(self) -> int:
        """Position of the moment that is shown; the nearest, where it was let go."""
        moments = self._model.written.moments
        if self._moment is None:
            return len(moments) - 1
        steps = [abs(moment.step - self._moment.step) for moment in moments]
        exact = [i for i, moment in enumerate(moments) if moment is self._moment]
        return exact[0] if exact else steps.index(min(steps))

    def _scrub(self, at: int) -> None:
        moments = self._model.written.moments
        self._moment = moments[at] if at < len(moments) - 1 else None
        self._draw()

    def _follow(self) -> None:
        self._moment = None
        self.redraw()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn as soon as Qt has shown the tab."""
        self.asker.watch(True)
        self._soon.start()

    def hideEvent(self, event: object) -> None:
        """Nobody looks: no newer checkpoint is asked."""
        self.asker.watch(False)

    # what is asked

    def _ask(self) -> None:
        self.asker.want(self.line.request)
        self._show_answers()

    def _show_answers(self) -> None:
        asker = self.asker
        if not self.isVisible() or not self._model.written.moments:
            return
        asker.follow()
        if asker.answer is not None:
            self.line.offer_checkpoints(asker.answer.checkpoints)
        self.status.setText(self._status())
        self.answers.show_answers(self._contents())
        self._look_into()

    def _contents(self) -> list[RowContent]:
        """A row for each answer; before there is one, for each language that will have one."""
        asker = self.asker
        if asker.answer is not None:
            return [RowContent(a.target, a.task, a.text) for a in asker.answer.answers]
        if asker.request is None:
            return []
        note = asker.reason or asker.why_not or tr("Asked; the answer is on its way.")
        targets = self._model.written.targets_of(asker.request.source)
        return [RowContent(target, "", None, note) for target in targets]

    def _status(self) -> str:
        asker = self.asker
        if asker.request is None:
            return tr("Type a text and press Enter: every language answers it.")
        if asker.reason or asker.why_not:
            return asker.reason or asker.why_not
        if asker.answer is None:
            return tr("Asking the run's checkpoint…")
        step = f"{asker.answer.step:,}"
        if not asker.answer.answers:
            return tr("No task of this run reads such a text (step {}).").format(step)
        if asker.is_live and asker.request.step is None:
            return tr("From {}, as of step {}; asked again as newer ones come").format(
                asker.request.source, step
            )
        return tr("From {}, as of step {}").format(asker.request.source, step)

    def _look_into(self) -> None:
        """Show the tokens and the attention of the answer that is chosen."""
        answer = self._looked_into
        self.tokens.show_answer(answer)
        self.attention.show_answer(answer)
        self.attention.canvas.set_chosen(self.tokens.at)

    @property
    def _looked_into(self) -> TranslatedText | None:
        answer = self.asker.answer
        if answer is None or not answer.answers:
            return None
        return answer.answers[min(self.answers.at, len(answer.answers) - 1)]

    # drawing

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        if not self.isVisible():
            return
        record, saved = self._model.written, self._model.checkpoint
        versions = [(id(model), model.written_version) for model in self._models]
        seen = (versions, saved, self._model.is_over)
        if seen == self._seen:
            self.asker.follow()
            return
        self._seen = seen
        self._stack.setCurrentIndex(1 if record.moments else 0)
        if not record.moments:
            return
        ends = [i for i, moment in enumerate(record.moments) if moment.is_kept]
        self.bar.set_moments(len(record.moments), self._at, ends)
        self.line.offer_sources({code: record.texts_in(code) for code in record.sources})
        self.examples.offer_tasks(list(record.pairs))
        self._draw()
        self._show_answers()

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def _draw(self, *_: object) -> None:
        record = self._model.written
        if not record.moments or not self.isVisible():
            return
        moment, task = record.moments[self._at], self.examples.name
        shares = self._shares(moment)
        copied = {t.name: t.chance for t in self._model.tasks if t.metric == "exact-match"}
        texts = moment.texts.get(task)
        known = [each[task] for each in shares if task in each]
        seed = self._model.seed if len(self._models) > 1 else None
        self.examples.show_texts(texts, known, copied.get(task), seed=seed, kind=self.spread)
        self.matrix.show_shares(shares, self.spread)
        self.caption.setText(part_words(len(shares), len(self._models), self.spread))
        self.caption.setVisible(len(self._models) > 1)
        self.matrix.set_chosen(task)
        self.bar.tell(self._in_words(moment), is_newest=self._moment is None)

    def _shares(self, moment: WrittenMoment) -> list[dict[str, AnswerShares]]:
        """How the answers of each seed were at a moment; each one's newest where that is."""
        own = moment.shares or self._model.written.newest_shares
        shares = [own] if own else []
        for model in self._models[1:]:
            told = model.written.newest_shares
            if self._moment is not None:
                alike = (m.shares for m in model.written.moments if m.step == moment.step)
                told = next(alike, {})
            shares += [told] if told else []
        return shares

    def _in_words(self, moment: WrittenMoment) -> str:
        began = self._model.began
        if moment.stage < 0 or began is None:
            return tr("Before training")
        name = began.stages[moment.stage].name if moment.stage < len(began.stages) else ""
        words = tr("After {}, step {}") if moment.ends_stage else tr("In {}, step {}")
        return words.format(name, f"{moment.step:,}")

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for part in (self.attention, self.examples, self.matrix, self.bar):
            part.set_theme(theme)


def _split(direction: Qt.Orientation, *parts: QWidget) -> QSplitter:
    splitter = QSplitter(direction)
    splitter.setChildrenCollapsible(False)
    for part in parts:
        splitter.addWidget(part)
    sizes = (600, 400) if direction == Qt.Orientation.Horizontal else (540, 460)
    for i, size in enumerate(sizes):
        splitter.setStretchFactor(i, size)
    splitter.setSizes(sizes)
    return splitter
