"""The real program, and beside it somebody who says where on the screen its controls are.

    python -m tests.e2e.observed SOCKET [PRESET]

What a test cannot see from outside is the place of a control with a certain name. The program is
started as `python -m workbench` starts it; a line of JSON `{"name": …, "role": …}` on the socket is
answered by the places of what a screen reader would find by that name: `[[x, y, width, height], …]`
in pixels of the screen, the smallest first. Nothing is pressed from here.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from workbench.__main__ import Services

#: The most children of one control that are looked at: a table of thousands is not walked through.
_MOST_CHILDREN = 400


def _visible(interface: QAccessibleInterface) -> bool:
    state = interface.state()
    return not (state.invisible or state.offscreen)  # pyright: ignore[reportAttributeAccessIssue]


def _walk(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Everything seen in a part of the window."""
    yield interface
    for i in range(min(interface.childCount(), _MOST_CHILDREN)):
        child = interface.child(i)
        if child is not None and child.isValid() and _visible(child):
            yield from _walk(child)


def places(name: str, role: str) -> list[list[int]]:
    """Where controls are whose name fits the pattern, in all windows; the smallest first."""
    pattern = re.compile(name)
    found: dict[tuple[int, int, int, int], None] = {}
    for widget in QApplication.topLevelWidgets():
        if not widget.isVisible():
            continue
        for interface in _walk(QAccessible.queryAccessibleInterface(widget)):
            is_role = not role or interface.role().name == role
            if is_role and pattern.search(interface.text(QAccessible.Text.Name)):
                rect: QRect = interface.rect()
                found[rect.x(), rect.y(), rect.width(), rect.height()] = None
    return sorted(map(list, found), key=lambda rect: rect[2] * rect[3])


class Observer(QObject):
    """Answers questions for places."""

    def __init__(self, socket: str) -> None:
        super().__init__()
        Path(socket).unlink(missing_ok=True)
        self.server = QLocalServer(self)
        self.server.newConnection.connect(self._greet)
        assert self.server.listen(socket), self.server.errorString()

    def _greet(self) -> None:
        connection = self.server.nextPendingConnection()
        connection.readyRead.connect(lambda: self._answer(connection))
        connection.disconnected.connect(connection.deleteLater)

    def _answer(self, connection: QLocalSocket) -> None:
        while connection.canReadLine():
            question = json.loads(bytes(connection.readLine().data()))
            answer = places(question["name"], question.get("role", ""))
            connection.write(json.dumps(answer).encode() + b"\n")
            connection.flush()


def main() -> int:
    """Open the window, with an observer beside it."""
    socket, *preset = sys.argv[1:]
    QApplication(sys.argv[:1])
    observers: list[Observer] = []
    QTimer.singleShot(0, lambda: observers.append(Observer(socket)))
    return Services().window(preset[0] if preset else None)


if __name__ == "__main__":
    sys.exit(main())
