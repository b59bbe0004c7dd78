"""Setups for tests of the window."""

from workbench.spec.experiment import Spec
from workbench.spec.preset import parse, spec_of

JOINT = """
version: 1
name: Two tasks that fight
about: Digit and parity want different features; watch who gives way.
tasks:
  - {family: digits-attributes, task: digit, weight: 1.0}
  - {family: digits-attributes, task: parity, weight: 1.0}
"""

SEQUENTIAL = """
version: 1
name: See forgetting
about: Each stage learns two digits and loses those before.
tasks:
  - {family: digits-split, n_tasks: 5, scenario: class}
curriculum: {kind: sequential}
"""


def joint_spec() -> Spec:
    """Two tasks at once."""
    return spec_of(parse(JOINT))


def sequential_spec() -> Spec:
    """Five tasks, one after the other."""
    return spec_of(parse(SEQUENTIAL))
