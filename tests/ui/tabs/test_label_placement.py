"""Names of points do not cover each other."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from workbench.ui.tabs.tradeoffs.label_placement import Box, places

ROOM: Box = (0, 0, 600, 400)


def apart(a: Box, b: Box) -> bool:
    return a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]


def test_a_name_alone_stands_above_its_point_on_the_right():
    [(left, top, width, height)] = places([(100, 100)], [(50, 20)], ROOM)
    assert (left, top + height, width) == (104, 100, 50)


def test_a_name_at_the_edge_stays_in_the_room():
    [(left, top, width, _)] = places([(595, 5)], [(50, 20)], ROOM)
    assert left + width <= 600
    assert top >= 0


@given(st.lists(st.tuples(st.integers(200, 260), st.integers(150, 250)), min_size=2, max_size=6))
def test_names_of_points_that_lie_close_are_apart(points: list[tuple[int, int]]):
    place = places([(float(x), float(y)) for x, y in points], [(70, 22)] * len(points), ROOM)
    assert all(apart(a, b) for a, b in combinations(place, 2))


def test_where_there_is_no_room_a_name_lies_beside_its_point():
    crowd = [(5.0, 5.0)] * 3
    assert len(places(crowd, [(50, 20)] * 3, (0, 0, 10, 10))) == 3
