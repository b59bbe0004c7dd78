"""Problem: what is said when a run that was asked for cannot be had."""

from pathlib import Path


class NotARunError(Exception):
    """A folder that holds no run that can be read; `reason` says why."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder} is not a run that can be read: {reason}")
        self.reason = reason


class UnknownRunError(Exception):
    """No run, or more than one, is meant; the message names those that come near."""
