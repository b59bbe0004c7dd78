"""How alike layers stay: linear CKA against the end of past stages."""

import pytest
import torch

from tests.engine.toys import Run, sgd, spec, split_digits, training
from workbench.engine.measure.representation import alike, centred_products
from workbench.spec.event import Reported
from workbench.spec.experiment import Choice, TaskChoice


def cka(x: torch.Tensor, y: torch.Tensor) -> float:
    """As the paper writes it, with features for examples."""
    x, y = x - x.mean(0), y - y.mean(0)
    return ((y.T @ x).square().sum() / ((x.T @ x).norm() * (y.T @ y).norm())).item()


def test_it_is_the_papers_figure_and_blind_to_rotation_and_scale():
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(20, n, generator=generator, dtype=torch.float64) for n in (5, 7))
    likeness = alike(centred_products(x), centred_products(y))
    assert likeness == pytest.approx(cka(x, y))
    turned = 3 * x @ torch.linalg.qr(torch.randn(5, 5, generator=generator).double())[0] + 1
    assert alike(centred_products(x), centred_products(turned)) == pytest.approx(1)


def told(run: Run) -> list[Reported]:
    run.to_the_end()
    return [e for e in run.events if isinstance(e, Reported) and e.source == "representation"]


def test_each_layer_is_compared_with_the_end_of_every_past_stage():
    reports = told(
        Run(split_digits(encoder=Choice(kind="mlp", hidden=[16, 8]), training=training(epochs=5)))
    )
    assert [report.tables[0].columns for report in reports] == [("0-1",), ("0-1", "2-3")]
    assert reports[0].tables[0].rows == ("layer 1", "layer 2")
    last = reports[-1].tables[0].values
    assert (last < 1).all()
    assert (last > 0).all()
    assert (last[:, 1] > last[:, 0]).all(), "it has moved farther from what is longer ago"


def test_a_network_that_does_not_move_stays_alike():
    (report, _) = told(Run(split_digits(optimizer=sgd(1e-12))))
    assert report.tables[0].values == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("sharing", ["separate", "mmoe", "cross-stitch", "progressive"])
def test_of_other_strategies_it_is_what_the_heads_read(sharing: str):
    run = Run(split_digits(sharing=Choice(kind=sharing)))
    (first, _) = told(run)
    assert first.tables[0].rows == ("features",)


def test_a_single_stage_has_nothing_to_compare():
    assert told(Run(spec(tasks=(TaskChoice(family="digits-attributes", task="digit"),)))) == []
