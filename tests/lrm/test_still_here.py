"""Which values of a form are shown as somebody's words, and what cannot be read back."""

import pytest
from django.core import signing
from django.test import RequestFactory

from lrm.still_here import carrying
from lrm.still_here.words import words_in

UUID = "0b9f2a4e-6c1d-4f0e-9d53-2f6f7f3f9a11"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ([("text", "I read ten clocks."), ("uuid", UUID), ("confidence", "4"), ("do", "send")], ["I read ten clocks."]),
        ([("seen", "2026-03-04T10:00:00.123456+00:00"), ("on", "2026-03-04"), ("what", "Turtles")], ["Turtles"]),
        ([("ticket", signing.dumps([1, 2])), ("text", " Two\r\nlines ")], ["Two\r\nlines"]),
        ([("text", "pizza"), ("do", "send")], ["pizza"]),
        ([("helped", "drawing"), ("text", "A friend")], ["A friend"]),
        ([("back", "/goals/7/"), ("section", "12"), ("helped", "working_with_others")], []),
        ([], []),
        ([("text", "  "), ("other", "…")], []),
    ],
)
def test_words_are_told_from_what_a_form_carries_beside_them(fields, shown):
    assert words_in(fields) == shown


def posted(**fields):
    return RequestFactory().post("/goals/new/?about=g7", fields)


def test_what_is_gathered_has_no_token_and_no_password():
    found = carrying.gather(posted(csrfmiddlewaretoken="t", new_password1="x", text="A", helped=["a", "b"]), who="w")
    assert (found.address, found.who) == ("/goals/new/?about=g7", "w")
    assert found.fields == [("text", "A"), ("helped", "a"), ("helped", "b")]
    assert carrying.unpack(carrying.pack(found)) == found


def test_more_than_a_page_can_carry_is_not_gathered():
    with pytest.raises(carrying.TooLong):
        carrying.gather(posted(text="x" * carrying.MOST_LETTERS), who="w")


@pytest.mark.parametrize("value", ["", "x", "a:b:c", ".eJx:1:2"])
def test_what_was_changed_on_the_way_is_not_read(value):
    with pytest.raises(signing.BadSignature):
        carrying.unpack(value)
