"""Answer: the first sentences of a report: what the experiments say."""

from collections.abc import Mapping, Sequence

from workbench.publish.record import Record, one_a_seed
from workbench.store.catalogue import cached
from workbench.study.comparison.experiments import Comparison, Experiment, Outcome, Scored
from workbench.study.comparison.likeness import facts_of
from workbench.study.comparison.sentences import headline, notes


def answer(groups: Mapping[str, Sequence[Record]]) -> list[str]:
    """The sentence, and then what is to be known with it; the first experiment is the baseline."""
    if not any(record.tasks for records in groups.values() for record in one_a_seed(records)):
        return ["None of these runs began."]
    catalogue = cached() or {}
    experiments = [
        Experiment(
            name,
            facts_of(records[0].stored.spec, catalogue),
            tuple(
                Scored(task.name, task.metric, task.higher_is_better)
                for task in next((r.tasks for r in records if r.tasks), ())
            ),
            tuple(_outcome(record) for record in one_a_seed(records)),
        )
        for name, records in groups.items()
    ]
    comparison = Comparison(experiments, 0)
    if not comparison.figures:
        return ["None of these runs came to its end."]
    figure = comparison.figures[0]
    return [headline(comparison, figure, str), *notes(comparison, figure, str)]


def _outcome(record: Record) -> Outcome:
    outcome = record.stored.outcome
    final = {task.name: outcome.tasks.get(task.name, {}).get(task.metric) for task in record.tasks}
    status = "damaged" if record.stored.problem else record.stored.status
    status = "" if record.stored.status == "running" else status
    return Outcome(record.seed, status, dict(outcome.summary), final)
