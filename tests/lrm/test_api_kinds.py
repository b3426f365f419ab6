"""JSON that is sent holds what the document says, and nothing that could be read as that."""

import pytest
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from assessments.api.result_serializers import BatchToAssessmentSerializer
from lrm.api.kinds import wrong_kinds
from lrm.api.views import read_as
from paths.api.serializers import DoneSerializer, NewCheckInSerializer, NewGoalSerializer
from profiles.api.serializers import LearnerQuerySerializer

ONE = {"learner": "s-1042", "standard": "5.NF.1"}


@pytest.mark.parametrize(
    ("serializer", "sent", "fields"),
    [
        (NewCheckInSerializer, {"confidence": 3, "text": 5}, ["text"]),
        (NewCheckInSerializer, {"confidence": "3"}, ["confidence"]),
        (NewCheckInSerializer, {"confidence": True}, ["confidence"]),
        (NewCheckInSerializer, {"confidence": 3, "uuid": 7}, ["uuid"]),
        (DoneSerializer, {"is_done": "true"}, ["is_done"]),
        (DoneSerializer, {"is_done": 1}, ["is_done"]),
        (NewCheckInSerializer, {"confidence": 3, "text": "a" + " " * 280}, ["text"]),
        (NewGoalSerializer, {"what": "I read a clock", "done_when": [1], "due_on": 2026}, ["done_when", "due_on"]),
    ],
)
def test_other_kind_is_refused_by_its_field(serializer, sent, fields):
    with pytest.raises(ValidationError) as refused:
        read_as(serializer, sent)
    assert sorted(refused.value.detail) == fields


def test_filter_is_measured_as_it_was_sent():
    assert read_as(LearnerQuerySerializer, QueryDict(f"key={'a' * 255}"))["key"] == "a" * 255
    with pytest.raises(ValidationError) as refused:
        read_as(LearnerQuerySerializer, QueryDict(f"key={'a' * 255}%20&section=7"))
    assert [*refused.value.detail] == ["key"]


def test_rows_of_a_batch_are_named():
    sent = {"results": [ONE | {"level": 3}, ONE | {"learner": 1042, "level": "3"}]}
    assert {
        place: sorted(wrong) for place, wrong in wrong_kinds(BatchToAssessmentSerializer(), sent)["results"].items()
    } == {1: ["learner", "level"]}


@pytest.mark.parametrize("points", [7.5, 8, "7.5", "0"])
def test_exact_number_is_a_number_or_its_digits(points):
    [row] = read_as(BatchToAssessmentSerializer, {"results": [ONE | {"points": points}]})["results"]
    assert float(row["points"]) == float(points)


@pytest.mark.parametrize("points", ["7,5", "1e2", " 7", "", "seven", "٣", True, [7], -1, 0.00001])
def test_anything_else_is_none(points):
    with pytest.raises(ValidationError):
        read_as(BatchToAssessmentSerializer, {"results": [ONE | {"points": points}]})


def test_null_and_what_is_left_out_are_judged_by_the_field():
    assert read_as(NewCheckInSerializer, {"confidence": 3, "progress": None})["progress"] is None
    with pytest.raises(ValidationError):
        read_as(NewCheckInSerializer, [1])
