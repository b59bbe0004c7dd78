"""A workbench for multi-task and lifelong learning experiments."""

__version__ = "0.1.0"
