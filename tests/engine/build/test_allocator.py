"""Freed memory stays with the process."""

import subprocess
import sys

import pytest

from workbench.engine.build.allocator import keep_freed_memory

#: Pages that the system hands out while 8 MB in pieces are used and freed, again and again.
STEPS = """
import resource, sys
import numpy as np
from workbench.engine.build.allocator import keep_freed_memory
if sys.argv[1] == "keep":
    assert keep_freed_memory()

def faults(n_steps):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(n_steps):
        held = [np.ones(25_000) for _ in range(40)]
        del held
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults(3)
print(faults(20))
"""


def faults(choice: str) -> int:
    made = subprocess.run(
        [sys.executable, "-c", STEPS, choice], capture_output=True, text=True, check=True
    )
    return int(made.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_what_a_step_frees_is_there_for_the_next():
    assert faults("keep") < 0.01 * faults("give back")


def test_a_c_library_without_the_choice_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    assert not keep_freed_memory()
