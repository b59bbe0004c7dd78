"""Standing: what was asked of all runs of a group, for those that begin later."""

from workbench.spec.command import (
    Command,
    Pause,
    Resume,
    SetPace,
    SetRate,
    SetStages,
    SetWeight,
    StepOnce,
)


class Standing:
    """The newest of each thing that was asked and still holds.

    A run that has not begun stands before its first step: what is changed for all of them it is
    told there. Of stages it is told nothing: those that are on are another's.
    """

    def __init__(self) -> None:
        self._by_kind: dict[tuple[type[Command], str], Command] = {}

    @property
    def commands(self) -> tuple[Command, ...]:
        """What to ask of a run before its first step."""
        return tuple(self._by_kind.values())

    def note(self, command: Command) -> None:
        """Something was asked of all."""
        match command:
            case Resume():
                self._by_kind.pop((Pause, ""), None)
            case StepOnce():  # who takes a step waits after it
                self._by_kind[(Pause, "")] = Pause()
            case SetWeight(task):
                self._by_kind[(SetWeight, task)] = command
            case Pause() | SetRate() | SetPace():
                self._by_kind[(type(command), "")] = command
            case SetStages():
                pass
            case _:
                pass
