"""Method: what every catalogue entry says of itself."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from workbench.spec.entry import Entry
from workbench.spec.event import Table
from workbench.spec.rules import broken
from workbench.spec.settings import Settings

if TYPE_CHECKING:
    from workbench.engine.roles.task import Part


class BadSpecError(Exception):
    """The spec asks for what a method cannot do; `field` is the place in the spec."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")


#: Methods in this package face the contract tests.
_OWN = "workbench.methods."


class NoSettings(Settings):
    """This method has no settings."""


_SettingsModel = type[Settings]


def require_rules(settings: Settings) -> None:
    """Raise BadSpecError, with the setting, where settings do not go together."""
    for setting, message in broken(settings.rules, settings.model_dump()):
        raise BadSpecError(setting, message)


class Method:
    """A method of one role. Its class attributes and `Settings` become its catalogue entry.

    `needs` and `gives` are facts of `workbench.spec.check.FACTS`. `helps` says when to choose it;
    `group` is a heading, in words, under which a long list shows it.
    """

    role: ClassVar[str] = ""
    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    paper: ClassVar[str] = ""
    link: ClassVar[str] = ""
    helps: ClassVar[str] = ""
    group: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    gives: ClassVar[tuple[str, ...]] = ()
    #: Facts that the other choices must give once a setting is not 0, by setting.
    demands: ClassVar[Mapping[str, str]] = {}
    #: Facts that the other choices must give where a setting has a value, by setting and value.
    demands_at: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {}
    #: What is not given at one value of a setting: setting -> value and fact.
    withholds: ClassVar[Mapping[str, tuple[str, str]]] = {}
    #: What is given at one value of a setting alone: setting -> value and fact.
    gives_at: ClassVar[Mapping[str, tuple[Any, str]]] = {}
    #: Whether it fits may show only once tasks and model are there; `check` then makes them. So it
    #: always does with methods of other packages, of which nothing is known.
    is_judged_built: ClassVar[bool] = False
    #: Settings that, once they are not at their defaults, leave it to tasks and model to show.
    judged: ClassVar[tuple[str, ...]] = ()

    Settings: ClassVar[_SettingsModel] = NoSettings

    #: What the method has to tell the user, until the trainer passes it on.
    notices: tuple[str, ...] = ()

    @classmethod
    def entry(cls) -> Entry:
        """This method as a row of the catalogue; the summary is its docstring's first line."""
        return Entry(
            role=cls.role,
            key=cls.key,
            title=cls.title or cls.key,
            summary=(cls.__doc__ or "").strip().partition("\n")[0],
            formula=cls.formula,
            paper=cls.paper,
            link=cls.link,
            helps=cls.helps,
            group=cls.group,
            settings=cls.Settings.model_json_schema(),
            needs=cls.needs,
            gives=cls.gives,
            tasks=cls.task_names(),
            demands=dict(cls.demands),
            demands_at=dict(cls.demands_at),
            withholds=dict(cls.withholds),
            gives_at=dict(cls.gives_at),
            rules=cls.Settings.rules,
            is_judged_built=cls.is_judged_built or not cls.__module__.startswith(_OWN),
            judged=cls.judged,
            download_bytes=cls.download_bytes(),
        )

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        """The tasks that a family offers at its default settings; empty for other roles."""
        return ()

    @classmethod
    def download_bytes(cls) -> int:
        """The size of the data that are fetched when the user asks; 0: none are."""
        return 0

    def notice(self, message: str) -> None:
        """Tell the user something that does not end the run, such as a solver giving up.

        The message says what is done instead. A run passes an equal message on once.
        """
        self.notices = (*self.notices, message)

    def report(self, batch: "Mapping[str, Part]") -> Sequence[Table]:
        """Numbers that show what goes on inside, asked at every probe and at a stage's end.

        `batch` holds a few validation examples of every task, always the same. Asking changes
        nothing and draws no random number; it happens in evaluation mode, without gradients.
        """
        del batch
        return ()

    def state_dict(self) -> dict[str, Any]:
        """What must be saved to go on bit for bit: tensors, numbers, text, lists and dicts."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        del state
