"""TensorBoard itself reads what is written for it."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.publish.made import HOSTILE, hostile, made, three
from workbench.publish.forms.check_sum import masked_sums, sums
from workbench.publish.forms.event_files import _messages, write_event_files
from workbench.publish.record import records


def scalars(folder: Path) -> dict[str, list[Any]]:
    """Every curve that TensorBoard finds."""
    from tensorboard.backend.event_processing import event_accumulator

    reader: Any = event_accumulator.EventAccumulator(str(folder), {"scalars": 0})
    reader.Reload()
    return {tag: reader.Scalars(tag) for tag in reader.Tags()["scalars"]}


@pytest.mark.parametrize(
    ("text", "sum_"),
    [(b"123456789", 0xE3069283), (b"", 0), (bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43)],
)
def test_check_sums_are_those_of_rfc_3720(text: bytes, sum_: int) -> None:
    rows = np.frombuffer(text, dtype=np.uint8).reshape(1, len(text))
    assert sums(np.repeat(rows, 3, axis=0)).tolist() == [sum_] * 3
    turned = ((sum_ >> 15) | (sum_ << 17)) & 0xFFFFFFFF
    assert masked_sums(rows)[0] == (turned + 0xA282EAD8) & 0xFFFFFFFF


def test_tensorboard_reads_back_every_number(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    chosen = three(tmp_path / "runs")
    list(write_event_files(chosen, tmp_path / "out"))
    for record in chosen:
        read = scalars(tmp_path / "out" / record.run_id)
        series = record.series
        assert [e.step for e in read["loss/first"]] == series.steps.tolist()
        assert [np.float32(e.value) for e in read["loss/first"]] == series.losses[:, 0].tolist()
        assert "loss/second" not in read  # it has no number
        assert [e.value for e in read["test accuracy/second"]] == pytest.approx([0.2, 0.3, 0.95])
        assert [e.step for e in read["test accuracy/second"]] == [0, 20, 40]
        times = [e.wall_time for e in read["learning rate"]]
        assert times == sorted(times)
        assert 0 < times[-1] - times[0] < 1


def test_tensorboard_reads_steps_of_every_length(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.compat.proto.event_pb2 import Event

    steps = np.asarray([0, 1, 127, 128, 16383, 16384, 2**31, 2**40], dtype=np.int64)
    lengths = [1, 1, 1, 2, 2, 3, 5, 6]
    for step, length in zip(steps, lengths, strict=True):
        message = _messages("x", steps[:0] + 0, *[np.zeros(0)] * 2, 1)  # pyright: ignore
        assert len(message) == 0
        one = np.asarray([step])
        made_of = _messages("tag", one, np.float32([2.5]), np.asarray([7.25]), length)
        event = Event.FromString(made_of[0].tobytes())  # pyright: ignore
        assert (event.step, event.wall_time) == (step, 7.25)
        assert [(v.tag, v.simple_value) for v in event.summary.value] == [("tag", 2.5)]


def test_records_are_whole_and_their_sums_right(tmp_path: Path) -> None:
    """What TensorBoard checks, read without it."""
    (record,) = records([made(tmp_path / "runs")])
    list(write_event_files([record], tmp_path / "out"))
    (path,) = (tmp_path / "out").rglob("events.out.tfevents.*")
    data, n = path.read_bytes(), 0
    while data:
        length, head_sum = struct.unpack("<QI", data[:12])
        message, body_sum = data[12 : 12 + length], data[12 + length : 16 + length]
        for part, wanted in ((data[:8], head_sum), (message, struct.unpack("<I", body_sum)[0])):
            assert masked_sums(np.frombuffer(part, dtype=np.uint8)[None, :])[0] == wanted
        data, n = data[16 + length :], n + 1
    # the version, rates, the first task's losses, both tasks' weights, three scores of each
    assert n == 1 + 40 + 40 + 80 + 2 * 3
    assert n > 0


def test_hostile_names_are_tags_and_no_paths(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    chosen = hostile(tmp_path / "runs")
    list(write_event_files(chosen, tmp_path / "out"))
    read = scalars(tmp_path / "out" / chosen[0].run_id)
    assert f"loss/{HOSTILE[0]}" in read
    assert len(list((tmp_path / "out").rglob("*"))) == 2
