"""What is kept of what was written: every stage's end, and the newest moments between."""

import numpy as np

from tests.ui.written import pairs_of, scored, task_of, text_model, written
from workbench.spec.event import CheckpointSaved, Finished, Written
from workbench.ui.model.written_record import WrittenRecord

PAIRS = pairs_of(("en", "fr"))


def record_of(*events: Written, most_moments: int = 200) -> WrittenRecord:
    record = WrittenRecord(most_moments)
    for event in events:
        record.add(event)
    return record


def test_only_the_newest_moments_between_the_ends_of_stages_are_kept() -> None:
    start = written(0, PAIRS, stage=-1, ends_stage=False)
    record = record_of(
        *(start, *(written(step, PAIRS) for step in range(10, 50, 10))),
        written(50, PAIRS, ends_stage=True),
        *(written(step, PAIRS, stage=1) for step in range(60, 100, 10)),
        most_moments=3,
    )
    assert [moment.step for moment in record.moments] == [0, 50, 70, 80, 90]


def test_a_resumed_run_tells_what_came_after_its_checkpoint_once() -> None:
    steps = (10, 20, 30)
    record = record_of(*(written(step, PAIRS, n_right=0) for step in steps))
    for step in steps[1:]:
        record.add(written(step, PAIRS, n_right=4))
    assert [moment.step for moment in record.moments] == [10, 20, 30]
    right = [moment.shares[task_of(PAIRS[0])].right for moment in record.moments]
    assert right == [0, 1, 1]
    for step in range(40, 400, 10):  # what was told again counts once towards the room
        record.add(written(step, PAIRS))
    assert len(record.moments) == 39


def test_the_end_of_a_stage_and_a_validation_at_its_step_are_two_moments() -> None:
    record = record_of(written(10, PAIRS), written(10, PAIRS, ends_stage=True))
    assert [moment.ends_stage for moment in record.moments] == [False, True]


def test_what_is_read_and_right_is_kept_once() -> None:
    record = record_of(written(10, PAIRS), written(20, PAIRS, n_right=4))
    first, second = (moment.texts[task_of(PAIRS[0])] for moment in record.moments)
    assert first.read is second.read
    assert first.right is second.right
    assert first.written != second.written


def test_languages_are_told_apart_by_what_is_read() -> None:
    record = record_of(written(10, [("en", "fr"), ("de", "fr"), ("en", "even")]))
    assert record.sources == ("en", "de")
    assert record.targets_of("en") == ("fr", "even")
    assert record.texts_in("de")[0].startswith("einundzwanzig")
    assert WrittenRecord().texts_in("de") == ()


def test_a_run_keeps_what_was_written_its_checkpoint_and_the_final_shares() -> None:
    told = written(20, PAIRS, n_right=4)
    model = text_model([written(10, PAIRS), CheckpointSaved(15, "/runs/0/checkpoint/15")], PAIRS)
    assert len(model.written.moments) == 1
    assert model.checkpoint is not None
    assert model.checkpoint.step == 15
    before = model.written_version
    none = np.empty((0, 2), np.float32)
    model.feed(Finished(20, "done", none, none, {}, {}, shares=told.shares))
    assert model.written_version > before
    assert model.written.final[task_of(PAIRS[0])].right == 1
    bare = text_model([Finished(20, "done", none, none, {}, {}, shares=told.shares)], PAIRS)
    assert bare.written.newest_shares == bare.written.final


def test_scores_by_other_metrics_go_with_the_rows() -> None:
    model = text_model([scored(100, 2), scored(200, 2)], PAIRS)
    assert model.more_metrics == ("token-accuracy", "chrf")
    steps, scores = model.scores_by("chrf")
    assert steps.tolist() == [100, 200]
    assert np.allclose(scores, [[10, 10], [20, 20]])
    assert np.array_equal(model.scores_by("")[1], model.scores[1])
    assert np.isnan(model.scores_by("bleu")[1]).all()
    model.feed(scored(200, 2))  # a resumed run tells it again
    assert model.scores_by("chrf")[0].tolist() == [100, 200]
