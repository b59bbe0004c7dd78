"""Rules: those by which a sentence about runs of one setup is spoken, or not.

`findings` asks each rule in turn, the most important first; a rule gives what it found, or None
where there is nothing to say. Each says above itself when it speaks. Texts go through a translator,
`tr`; the command line says them as they stand here.
"""

from collections.abc import Callable

import numpy as np

from workbench.spec.measures import learned_in
from workbench.study.findings.finding import Finding, Remedy, Setup
from workbench.study.findings.run_facts import RunFacts, Values
from workbench.study.interval import Estimate, estimate

#: Where translators find these texts.
CONTEXT = "Findings"

#: A text of this module, in the language that is spoken.
Say = Callable[[str], str]

#: A task is forgotten when less than this share of what it learned is left.
FORGOTTEN = 0.5
#: Memory holds when this share is left of every earlier task.
HELD = 0.9
#: A rate of conflict rests on so many probes at least.
FEWEST_PROBES = 10
#: Two tasks fight where their gradients point apart in this share of the probes.
FIGHTS = 0.5
#: They get along where they do in less than this share.
PEACE = 0.1
#: A task that lost less of its loss than this share hardly learned …
SLOW = 0.1
#: … where another one lost more than this.
FAST = 0.5
#: How much smaller a learning rate to try after a run diverged.
SMALLER_RATE = 10


Rule = Callable[[Setup, Say], Finding | None]


def findings(setup: Setup, tr: Say) -> list[Finding]:
    """What runs of one setup show, the most important first; none where nothing is to be said."""
    spoken = (rule(setup, tr) for rule in RULES)
    return [finding for finding in spoken if finding is not None]


# Divergence: where a run ended because a loss was no number any more.


def divergence(setup: Setup, tr: Say) -> Finding | None:
    """Speaks where any run diverged; the learning rate is what is tried first."""
    diverged = [run for run in setup.runs if run.ending == "diverged"]
    if not diverged:
        return None
    first = diverged[0]
    text = tr("The loss of {task} was no number any more after {step} steps: it diverged.")
    if len(setup.runs) > 1:
        text = tr("{n} of {all} seeds diverged; first {task}, after {step} steps.")
    text = text.format(
        task=first.diverged_on, step=f"{first.step:,}", n=len(diverged), all=len(setup.runs)
    )
    rate = setup.spec.optimizer.lr / SMALLER_RATE
    title = tr("Try a learning rate of {rate}").format(rate=f"{rate:.3g}")
    return Finding("divergence", text, Remedy(title, "setting", (("optimizer.lr", rate),)))


# Nothing learned: where no task is better than the network was before training.


def nothing_learned(setup: Setup, tr: Say) -> Finding | None:
    """Speaks where every task of every run ends no better than it was untrained."""
    runs = [run for run in setup.done if len(run.matrix) and np.isfinite(run.baseline).any()]
    if not runs or any((_gains(run)[-1] > 0).any() for run in runs):
        return None
    text = tr("No task is better than before training: nothing was learned.")
    return Finding("nothing-learned", text)


# Forgetting: what is left of tasks whose time is over.


def forgetting(setup: Setup, tr: Say) -> Finding | None:
    """Speaks of every lifelong run: how much was kept of what earlier tasks had gained.

    Kept is (R[last, j] − b[j]) / (R[j's stage, j] − b[j]), from 0 to 1, over the earlier tasks j
    that gained anything over b, the untrained network.
    """
    kept = [shares for run in setup.done if len(shares := _kept(run))]
    if not kept:
        return None
    n_earlier = max(map(len, kept))
    share = estimate([float(np.mean(shares)) for shares in kept])
    n_forgotten = float(np.mean([(shares < FORGOTTEN).sum() for shares in kept]))
    if share is None:
        return None
    figure = _percent(share, tr)
    rests = setup.spec.retention.kind == "none"
    remedy = None
    if rests and share.mean < HELD:
        why = tr("It keeps a few examples of each task and shows them again.")
        remedy = Remedy(tr("Try replay"), "setting", (("retention", {"kind": "replay"}),), why)
    if round(n_forgotten) > 0:
        text = tr("It forgot {n} of {all} earlier tasks, and kept {kept} of what they had gained.")
    elif share.mean >= HELD:
        text = tr("It remembers: {kept} of what earlier tasks had gained is left.")
    else:
        text = tr("It forgot a part: {kept} of what earlier tasks had gained is left.")
    text = text.format(n=round(n_forgotten), all=n_earlier, kept=figure)
    return Finding("forgetting", text, remedy)


# Interference: tasks whose gradients point apart.


def interference(setup: Setup, tr: Say) -> Finding | None:
    """Speaks where two tasks pull against each other, or, of several, none do."""
    counted = [run for run in setup.runs if run.n_probes.size and run.n_probes.shape[0] > 1]
    if not counted:
        return None
    names = counted[0].names
    alike = [run for run in counted if run.names == names]
    n_probes = sum((run.n_probes for run in alike), np.zeros((len(names), len(names))))
    against = sum((run.n_conflicts for run in alike), np.zeros((len(names), len(names))))
    pairs = np.triu(n_probes >= FEWEST_PROBES, 1)
    if not pairs.any():
        return None
    rates = np.where(pairs, against / np.maximum(n_probes, 1), -1.0)
    i, j = np.unravel_index(int(rates.argmax()), rates.shape)
    if rates[i, j] < PEACE:
        return Finding("interference", tr("No two tasks pull against each other."))
    if rates[i, j] < FIGHTS:
        return None
    text = tr("{one} and {other} pull against each other in {n} of {all} probes.")
    text = text.format(one=names[i], other=names[j], n=int(against[i, j]), all=int(n_probes[i, j]))
    remedy = None
    learn_together = all(len(run.stages) == 1 for run in alike)
    if learn_together and all(run.delta_m is None for run in setup.done):
        why = tr("Run each task alone too: what does learning together cost?")
        remedy = Remedy(tr("Measure transfer"), "transfer", why=why)
    return Finding("interference", text, remedy)


