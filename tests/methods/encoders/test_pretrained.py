"""Networks that were learned elsewhere: which weights, and what of them is learned."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.contracts.pictures import apart, shared
from tests.engine.toys import Run, given, same, teaching, training
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Vector
from workbench.methods.encoders.pretrained import Pretrained
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.event import Finished
from workbench.spec.experiment import Choice

PICTURE = Image(1, 8, 8)


def encoder(**settings: Any) -> Pretrained:
    return Pretrained(Pretrained.Settings(**settings))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models: Any = pytest.importorskip("torchvision.models")
    torch.manual_seed(3)
    path = tmp_path_factory.mktemp("weights") / "resnet18.pt"
    torch.save(models.resnet18(weights=None).state_dict(), path)
    return path


def test_a_library_that_is_not_there_is_named_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(__import__("sys").modules, "timm", None)
    with pytest.raises(BadSpecError, match=r"needs timm.*pip install workbench\[vision\]"):
        encoder(library="timm").stem(PICTURE)


def test_what_is_no_picture_of_one_or_three_channels_is_refused():
    with pytest.raises(BadSpecError, match="1 or 3 channels; found vector"):
        encoder().stem(Vector(4))
    with pytest.raises(BadSpecError, match="found 2 channels"):
        encoder().stem(Image(2, 8, 8))


def test_nothing_is_downloaded_and_a_wrong_file_is_named(weights: Path, tmp_path: Path):
    with pytest.raises(BadSpecError, match="nothing is downloaded"):
        encoder().stem(PICTURE)
    with pytest.raises(BadSpecError, match="there is no file"):
        encoder(file=str(tmp_path / "none.pt")).stem(PICTURE)
    (tmp_path / "text.pt").write_text("hello")
    with pytest.raises(BadSpecError, match="cannot be read as weights"):
        encoder(file=str(tmp_path / "text.pt")).stem(PICTURE)
    with pytest.raises(BadSpecError, match="holds no weights of resnet34"):
        encoder(file=str(weights), model="resnet34").stem(PICTURE)
    with pytest.raises(BadSpecError, match="no network of this name; found nonsense"):
        encoder(file=str(weights), model="nonsense").stem(PICTURE)


def test_its_features_are_those_of_the_weights(weights: Path):
    models: Any = pytest.importorskip("torchvision.models")
    theirs = models.resnet18(weights=None)
    theirs.load_state_dict(torch.load(weights, weights_only=True))
    theirs.fc = torch.nn.Identity()
    stem: Any = encoder(file=str(weights)).stem(Image(3, 32, 32))
    pictures = torch.rand(4, 3, 32, 32)
    mean, deviation = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]).unbind()
    scaled = (pictures - mean.view(3, 1, 1)) / deviation.view(3, 1, 1)
    with torch.no_grad():
        torch.testing.assert_close(stem[0](pictures), theirs.eval()(scaled), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("train", "n"), [("none", 0), ("last", 4_720_640), ("all", 11_176_512)])
def test_what_is_learned_are_the_parameters(weights: Path, train: str, n: int):
    stem: Any = encoder(file=str(weights), train=train).stem(PICTURE)
    assert sum(p.numel() for p in stem[0].parameters()) == n


@pytest.mark.parametrize(
    ("sharing", "retention", "train"),
    [("hard", "ewc", "none"), ("hard", "replay", "last"), ("cross-stitch", "lwf", "none")],
)
def test_it_learns_one_task_after_the_other_and_goes_on_bit_for_bit(
    weights: Path, sharing: str, retention: str, train: str, tmp_path: Path
):
    spec = given(
        encoder=Choice(kind="pretrained", file=str(weights), train=train, width=8),
        curriculum=Choice(kind="sequential"),
        sharing=Choice(kind=sharing),
        retention=Choice(kind=retention),
        training=training(batch_size=8, evaluate_every=0),
    )
    teach = teaching(apart)
    whole = Run(spec, teach).to_the_end()
    assert isinstance(whole.last, Finished), whole.last
    first = Run(spec, teach, folder=tmp_path, commands={4: [Stop()]}).to_the_end()
    second = Run(spec, teach, folder=tmp_path, resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(whole.events)
    assert same(second.parameters, whole.parameters)


def test_pcgrad_knows_only_what_is_learned(weights: Path):
    spec = given(
        encoder=Choice(kind="pretrained", file=str(weights), width=8),
        balancing=Choice(kind="pcgrad"),
        training=training(batch_size=8, evaluate_every=0),
    )
    assert isinstance(Run(spec, teaching(shared)).to_the_end().last, Finished)


def test_timms_networks_are_taken_too(tmp_path: Path):
    pytest.importorskip("torchvision.models")
    timm: Any = pytest.importorskip("timm")
    path = tmp_path / "timm.pt"
    torch.save(timm.create_model("resnet10t", pretrained=False).state_dict(), path)
    stem = encoder(library="timm", model="resnet10t", file=str(path)).stem(Image(3, 32, 32))
    assert stem(torch.rand(2, 3, 32, 32)).shape == (2, 128)
