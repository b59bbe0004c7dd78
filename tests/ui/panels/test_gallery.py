"""The gallery: every preset under a question, and found by any word of it."""

import json
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.contracts.faces import CATALOGUE
from workbench.spec.files import gallery as gallery_presets
from workbench.spec.files import gallery_sections, shipped
from workbench.spec.fingerprint import fingerprint
from workbench.spec.preset import load
from workbench.ui.composition import App
from workbench.ui.look.theme import LIGHT
from workbench.ui.panels.gallery import thumbnails
from workbench.ui.panels.gallery.cards import Card
from workbench.ui.panels.gallery.panel import GalleryPanel, section_title
from workbench.ui.panels.gallery.thumbnails import curves_of
from workbench.ui.panels.setup.family import FamilyBlock

PICTURES = shipped("resources") / "gallery"
SEE = shipped("presets") / "see-forgetting.yaml"


@pytest.fixture
def gallery(qtbot: QtBot) -> GalleryPanel:
    panel = GalleryPanel(LIGHT)
    qtbot.addWidget(panel)
    for name, words in (("start", "replay"), ("forgetting", "moons  and Drift")):
        spec = load(SEE).model_copy(update={"name": name, "about": f"About {name}"})
        panel.add_section(name, [Card(Path(f"{name}.yaml"), spec, name, words)])
    return panel


def shown(panel: GalleryPanel) -> list[str]:
    return [card.text() for card in panel.cards if not card.isHidden()]


@pytest.mark.parametrize("words", ["drift", "DRIFT moon", "about forg", "  and  "])
def test_a_preset_is_found_by_any_words_of_it_in_any_order(gallery: GalleryPanel, words: str):
    gallery.search.setText(words)
    assert shown(gallery) == ["forgetting"]
    assert gallery._grids[0].widget.isHidden()
    assert gallery._nothing.isHidden()


def test_where_nothing_is_found_it_says_so_and_all_comes_back(gallery: GalleryPanel):
    gallery.search.setText("drift replay")
    assert shown(gallery) == []
    assert not gallery._nothing.isHidden()
    gallery.search.clear()
    assert shown(gallery) == ["start", "forgetting"]
    assert gallery._nothing.isHidden()


def test_what_is_hidden_leaves_no_hole(gallery: GalleryPanel):
    gallery.resize(1000, 600)
    gallery.search.setText("my data")  # what stands in the first section beside the presets
    first = gallery._grids[0]
    assert first.grid.itemAtPosition(0, 0).widget() is gallery.data


def test_every_shipped_preset_stands_under_a_question_that_has_words():
    for name, _ in gallery_sections():
        assert name
        assert section_title(name) != name


@pytest.mark.tabs("curves")
def test_shipped_presets_are_found_by_what_their_methods_say_of_themselves(app: App):
    gallery = app.window.gallery
    for words, name in (("moons", "Tasks one can see"), ("drift nobody", "Drift nobody announced")):
        gallery.search.setText(words)
        assert name in shown(gallery)
        assert len(shown(gallery)) < 10


def test_a_family_is_found_by_the_kinds_that_it_offers(qtbot: QtBot):
    del qtbot
    entry = CATALOGUE["tasks", "boundaries-2d"]
    assert FamilyBlock.fits(type("Block", (), {"entry": entry})(), "moons")
    assert not FamilyBlock.fits(type("Block", (), {"entry": entry})(), "pears")


#: Their data are on nobody's disk, or are the user's.
WITHOUT_A_RUN = ("bring-my-data",)


@pytest.mark.parametrize("path", gallery_presets(), ids=lambda path: path.stem)
def test_the_picture_of_a_preset_is_of_a_run_of_it_as_it_is_now(path: Path):
    if path.stem in WITHOUT_A_RUN:
        return
    made = json.loads((PICTURES / f"{path.stem}.json").read_text(encoding="utf-8"))
    assert made["fingerprint"] == fingerprint(load(path)), "python docs/gallery_pictures.py"
    curves = curves_of(path.stem)
    assert curves is not None
    assert curves.y
    for y in curves.y:
        assert y.shape == curves.x.shape
        assert np.nanmin(y) >= 0
        assert np.nanmax(y) <= 1


def test_a_picture_that_is_missing_or_damaged_is_drawn_by_hand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(thumbnails, "shipped", lambda name: tmp_path)
    assert curves_of("one") is None
    (tmp_path / "gallery").mkdir()
    for text in ("", "{}", "[]", '{"x": [0], "curves": [["a"]]}'):
        (tmp_path / "gallery" / "one.json").write_text(text)
        assert curves_of("one") is None