# Transfer: what sharing changes against a network of its own for each task.


def transfer(setup: Setup, tr: Say) -> Finding | None:
    """Speaks where the runs of every task alone are known."""
    known = estimate([run.delta_m for run in setup.done if run.delta_m is not None])
    if known is None or setup.spec.sharing.kind == "separate":
        return None
    amount = _relative(known, tr)
    if known.n > 1 and not known.is_certain:
        text = tr("Learning together shows no difference to a network for each task: {amount}.")
    elif known.mean >= 0:
        text = tr("Learning together gains {amount} against a network for each task.")
    else:
        text = tr("Learning together costs {amount} against a network for each task.")
    remedy = None
    if known.mean < 0 and setup.spec.sharing.kind == "hard" and (known.n == 1 or known.is_certain):
        why = tr("Each task has a network, held alike to the others' by a penalty.")
        remedy = Remedy(tr("Try soft sharing"), "setting", (("sharing", {"kind": "soft"}),), why)
    return Finding("transfer", text.format(amount=amount), remedy)


# Balancing: one task that hardly learned beside one that did.


def balancing(setup: Setup, tr: Say) -> Finding | None:
    """Speaks where tasks learn together, one hardly at all, and weights are fixed."""
    runs = [run for run in setup.done if len(run.stages) == 1 and len(run.tasks) > 1]
    if not runs or setup.spec.balancing.kind != "fixed":
        return None
    names = runs[0].names
    fallen = np.mean([_fallen(run) for run in runs if run.names == names], axis=0)
    if not np.isfinite(fallen).all():
        return None
    slow, fast = int(fallen.argmin()), int(fallen.argmax())
    if fallen[slow] >= SLOW or fallen[fast] <= FAST:
        return None
    text = tr("{slow} hardly learned: its loss fell by {little} %, that of {fast} by {much} %.")
    text = text.format(
        slow=names[slow],
        fast=names[fast],
        little=round(100 * max(float(fallen[slow]), 0.0)),
        much=round(100 * float(fallen[fast])),
    )
    why = tr("It gives more weight to tasks that learn slowly.")
    changes = (("balancing", {"kind": "gradnorm"}),)
    return Finding("balancing", text, Remedy(tr("Try GradNorm"), "setting", changes, why))


# Too few seeds: a figure of one run.


def too_few_seeds(setup: Setup, tr: Say) -> Finding | None:
    """Speaks where one run is all there is, and it came to its end."""
    if len(setup.runs) != 1 or not setup.done:
        return None
    text = tr("One seed shows no spread: another may end otherwise.")
    return Finding("too-few-seeds", text, Remedy(tr("Add 4 seeds"), "seeds"))


#: The most important first.
RULES: tuple[Rule, ...] = (
    divergence,
    nothing_learned,
    forgetting,
    transfer,
    interference,
    balancing,
    too_few_seeds,
)


def _earlier(run: RunFacts) -> list[tuple[int, int]]:
    """The tasks whose time was over before the last stage that ended, and their last stages."""
    n_stages = len(run.matrix)
    spans = learned_in(run.stages[:n_stages], run.names)
    return [(j, last) for j, (_, last) in enumerate(spans) if 0 <= last < n_stages - 1]


def _gains(run: RunFacts) -> Values:
    """How much better each score [S, T] is than before training; below 0 where it is worse."""
    return (run.matrix - run.baseline) * run.signs


def _kept(run: RunFacts) -> Values:
    """The share from 0 to 1 that is left of what each earlier task had gained, where it had."""
    if len(run.matrix) < 2:
        return np.empty(0)
    gains = _gains(run)
    pairs = [(gains[last, j], gains[-1, j]) for j, last in _earlier(run)]
    shares = [end / then for then, end in pairs if np.isfinite(end) and then > 0]
    return np.clip(np.array(shares), 0.0, 1.0)


def _fallen(run: RunFacts) -> Values:
    """The share of each task's first loss that is gone at the end, [T]; NaN where it has none."""
    first = np.where(run.first_losses > 0, run.first_losses, np.nan)
    return (first - run.last_losses) / first


def _percent(share: Estimate, tr: Say) -> str:
    """A share from 0 to 1, with its interval over seeds where there is one."""
    mean = f"{100 * share.mean:.0f} %"
    if share.low is None or share.high is None:
        return mean
    low, high = max(share.low, 0.0), min(share.high, 1.0)
    return tr("{mean} [{low}, {high}]").format(
        mean=mean, low=f"{100 * low:.0f}", high=f"{100 * high:.0f}"
    )


def _relative(change: Estimate, tr: Say) -> str:
    """A change as a share, without its sign where it is one number."""
    mean = f"{100 * abs(change.mean):.1f} %"
    if change.low is None or change.high is None:
        return mean
    sign = 1 if change.mean >= 0 else -1
    ends = sorted((sign * change.low, sign * change.high))
    return tr("{mean} [{low}, {high}]").format(
        mean=mean, low=f"{100 * ends[0]:.1f}", high=f"{100 * ends[1]:.1f}"
    )
