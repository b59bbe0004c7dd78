"""Entry: one row of the catalogue, as plain data that any process can read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from workbench.spec.rules import Rule

#: The roles, in the order in which an experiment is thought up; the key in a preset is the same.
ROLES = (
    "tasks",
    "curriculum",
    "encoder",
    "sharing",
    "balancing",
    "retention",
    "learner",
    "metric",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the window, the command line and the checks know of one method.

    `settings` is the JSON Schema of its settings model. `needs` and `gives` are facts from
    `workbench.spec.facts`. `tasks` are the task names a family offers at its default settings.
    `demands` are facts that the other choices must give once a setting is not 0, by setting;
    `demands_at` those that they must give where it has a value, by setting and value;
    `withholds` the value of a setting at which a fact that it gives is not given, and the fact;
    `gives_at` the only value of a setting at which a fact is given, and the fact.
    `rules` are what its settings ask of each other.
    `is_judged_built` says that a choice of it may be refused only once tasks and model are there;
    `judged` names settings for which that is so once they are not at their defaults.
    `download_bytes` is the size of data that are fetched when the user asks; 0: none are.
    `group` is the heading under which a long list shows it. `broken` says why the method cannot be
    used; a broken method is listed, never chosen. `warnings` say what of it does not do what its
    author meant; it can be used.
    """

    role: str
    key: str
    title: str
    summary: str
    formula: str = ""
    paper: str = ""
    link: str = ""
    helps: str = ""
    group: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    demands: Mapping[str, str] = field(default_factory=dict[str, str])
    demands_at: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )
    withholds: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    gives_at: Mapping[str, tuple[Any, str]] = field(default_factory=dict[str, tuple[Any, str]])
    rules: tuple[Rule, ...] = ()
    is_judged_built: bool = False
    judged: tuple[str, ...] = ()
    download_bytes: int = 0
    broken: str = ""
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """This entry as JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Entry":
        """The entry that `to_json` described; keys of other versions are passed over."""
        known = {f.name for f in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        for name in ("needs", "gives", "tasks", "judged", "warnings"):
            values[name] = tuple(values.get(name, ()))
        values["rules"] = tuple(Rule(**rule) for rule in values.get("rules", ()))
        values["demands_at"] = {
            setting: {value: tuple(facts) for value, facts in by_value.items()}
            for setting, by_value in values.get("demands_at", {}).items()
        }
        for name in ("withholds", "gives_at"):
            pairs = values.get(name, {}).items()
            values[name] = {setting: (value, fact) for setting, (value, fact) in pairs}
        return cls(**values)

    @property
    def is_task_free(self) -> bool:
        """Whether a way of keeping the past does without being told where a stage ends."""
        return self.role == "retention" and "boundaries" not in self.needs

    def gives_with(self, settings: Mapping[str, Any]) -> set[str]:
        """The facts that it gives at these settings; those left out are at their defaults."""
        values = self.values(settings)
        at = {fact for name, (value, fact) in self.gives_at.items() if values[name] == value}
        return at | set(self.gives) - {
            fact for setting, (value, fact) in self.withholds.items() if values[setting] == value
        }

    def values(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Every setting: those given, and the others at their defaults."""
        return {**self.defaults(), **settings}

    def is_judged(self, settings: Mapping[str, Any]) -> bool:
        """Whether it shows only in tasks, model or machine that it can be had at these settings."""
        values, defaults = self.values(settings), self.defaults()
        changed = (name for name in self.judged if values.get(name) != defaults.get(name))
        return self.is_judged_built or any(changed)

    def defaults(self) -> dict[str, Any]:
        """Every setting with its default value."""
        properties: Mapping[str, Any] = self.settings.get("properties", {})
        return {key: schema.get("default") for key, schema in properties.items()}


Catalogue = Mapping[tuple[str, str], Entry]


def by_role(entries: Catalogue, role: str) -> list[Entry]:
    """The entries of `role`, in catalogue order."""
    return [entry for (entry_role, _), entry in entries.items() if entry_role == role]
