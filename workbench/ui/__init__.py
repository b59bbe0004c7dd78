"""The window: Qt and numpy. It imports neither torch nor the engine nor a method."""
