"""EditHistory: the edits of a setup, to be taken back and made again (Qt-free)."""

from dataclasses import dataclass

from workbench.spec.experiment import Spec

#: So many edits can be taken back.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class _Edit:
    before: Spec
    after: Spec


class EditHistory:
    """Two stacks of edits. Edits in a row with one key, such as a slider's, count as one."""

    def __init__(self) -> None:
        self._done: list[_Edit] = []
        self._undone: list[_Edit] = []
        self._open_key = ""

    def add(self, before: Spec, after: Spec, key: str = "") -> None:
        """An edit was made; what was taken back before cannot be made again."""
        if self._done and key and key == self._open_key:
            self._done[-1] = _Edit(self._done[-1].before, after)
        else:
            self._done.append(_Edit(before, after))
            del self._done[:-LONGEST]
        self._open_key = key
        self._undone.clear()

    def end_edit(self) -> None:
        """The gesture is over: the next edit counts by itself."""
        self._open_key = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether an edit was taken back."""
        return bool(self._undone)

    def undo(self) -> Spec:
        """Take the last edit back; the setup as it was. Raises IndexError where there is none."""
        edit = self._done.pop()
        self._undone.append(edit)
        self.end_edit()
        return edit.before

    def redo(self) -> Spec:
        """Make the edit again that was taken back. Raises IndexError where there is none."""
        edit = self._undone.pop()
        self._done.append(edit)
        self.end_edit()
        return edit.after

    def clear(self) -> None:
        """Another setup begins."""
        self._done.clear()
        self._undone.clear()
        self.end_edit()
