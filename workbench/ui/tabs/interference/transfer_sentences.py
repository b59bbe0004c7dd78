"""Transfer words: what transfer says of groups, and how sure it is, in sentences."""

from workbench.study.interval import Estimate
from workbench.study.transfer import Transfer
from workbench.ui.tabs.interference.change_chart import shown
from workbench.ui.words.language import translator

tr = translator("Transfer")


def line_of(name: str, value: Estimate | None, n_seeds: int) -> str:
    """A line's name, with the seeds it rests on where these are not all."""
    if value is None or value.n == n_seeds:
        return name
    return tr("{} ({} of {} seeds)").format(name, value.n, n_seeds)


def suggestion_words(transfer: Transfer) -> tuple[str, str]:
    """A headline about which tasks to group, and what it rests on; empty while pairs lack."""
    suggestion = transfer.suggestion
    if suggestion is None:
        if transfer.has_mean:
            return "", ""
        return tr("No mean, no groups"), tr(
            "Shares of a score and differences of one that has no zero cannot be added up. "
            "Choose a metric in which all tasks are alike."
        )
    names = "  |  ".join(
        " + ".join(transfer.tasks[t] for t in group) for group in suggestion.groups
    )
    if suggestion.n_seeds < 2:
        return tr("No grouping is suggested"), tr(
            "One seed cannot say how sure it is. Best on this one: {}"
        ).format(names)
    is_share = transfer.measures[0].is_relative
    text = tr(
        "On seeds that did not choose it, a task: {} over each alone, {} over one network; "
    ).format(
        shown(suggestion.gain, is_share=is_share), shown(suggestion.over_joint, is_share=is_share)
    )
    text += tr("{} of {} choices agree (by the pairs: Standley, ICML 2020).").format(
        suggestion.n_agree, suggestion.n_seeds
    )
    if not suggestion.is_certain:
        head = tr("No grouping is surely better")
        return head, tr("Best so far: {}").format(names) + "\n" + text
    if len(suggestion.groups) == 1:
        return tr("Keep them together"), text
    apart = len(suggestion.groups) == len(transfer.tasks)
    head = tr("Best apart: {}") if apart else tr("Suggested groups: {}")
    return head.format(names), text
