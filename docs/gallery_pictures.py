"""The curves on the cards of the gallery: each preset's own, from a run of it.

    python docs/gallery_pictures.py [PRESET …]

Runs each shipped preset on its first seed (all, or those that are named; one that has a picture of
its present setup is left out unless it is named) and writes resources/gallery/NAME.json: its
fingerprint, and of up to five tasks the validation scores over the run, from 0, the worst that any
task ever had, to 1, the best. The gallery draws them in the colours of the window.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import workbench  # noqa: E402 - once the path is set
from workbench.spec.event import Began, Evaluated, Event  # noqa: E402
from workbench.spec.files import gallery  # noqa: E402
from workbench.spec.fingerprint import fingerprint  # noqa: E402
from workbench.spec.preset import load  # noqa: E402

FOLDER = ROOT / "resources" / "gallery"

#: Points of a curve, and its tasks, at most: what a card of two inches shows.
POINTS, TASKS = 48, 5


def picture_of(path: Path, folder: Path) -> dict[str, object]:
    """The curves of one run of a preset."""
    spec = load(path)
    seen: list[Event] = []
    (result,) = workbench.run(path, spec.seeds[:1], seen.append, out=folder)
    assert result.status == "done", f"{path.stem}: {result.status} {result.message}"
    facts = next(event.tasks for event in seen if isinstance(event, Began))
    evaluated = [event for event in seen if isinstance(event, Evaluated)]
    steps = [event.step for event in evaluated]
    scores = np.array([event.scores for event in evaluated], dtype=float)[:, :TASKS]
    scores = np.where(np.isfinite(scores), scores, np.nan)
    chosen = np.unique(np.linspace(0, len(steps) - 1, POINTS).round().astype(int))
    low, high = np.nanmin(scores), np.nanmax(scores)
    shares = (scores - low) / max(high - low, 1e-12)
    if not facts[0].higher_is_better:
        shares = 1 - shares
    at = np.asarray(steps, dtype=float)[chosen] / max(steps[-1], 1)
    curves = [
        [None if np.isnan(y) else round(float(y), 3) for y in row] for row in shares[chosen].T
    ]
    return {"fingerprint": fingerprint(spec), "x": at.round(3).tolist(), "curves": curves}


def main() -> None:
    """Make what is missing, or what is named."""
    FOLDER.mkdir(exist_ok=True)
    named = sys.argv[1:]
    for path in gallery():
        target = FOLDER / f"{path.stem}.json"
        if named and path.stem not in named:
            continue
        if not named and target.is_file():
            known = json.loads(target.read_text(encoding="utf-8"))
            if known["fingerprint"] == fingerprint(load(path)):
                continue
        with tempfile.TemporaryDirectory() as folder:
            picture = picture_of(path, Path(folder))
        target.write_text(json.dumps(picture, separators=(",", ":")) + "\n", encoding="utf-8")
        print(path.stem, flush=True)


if __name__ == "__main__":
    main()
