"""Problem: what is said when a run that was asked for cannot be had."""


class NotARunError(Exception):
    """A folder that holds no run that can be read; the message says why."""


class UnknownRunError(Exception):
    """No run, or more than one, is meant; the message names those that come near."""
