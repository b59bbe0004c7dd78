"""What strategies report of their inside, by hand."""

import pytest
import torch

from tests.engine.toys import Run, given, sgd, task, teaching, training
from tests.methods.sharing.test_views import seen
from tests.methods.sharing.toys import apart, built, pictures, shake, together
from workbench.spec.event import Reported, Structured, Table
from workbench.spec.experiment import Choice, Probes


def tables(run: Run) -> dict[str, Table]:
    """The tables that the sharing method reports now, by name."""
    (event,) = (e for e in run.trainer.observers.reports.gather(0) if e.source == "sharing")
    return {table.name: table for table in event.tables}


@pytest.mark.parametrize("make", [together, apart])
def test_gates_are_the_mean_weights_of_the_experts(make):
    run = built("mmoe", make, experts=3)
    shake(run.model)
    reported = tables(run)["gates"]
    assert reported.rows == ("a", "b")
    assert reported.columns == ("expert 1", "expert 2", "expert 3")
    for i, one in enumerate(make()):
        expected = run.model.gates.bank.copies[i](one.data["val"].inputs["x"]).mean(0)
        torch.testing.assert_close(torch.from_numpy(reported.values[i]), expected.detach())


@pytest.mark.parametrize("make", [together, apart])
def test_the_gates_of_ple_name_their_experts_and_leave_others_out(make):
    run = built("ple", make, hidden=(5, 5), levels=2, shared_experts=2)
    shake(run.model)
    first, last = tables(run)["gates · level 1"], tables(run)["gates · level 2"]
    assert first.columns == ("a", "b", "shared 1", "shared 2")
    assert first.rows == ("a", "b", "shared stream")
    assert last.rows == ("a", "b")
    for table in (first, last):
        assert torch.from_numpy(table.values).isnan().nonzero().tolist() == [[0, 1], [1, 0]]
        sums = torch.from_numpy(table.values).nansum(1)
        torch.testing.assert_close(sums, torch.ones_like(sums))


def test_of_several_experts_of_ones_own_each_has_a_name():
    reported = tables(built("cgc", own_experts=2))["gates"]
    assert reported.columns == ("a 1", "a 2", "b 1", "b 2", "shared")
    assert reported.values[0].tolist()[:2] == pytest.approx([1 / 3, 1 / 3])


def test_stitches_and_subspaces_are_told_as_they_are():
    run = built("cross-stitch", own=0.8)
    reported = tables(run)
    assert list(reported) == ["stitches · stage 1", "stitches · stage 2"]
    assert reported["stitches · stage 2"].values == pytest.approx(run.model.stitches[1].detach())
    sluice = built("sluice", own=0.7)
    shake(sluice.model)
    reported_tables = tables(sluice)
    matrix = sluice.model.exchange[0].detach()
    assert reported_tables["subspaces · stage 1"].values == pytest.approx(matrix)
    # from the second task's two subspaces into the first's, a subspace
    expected = matrix[:2, 2:].abs().sum() / 2
    assert reported_tables["towers · stage 1"].values[0, 1] == pytest.approx(expected.item())
    assert reported_tables["depth"].columns == ("stage 1", "stage 2")


def test_the_branch_that_is_likeliest_has_the_largest_chance():
    run = built("ltb", branches=3)
    with torch.no_grad():
        run.model.parents[0].copy_(torch.tensor([[0.0, 1.0, 0.0]] * 3))
        run.model.branch[1].copy_(torch.tensor([2.0, 0.0, 0.0]))
    reported = tables(run)
    assert reported["parents · stage 2"].rows == ("2.1", "2.2", "2.3")
    assert reported["parents · stage 2"].columns == ("1.1", "1.2", "1.3")
    assert reported["parents · stage 2"].values.argmax(1).tolist() == [1, 1, 1]
    assert reported["branches"].values[1].tolist() == pytest.approx(
        torch.tensor([2.0, 0.0, 0.0]).softmax(0).tolist()
    )


