"""Entries: what is being typed counts before the window acts on the setup."""

from PySide6.QtWidgets import QWidget


def end_entry(window: QWidget) -> None:
    """Have the editor that is being typed in end its entry, wherever it stands, and go on in it.

    A key such as F5 or Ctrl+S leaves the focus where it is: the setup would lack what is seen.
    """
    editor = window.focusWidget()
    if editor and editor.hasFocus():  # there may be none
        editor.clearFocus()
        editor.setFocus()
