"""Memory aware synapses: importance by hand."""

import torch

from tests.engine.toys import Run, spec
from workbench.engine.blocks.retention.importance import sensitivity
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice


def test_the_importance_is_the_mean_size_of_each_examples_gradient():
    run = Run(spec())
    made = run.trainer.update.tasks["parity"]
    part = made.data["train"][:5]
    parameters = dict(run.model.named_parameters())
    expected = {name: torch.zeros_like(p) for name, p in parameters.items()}
    for i in range(len(part)):
        norm = run.model({"parity": part[i : i + 1]})["parity"].square().sum()
        rows = torch.autograd.grad(norm, list(parameters.values()), allow_unused=True)
        for store, row in zip(expected.values(), rows, strict=True):
            if row is not None:
                store += row.abs() / len(part)
    for name, values in sensitivity(run.model, made, part).items():
        torch.testing.assert_close(values, expected[name])


def test_the_importance_of_stages_adds_up():
    run = Run(spec(retention=Choice(kind="mas", examples=10_000)))
    update, retention = run.trainer.update, run.trainer.update.retention
    retention.on_stage_end(StageData(0, ("digit",), update.tasks, run.model))
    once = {name: values.clone() for name, values in retention.anchor.importance.items()}
    retention.on_stage_end(StageData(1, ("digit",), update.tasks, run.model))
    for name, values in retention.anchor.importance.items():
        torch.testing.assert_close(values, 2 * once[name], rtol=1e-4, atol=1e-5)
