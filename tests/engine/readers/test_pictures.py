"""Folders of pictures, and everything that can be wrong with one."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.engine.readers import pictures
from workbench.engine.readers.errors import DataError
from workbench.spec.work import finished


def save(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (20, 10)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tmp_path / "red" / "1.png", (255, 0, 0))
    save(tmp_path / "red" / "more" / "2.png", (255, 0, 0))
    save(tmp_path / "blue" / "1.bmp", (0, 0, 255))
    return tmp_path


def test_classes_are_the_folders(folder: Path):
    result = finished(pictures.read(folder, 8, is_grey=False))
    assert result.names == ("blue", "red")
    assert result.classes.tolist() == [0, 1, 1]
    assert result.images.shape == (3, 3, 8, 8)
    np.testing.assert_array_equal(result.images[1, :, 4, 4], [255, 0, 0])


def test_grey_pictures_have_one_channel(folder: Path):
    assert finished(pictures.read(folder, 8, is_grey=True)).images.shape == (3, 1, 8, 8)


def refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        finished(pictures.read(folder, 8, is_grey=False))
    return str(caught.value)


def test_a_picture_that_is_not_one_is_named(folder: Path):
    (folder / "red" / "0.png").write_text("print('no picture')")
    assert "red/0.png: is no picture" in refused(folder)


def test_a_picture_that_is_cut_short_is_named(folder: Path):
    path = folder / "red" / "1.png"
    path.write_bytes(path.read_bytes()[:40])
    assert "red/1.png" in refused(folder)


def test_a_picture_that_would_fill_the_memory_is_refused(folder: Path):
    head = struct.pack(">2I5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    bomb += struct.pack(">I", zlib.crc32(chunk))
    (folder / "red" / "1.png").write_bytes(bomb)
    assert "red/1.png" in refused(folder)


def test_a_picture_in_no_class_is_named(folder: Path):
    save(folder / "stray.png", (0, 0, 0))
    assert "stray.png lies in no folder of a class" in refused(folder)


def test_one_class_is_refused(tmp_path: Path):
    save(tmp_path / "red" / "1.png", (255, 0, 0))
    assert "has one class only, 'red'" in refused(tmp_path)


def test_a_file_is_no_folder(folder: Path):
    assert "is no folder" in refused(folder / "red" / "1.png")


def test_what_the_system_leaves_in_folders_is_passed_over(folder: Path):
    (folder / "red" / "Thumbs.db").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    assert len(finished(pictures.read(folder, 8, is_grey=False)).classes) == 3


def test_what_lies_beside_the_classes_and_is_no_picture_is_passed_over_and_said(folder: Path):
    (folder / "README.md").write_text("by hand")
    (folder / ".DS_Store").write_bytes(b"x")
    assert finished(pictures.read(folder, 8, is_grey=False)).names == ("blue", "red")
    assert pictures.strays(folder) == ("beside the folders: README.md; not looked at",)
