"""A preset that the stand-ins of the command line can run."""

from pathlib import Path

import pytest

GOOD = """\
version: 1
name: Good
tasks:
  - {family: fake}
curriculum: {kind: sequential}
retention: {kind: replay, memory: 50}
training: {epochs: 2}
seeds: [3, 4]
"""


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A preset that fits the fake catalogue."""
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    return str(path)
