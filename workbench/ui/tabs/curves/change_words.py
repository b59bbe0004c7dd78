"""Change words: what each mark on the x-axis stands for, from what to what (Qt-free)."""

from workbench.ui.model.run_model import RunModel
from workbench.ui.words.language import translator

tr = translator("ChangeWords")


def mark_words(model: RunModel) -> list[tuple[float, str]]:
    """The step and the words of each live change and each drift, in the order of steps."""
    weights = {facts.name: facts.weight for facts in model.tasks}
    rate = model.spec.optimizer.lr if model.spec is not None else None
    words: list[tuple[float, str]] = []
    for change in sorted(model.changes, key=lambda each: each.step):
        if change.lr is not None:
            text = _from_to(tr("learning rate"), rate, change.lr)
            rate = change.lr
        elif change.task is not None and change.weight is not None:
            title = tr("weight of {}").format(change.task)
            text = _from_to(title, weights.get(change.task), change.weight)
            weights[change.task] = change.weight
        else:
            stages = " → ".join(" + ".join(group) for group in change.stages or ())
            text = tr("what is learned from here: {}").format(stages)
        words.append((float(change.step), text))
    for drift in model.drifts:
        text = tr("drift of {} found by {}").format(drift.task, drift.detector)
        words.append((float(drift.step), text))
    return sorted(words)


def _from_to(title: str, before: object, after: float) -> str:
    was = f"{before:g}" if isinstance(before, int | float) else "?"
    return f"{title}: {was} → {after:g}"
