"""ProblemList: what keeps a setup from running, and what else went wrong (Qt-free)."""

from dataclasses import dataclass

from workbench.spec.check import problems
from workbench.spec.entry import Catalogue
from workbench.spec.experiment import Spec
from workbench.spec.preset import Problem


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of Problems: the field it is about, in words why, and how bad it is."""

    field: str
    message: str
    level: str = "error"


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """What was typed into a field and is no value of it, and why not."""

    text: str
    message: str


def decisive(spec: Spec) -> Spec:
    """The setup without what does not change its model."""
    return spec.model_copy(update={"name": "", "about": "", "seeds": (0,), "interventions": ()})


class ProblemList:
    """The setup's problems by the catalogue, by what was typed, and by what its model showed."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        #: What was typed and refused, by field: it stays in its editor, and nothing runs with it.
        self.refused: dict[str, RefusedEntry] = {}
        self._known: list[Problem] | None = None
        self._refusal: tuple[Spec, Problem] | None = None

    def forget(self) -> None:
        """Setup or catalogue changed: they are looked at anew."""
        self._known = None

    def of(self, spec: Spec, catalogue: Catalogue) -> list[Problem]:
        """What keeps the setup from running; what the catalogue has to say, once it is known."""
        if self._known is None:
            typed = [Problem(field, entry.message) for field, entry in self.refused.items()]
            self._known = [*typed, *(problems(spec, catalogue) if catalogue else [])]
            if self._refusal is not None and self._refusal[0] == decisive(spec):
                self._known.append(self._refusal[1])
        return self._known

    def refuse(self, spec: Spec, problem: Problem | None) -> bool:
        """What only the model shows to be wrong with a setup; whether that is news."""
        refusal = None if problem is None else (decisive(spec), problem)
        is_new = refusal != self._refusal
        if is_new:
            self._refusal = refusal
            self.forget()
        return is_new

    def refuse_entry(self, field: str, text: str, message: str) -> None:
        """Something was typed into `field` that is no value of it."""
        self.refused[field] = RefusedEntry(text, message)
        self.forget()

    def accept_entry(self, field: str) -> bool:
        """A value stands in `field` again, or in every field under it; whether that is news."""
        accepted = [name for name in self.refused if name == field or name.startswith(f"{field}.")]
        for name in accepted:
            del self.refused[name]
        if accepted:
            self.forget()
        return bool(accepted)

    def keep_families(self, families: set[str]) -> None:
        """What was typed for the tasks of other families goes with them."""
        for field in list(self.refused):
            part, _, rest = field.partition(".")
            if part in ("tasks", "weight") and rest.partition(".")[0] not in families:
                del self.refused[field]
