import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrm import drawing


def test_level_bar_puts_extending_first_and_leaves_no_result_open():
    parts = drawing.level_bar({1: 1, 4: 2, 3: 1}, total=8)

    assert parts == [
        {"level": 4, "x": 0.0, "width": 25.0},
        {"level": 3, "x": 25.0, "width": 12.5},
        {"level": 1, "x": 37.5, "width": 12.5},
    ]


def test_level_bar_of_nobody_is_empty():
    assert drawing.level_bar({}, total=0) == []


def test_level_bar_refuses_more_counted_than_there_are():
    with pytest.raises(ValueError, match="3 learners counted, but there are only 2"):
        drawing.level_bar({2: 3}, total=2)


def test_line_breaks_at_a_gap():
    chart = drawing.line([1, 4, None, 2], width=32, height=12, margin=1)

    assert chart["lines"] == ["1.0,11.0 11.0,1.0"]
    assert [dot["value"] for dot in chart["dots"]] == [1, 4, 2]
    assert chart["last"] == {"x": 31.0, "y": 7.7, "value": 2, "is_last": True}


def test_line_without_values_has_no_end():
    assert drawing.line([])["last"] is None


def test_climb_keeps_the_dip_and_puts_the_newest_label_after_its_dot():
    chart = drawing.climb([(2.0, 2, "Sep 1"), (1.2, 1, "Sep 8"), (3.1, 3, "today")], secure_from=2.5)

    first, dip, newest = chart["dots"]
    assert dip["y"] > first["y"] > chart["secure_y"] > newest["y"]
    assert [dot["anchor"] for dot in chart["dots"]] == ["middle", "middle", "start"]
    assert newest["label_x"] > newest["x"]


@given(st.lists(st.none() | st.floats(1, 4), max_size=40))
def test_dot_strip_shows_every_learner_as_a_dot_of_its_own(values):
    strip = drawing.dot_strip(values)

    seen, unseen = strip["dots"], strip["hollow"]
    assert len(seen) == sum(value is not None for value in values)
    assert len(seen) + len(unseen) == len(values)
    assert len({(dot["x"], dot["y"]) for dot in seen + unseen}) == len(values)
    assert all(0 < dot["y"] < strip["base"] and dot["x"] <= strip["width"] for dot in seen + unseen)


def test_dot_strip_bands_follow_the_cuts():
    bands = drawing.dot_strip([], cuts=(2, 3, 3.5))["bands"]

    assert [band["level"] for band in bands] == [1, 2, 3, 4]
    assert [round(band["width"] + 1) for band in bands] == [51, 51, 25, 25]