def test_scales_and_corrections_start_at_nothing_and_grow():
    film, lora = built("film"), built("lora")
    assert not tables(film)["scale, away from 1"].values.any()
    assert not tables(lora)["corrections"].values.any()
    with torch.no_grad():
        film.model.modulations[1][0][0].fill_(1.5)
    assert tables(film)["scale, away from 1"].values.tolist() == [[0.0, 0.0], [0.5, 0.0]]
    shake(lora.model)
    down, up = lora.model.adapters[0].copies[1].children()
    product = lora.model._scale * up.weight @ down.weight
    expected = product.norm() / lora.model.trunk.stems[0][0].weight.norm()
    assert tables(lora)["corrections"].values[1, 0] == pytest.approx(expected.item(), rel=1e-5)


def test_corrections_of_convolutions_have_a_size():
    chosen = given(sharing=Choice(kind="lora"), encoder=Choice(kind="cnn", channels=[4, 4]))
    run = Run(chosen, teaching(lambda: [pictures("a"), pictures("b")]))
    shake(run.model)
    assert (tables(run)["corrections"].values > 0).all()


def test_masks_are_told_by_how_far_they_are_open():
    run = built("mtan")
    with torch.no_grad():
        run.model.attention[1].copies[0][2].bias.fill_(100.0)
        run.model.attention[1].copies[1][2].bias.fill_(-100.0)
    reported = tables(run)["attention"]
    assert reported.values[:, 1].tolist() == pytest.approx([1.0, 0.0], abs=1e-6)
    assert 0 < reported.values[0, 0] < 1


def test_tied_trunks_tell_how_far_they_are_apart():
    run = built("soft")
    with torch.no_grad():
        for one, other in zip(
            run.model.stages[0].copies[0].parameters(),
            run.model.stages[0].copies[1].parameters(),
            strict=True,
        ):
            other.copy_(-one)
    reported = tables(run)["distance · stage 1"].values
    assert reported.tolist() == [[0.0, 2.0], [2.0, 0.0]]


def test_trunks_that_are_not_tied_have_no_distance():
    chosen = given(sharing=Choice(kind="soft"), encoder=Choice(kind="auto", hidden=[6, 6]))
    run = Run(chosen, teaching(lambda: [task("a"), pictures("b")]))
    assert (
        tables(run)["distance · stage 1"].values[0, 1]
        != tables(run)["distance · stage 1"].values[0, 1]
    )
    assert tables(run)["distance · stage 2"].values[0, 1] > 0


def test_a_missing_view_has_no_part_in_the_gates():
    for kind, name in (("views-gated", "gates"), ("views-late", "say")):
        run = Run(given(sharing=Choice(kind=kind)), teaching(lambda: seen(1.0)))
        assert tables(run)[name].values.tolist() == [[1.0, 0.0], [1.0, 0.0]]


def test_views_tell_how_far_they_agree():
    run = Run(given(sharing=Choice(kind="views-coreg")), teaching(seen))
    features = run.model.trunks(seen()[0].data["val"].inputs)
    expected = (features[0] - features[1]).square().mean().sqrt().item()
    assert tables(run)["distance"].values[0, 1] == pytest.approx(expected, rel=1e-5)


def progress() -> Run:
    chosen = given(
        sharing=Choice(kind="progressive"),
        curriculum=Choice(kind="sequential"),
        optimizer=sgd(0.3),
        probes=Probes(every=2),
        training=training(epochs=2, batch_size=8, evaluate_every=0),
    )
    return Run(chosen, teaching(together)).to_the_end()


def test_a_model_that_grows_is_told_again():
    run = progress()
    events = [event for event in run.events if isinstance(event, Structured)]
    assert len(events) == 2
    one, two = (event.structure for event in events)
    assert two.parameters > one.parameters
    assert two.parameters == sum(p.numel() for p in run.model.parameters())
    assert {edge.column for edge in two.edges if edge.table == "laterals"} == {"a"}
    reported = [event for event in run.events if isinstance(event, Reported)]
    last = [event for event in reported if event.source == "sharing"][-1].tables[0]
    assert last.name == "laterals"
    assert last.values[1, 0] > 0
    assert last.values[0, 1] != last.values[0, 1]
