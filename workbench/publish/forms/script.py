"""Script: what makes the runs of an archive again, with the headless command alone."""

import shlex
from collections.abc import Sequence

import workbench
from workbench.publish.record import Record
from workbench.spec.experiment import TrunkStart
from workbench.spec.experiments.start import AnyStart
from workbench.spec.text import visible
from workbench.spec.user_files.aligned import named_in

Presets = Sequence[tuple[str, Record]]

_HEAD = """\
#!/bin/sh
# Makes every run of this archive again, into the folder `reproduced` or the one that is named.
# It needs workbench {version}; WORKBENCH names the command where it is another.
set -u
cd "$(dirname "$0")" || exit 4
out=${{1:-reproduced}}
mkdir -p "$out" || exit 4
worst=0

# A preset, where its result goes, and the exit code with which the run ended when it was recorded.
again() {{
  ${{WORKBENCH:-workbench}} run "$1" --out "$out" --quiet --json > "$out/$2.json"
  code=$?
  echo "$1: exit code $code, recorded $3"
  [ "$code" = "$3" ] || worst=1
}}

"""

_README = """\
Runs of workbench {version}, packed to be read and made again.

report.html    what came of them: open it in a browser; it needs no network
tables/        every number, a row an observation: Parquet, and CSV without the single steps
figures/       the report's figures as SVG
results.json   scores, matrices and measures
presets/       each run's setup: seed, threads and what was changed while it ran
environment/   versions, platform, processor, threads, state of the source, sums of the data
reproduce.sh   makes every run again; its figures are then in reproduced/*.json

The same version on the same kind of machine gives the same figures, bit for bit.
"""

_CODES = {"done": 0, "diverged": 3, "failed": 4}


def script(presets: Presets) -> str:
    """The shell script; names of files are the archive's own, and quoted."""
    lines: list[str] = []
    for place, record in presets:
        name = place.removeprefix("presets/").removesuffix(".yaml")
        code = _CODES.get(record.stored.status, 0)
        lines.append(f"again {shlex.quote(place)} {shlex.quote(name)} {code}")
    head = _HEAD.format(version=workbench.__version__)
    return head + "\n".join(lines) + '\n\nexit "$worst"\n'


def read_me(presets: Presets) -> str:
    """What is in the archive, and what is not."""
    parts = [_README.format(version=workbench.__version__)]
    files = dict.fromkeys(
        file
        for _, record in presets
        for choice in record.stored.spec.tasks
        for file in named_in(choice.settings)
    )
    if files:
        listed = "\n".join(f"  {visible(file)}" for file in files)
        parts.append(
            "These files are learned from and are not in the archive. The presets name them as they"
            f"\nlay on the machine of who ran them; put your own paths there:\n{listed}\n"
        )
    starts = [(r.run_id, r.stored.spec.start) for _, r in presets]
    forks = [f"  {name}: {_of(at)}" for name, at in starts if at is not None]
    if forks:
        listed = "\n".join(forks)
        parts.append(
            "These runs went on from a checkpoint of another, or from its trunk: it must be among"
            f"\nthe runs of who makes them again:\n{listed}\n"
        )
    cut = [record for _, record in presets if record.stored.status not in _CODES]
    if cut:
        listed = "\n".join(f"  {r.run_id}: {r.stored.status}" for r in cut)
        parts.append(
            f"These runs did not come to their end; made again they go on to it:\n{listed}\n"
        )
    return "\n".join(parts)


def _of(start: AnyStart) -> str:
    """The run that another begins from, and where."""
    if isinstance(start, TrunkStart):
        at = "its last step" if start.step is None else f"step {start.step}"
        return f"the trunk of {start.trunk_of}, {at}"
    return f"{start.run}, step {start.step}"
