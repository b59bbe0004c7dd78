"""What every sharing method must draw of itself: the model that it is, and nothing else."""

import numpy as np
import torch

from tests.contracts.test_sharing import build, every_case
from tests.engine.toys import Run
from workbench.spec.entry import Entry
from workbench.spec.experiment import TaskChoice
from workbench.spec.structure import Structure


def begun(run: Run) -> Structure:
    """The structure after every stage has begun."""
    for number, stage in enumerate(run.trainer.stages):
        run.model.begin(number, stage.tasks)
    return run.model.structure()


def reaching(run: Run) -> dict[int, set[str]]:
    """The tasks whose loss has a gradient in each parameter, by its id.

    Everything is moved a little first, for what starts at 0 stops the gradient below it.
    """
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in run.model.parameters():
            parameter.add_(0.02 * torch.randn(parameter.shape, generator=generator))
    parameters = [p for p in run.model.parameters() if p.requires_grad]
    tasks = run.trainer.update.tasks
    step = run.trainer.update.step({name: made.data["train"][:8] for name, made in tasks.items()})
    result: dict[int, set[str]] = {id(p): set() for p in parameters}
    for name, loss in zip(step.names, step.separate_losses, strict=True):
        gradients = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
        for p, gradient in zip(parameters, gradients, strict=True):
            if gradient is not None and gradient.any():  # pyright: ignore[reportUnnecessaryComparison]  # None: unused
                result[id(p)].add(name)
    return result


@every_case
def test_every_parameter_is_counted_in_one_part(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    assert begun(run).parameters == sum(p.numel() for p in run.model.parameters())


@every_case
def test_edges_join_parts_that_there_are_from_the_inputs_up(entry: Entry, tasks: TaskChoice):
    structure = begun(build(entry, tasks))
    levels = {node.key: node.level for node in structure.nodes}
    assert len(levels) == len(structure.nodes)
    for edge in structure.edges:
        below, above = levels[edge.source], levels[edge.target]
        assert below == above if edge.kind == "tie" else below < above
    targets = {edge.target for edge in structure.edges if edge.kind == "flow"}
    sources = {edge.source for edge in structure.edges if edge.kind == "flow"}
    for node in structure.nodes:
        assert node.users
        assert (node.kind == "input") == (node.key not in targets)
        assert (node.level == max(levels.values())) == (node.key not in sources)
    for task in structure.tasks:
        heads = [node for node in structure.nodes if node.kind == "head" and task in node.users]
        assert heads


@every_case
def test_the_tasks_said_to_use_a_parameter_are_those_whose_loss_reaches_it(
    entry: Entry, tasks: TaskChoice
):
    run = build(entry, tasks)
    reach = reaching(run)
    for name, p in run.model.named_parameters():
        if p.requires_grad:
            assert set(run.model.owners.users(p)) == reach[id(p)], name


@every_case
def test_every_number_named_on_an_edge_is_reported(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    structure = begun(run)
    reports = {
        table.name: table
        for event in run.trainer.observers.reports.gather(0)
        if event.source == "sharing"
        for table in event.tables
    }
    for edge in structure.edges:
        if edge.table:
            table = reports[edge.table]
            row, column = table.rows.index(edge.row), table.columns.index(edge.column)
            assert np.isfinite(table.values[row, column])
    for table in reports.values():
        assert table.values.shape == (len(table.rows), len(table.columns))


@every_case
def test_a_report_changes_nothing(entry: Entry, tasks: TaskChoice):
    run = build(entry, tasks)
    begun(run)
    before = {name: value.clone() for name, value in run.model.state_dict().items()}
    torch.manual_seed(3)
    state = torch.get_rng_state()
    first, second = (run.trainer.observers.reports.gather(0) for _ in range(2))
    assert first == second
    assert torch.equal(torch.get_rng_state(), state)
    for name, value in run.model.state_dict().items():
        assert torch.equal(value, before[name])
