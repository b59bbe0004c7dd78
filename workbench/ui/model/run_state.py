"""RunState: where the run of a window is (Qt-free)."""

from enum import Enum


class RunState(Enum):
    """Where the run is, as the buttons need to know it."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
