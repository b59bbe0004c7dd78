"""Where the tensors of a run are, and what is said where a machine has no such place."""

import pytest
import torch

from tests.engine.toys import spec
from workbench.engine.build.device import device_of
from workbench.engine.roles.method import BadSpecError


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that says that it has two."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that says that it has none."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.usefixtures("two_gpus")
def test_auto_is_an_accelerator_where_there_is_one():
    chosen = {name: device_of(spec(device=name)) for name in ("auto", "cpu", "cuda", "cuda:1")}
    assert {name: str(device) for name, device in chosen.items()} == {
        "auto": "cuda",
        "cpu": "cpu",
        "cuda": "cuda",
        "cuda:1": "cuda:1",
    }


@pytest.mark.usefixtures("two_gpus")
def test_one_more_than_there_are_is_refused_with_their_number():
    with pytest.raises(BadSpecError) as caught:
        device_of(spec(device="cuda:2"))
    assert caught.value.field == "device"
    message = "'cuda:2' was asked for, but there are 2 CUDA devices, from cuda:0"
    assert caught.value.message == message


@pytest.mark.usefixtures("no_gpu")
def test_without_one_auto_is_the_processor_and_the_others_are_refused():
    assert device_of(spec(device="auto")) == torch.device("cpu")
    for name, message in (("cuda:0", "no CUDA device is available"), ("mps", "not available here")):
        with pytest.raises(BadSpecError, match=message) as caught:
            device_of(spec(device=name))
        assert caught.value.field == "device"
