"""Resources: what is said of them is what is set aside, and how many fit on a machine."""

import pytest

from workbench.spec.experiments.resources import Resources, resources_of


def test_what_is_said_is_what_is_set_aside():
    assert resources_of("") == Resources(1, None, 0)
    assert resources_of("cpu=2, gpu=1,memory=1.5GiB") == Resources(2, 1, 3 * 2**29)
    assert resources_of("cpu=0.5,gpu=0") == Resources(0.5, 0, 0)
    assert resources_of("cpu=2,gpu=0.5,memory=4GB").words == "cpu=2,gpu=0.5,memory=4GB"


@pytest.mark.parametrize(
    "text",
    ["cpu", "cpus=2", "cpu=1,cpu=2", "cpu=0", "cpu=1.5", "cpu=nan", "gpu=-1", "memory=4XB"],
)
def test_what_says_nothing_is_refused(text: str):
    with pytest.raises(ValueError, match="wants"):
        resources_of(text)


def test_a_graphics_processor_is_as_the_setup_asks_unless_it_is_said():
    assert [Resources().n_gpus(device) for device in ("cpu", "auto", "cuda:1")] == [0, 0, 1]
    assert Resources(gpu=0.25).n_gpus("cuda") == 0.25


def test_runs_fit_where_every_resource_is_there():
    machine = {"CPU": 8.0, "GPU": 1.0, "memory": 10e9}
    assert Resources().n_in(machine) == 8
    assert Resources(cpu=2).n_in(machine) == 4
    assert Resources(gpu=0.5).n_in(machine) == 2
    assert Resources(memory=4 * 10**9).n_in(machine) == 2
    assert Resources(gpu=2).n_in(machine) == 0
    assert Resources(gpu=1).n_in({"CPU": 8.0}) == 0
