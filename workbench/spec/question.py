"""Questions: what may be asked of the training process beside a run. Frozen and picklable.

`workbench.engine.answers` holds a module for each kind of question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbench.spec.event import Split
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.experiments.forks import Origin
from workbench.spec.shown.samples import Samples
from workbench.spec.user_files.reading import PLAIN, Reading
from workbench.spec.user_files.text_facts import PLAIN_TEXTS, TextReading

#: Told while an answer is worked out: the share done, where it is known, and of what.
Tell = Callable[[float | None, str], None]


class RefusedError(Exception):
    """The question has no answer; the message says why. `field` is the place in the spec."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message, field)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return self.message


class CancelledError(Exception):
    """The answer is no longer wanted."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something with an answer that takes no training."""


@dataclass(frozen=True, slots=True)
class ListMethods(Question):
    """The catalogue's entries, broken ones too. Answer: a list of Entry."""


@dataclass(frozen=True, slots=True)
class Preview(Question):
    """The first `n` examples of the tasks of a choice. Answer: a tuple of TaskPreview.

    `seed` is that of the run that would have them.
    """

    choice: TaskChoice
    n: int = 16
    split: Split = "train"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Columns(Question):
    """What is in a file or folder of the user's, with its first `n` rows. Answer: a FileFacts.

    `reading` says how a table is read; other files do not look at it. With `is_quick` only the
    first rows are, which takes no second however large the file is, and what other settings of
    reading may mend is told in `FileFacts.problem`; else every row is read, and the file is hashed.
    `texts` says how sentences in several languages are read. With `family` it is taken for what
    that family takes, where it could be something else too.
    """

    path: str
    reading: Reading = PLAIN
    n: int = 20
    is_quick: bool = False
    texts: TextReading = PLAIN_TEXTS
    family: str = ""


@dataclass(frozen=True, slots=True)
class Download(Question):
    """Fetch the data of a family that is downloaded. Answer: the folder they are in."""

    family: str


@dataclass(frozen=True, slots=True)
class Cost(Question):
    """Parameters, work, memory and parts of a setup's model. Answer: a ModelCost.

    `origin` is what the setup begins from, which whoever answers looks up.
    """

    spec: Spec
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Needs(Question):
    """What a run of a setup on a seed takes of the machine. Answer: a RunNeeds.

    Where the setup leaves the number of threads open, a few steps are timed: nothing else should
    be at work meanwhile.
    """

    spec: Spec
    seed: int


@dataclass(frozen=True, slots=True)
class ListTasks(Question):
    """The tasks of a setup, and how long each is learned. Answer: a tuple of TaskFacts."""

    spec: Spec


@dataclass(frozen=True, slots=True)
class Adapt(Question):
    """How a run's model adapts to a small task. Answer: an AdaptationAnswer.

    `folder` is that of the run, whose newest checkpoint is asked. The small task is number `index`
    of the validation split of `task`; where there are `points` (x, y), a new one whose support they
    are. `steps` and `rate` stand in the place of the learner's inner steps and rate.
    """

    spec: Spec
    seed: int
    folder: str
    task: str
    index: int = 0
    points: tuple[tuple[float, float], ...] = ()
    steps: int | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Translate(Question):
    """What a run's model answers to a text. Answer: a TranslationAnswer.

    `folder` is that of the run, whose checkpoint at `step` is asked; None: its newest. `source` is
    the language of the text, and `to` are languages or questions; empty: whichever tasks have.
    `width` texts are kept side by side while an answer is looked for, 1: the likeliest next token
    each time; of those the one with the best Σ log p / lengthᵃ is taken, with a the `penalty`.
    """

    spec: Spec
    seed: int
    folder: str
    text: str
    source: str = ""
    to: tuple[str, ...] = ()
    width: int = 1
    penalty: float = 1.0
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Predict(Question):
    """What a run's model says of the rows of a file. Answer: a Prediction.

    `folder` is that of the run, whose checkpoint at `step` is asked; None: its newest. In place of
    a file there may be `rows`, each with text by column. A model that adapts learns from the table
    `support` first, which has the answers too.
    """

    spec: Spec
    seed: int
    folder: str
    file: str = ""
    rows: tuple[Mapping[str, str], ...] = ()
    support: str = ""
    step: int | None = None


@dataclass(frozen=True, slots=True)
class ExportModel(Question):
    """Write a run's model into the folder `out`, in some forms. Answer: the paths of the files.

    `formats` are some of safetensors, torch and onnx; the checkpoint is as in `Predict`.
    """

    spec: Spec
    seed: int
    folder: str
    out: str
    formats: tuple[str, ...]
    step: int | None = None

    def as_prediction(self) -> Predict:
        """The question what the same model predicts."""
        return Predict(self.spec, self.seed, self.folder, step=self.step)


@dataclass(frozen=True, slots=True, eq=False)
class TaskPreview:
    """A task's name, its examples in each split, and some of them, one Samples a view."""

    name: str
    n_train: int
    n_val: int
    n_test: int
    samples: tuple[Samples, ...]
