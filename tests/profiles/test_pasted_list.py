"""A block of names out of a spreadsheet: read, compared, put on the roster once."""

from uuid import uuid4

import pytest

from lrm.scope import district_scope
from profiles.models import Enrollment, Learner, RosterAct
from profiles.services.pasted_list import read_block
from tests.factories.profiles import enroll, make_learner, make_roster, make_school, make_teacher


def read(text):
    return [(line.given_name, line.family_name, line.key, line.grade, line.problem) for line in read_block(text)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Nia\tAdler", ("Nia", "Adler", "", "", "")),
        ("Nia\tAdler\tS-1\t5", ("Nia", "Adler", "S-1", "05", "")),
        ("Adler, Nia", ("Nia", "Adler", "", "", "")),
        ("Nia Maria Adler", ("Nia Maria", "Adler", "", "", "")),
        ("Last name\tFirst name\tGrade\nAdler\tNia\tKG", ("Nia", "Adler", "", "KG", "")),
        ("Name\nAdler, Nia", ("Nia", "Adler", "", "", "")),
        ("Nia;Adler;S-1", ("Nia", "Adler", "S-1", "", "")),
        ("\u00a0Nia\u00a0\tAdler\r", ("Nia", "Adler", "", "", "")),
        ("Nia", ("", "Nia", "", "", "a first and a last name are needed")),
        ("Nia\t" + "x" * 101, ("Nia", "x" * 101, "", "", "a name has at most 100 letters")),
        ("N\x00ia\tAdler", ("N\x00ia", "Adler", "", "", "there are signs in it that nobody can read")),
    ],
)
def test_line_of_a_block(text, line):
    assert read(text) == [line]


def test_empty_block_has_no_lines():
    assert read(" \n\t\n") == []


@pytest.fixture
def roster(db):
    roster = make_roster(title="5 Maple", grade="05")
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def teacher(roster, client):
    account = make_teacher(roster)
    client.force_login(account)
    return account


def on_list(roster):
    rows = Enrollment.objects.of_learners().filter(roster=roster).select_related("learner")
    return sorted(row.learner.name for row in rows)


def paste(client, roster, names, **fields):
    return client.post(f"/rosters/{roster.pk}/paste/", {"names": names, "uuid": uuid4(), **fields})


def test_looking_changes_nothing_and_adding_adds_once(client, roster, teacher):
    names = "Nia\tAdler\tS-1\nBen\tMarsh"
    page = paste(client, roster, names, look="")
    assert "Nothing has been saved yet." in page.content.decode()
    assert on_list(roster) == []
    uuid = uuid4()
    for _ in range(2):
        paste(client, roster, names, add="", uuid=uuid)
    assert on_list(roster) == ["Ben Marsh", "Nia Adler"]
    assert Learner.objects.get(key="S-1").grade == "05"
    client.post(f"/roster-steps/{RosterAct.objects.get().uuid}/undo/")
    assert list(Enrollment.objects.of_learners().filter(ends_on=None)) == []


def test_child_who_is_here_already_is_not_made_twice(client, roster, teacher):
    inside = make_learner(roster.school, given_name="Nia", family_name="Adler")
    enroll(inside, roster)
    make_learner(roster.school, given_name="Ben", family_name="Marsh")
    names = "nia\tADLER\nBen\tMarsh\nBen\tMarsh"
    page = paste(client, roster, names, look="").content.decode()
    assert "in this class already" in page
    assert "who is here already" in page
    assert "the same as line 2" in page
    paste(client, roster, names, add="")
    assert on_list(roster) == ["Ben Marsh", "Nia Adler"]
    assert Learner.objects.count() == 2


def test_choices_of_the_page_are_taken_and_others_are_not(client, roster, teacher):
    known = make_learner(roster.school, given_name="Ben", family_name="Marsh")
    stranger = make_learner(make_school(roster.district), given_name="Zoe", family_name="Lin", key="Z-1")
    choices = {"who-1": "new", "who-2": "skip", "who-3": str(stranger.pk)}
    paste(client, roster, "Ben\tMarsh\nCem\tYilmaz\nDana\tFox\nZoe\tLin\tZ-1", add="", **choices)
    assert on_list(roster) == ["Ben Marsh"]
    assert Enrollment.objects.get(roster=roster, role="learner").learner != known


def test_id_of_a_child_of_another_school_is_taken_and_nobody_is_shown(client, roster, teacher):
    make_learner(make_school(roster.district), given_name="Quokka", family_name="Lin", key="Z-1")
    page = paste(client, roster, "Zoe\tLin\tZ-1", look="").content.decode()
    assert "another student of the district has this ID" in page
    assert "Quokka" not in page


def test_block_without_a_name_says_what_to_do(client, roster, teacher):
    page = paste(client, roster, "\n\n", look="")
    assert page.status_code == 422
    assert "There is no name in it." in page.content.decode()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("Nia\tAdler\n" * 5000 + "Last\tOne-Too-Many", "50,017 letters"),
        ("\n".join(f"Nia{n}\tAdler" for n in range(202)), "There are 202 lines, and 200 go at once."),
    ],
    ids=["letters", "lines"],
)
@pytest.mark.parametrize("act", ["look", "add"])
def test_list_that_is_too_long_says_so_and_nothing_of_it_is_lost(client, roster, teacher, names, said, act):
    answer = paste(client, roster, names, **{act: ""})
    assert (answer.status_code, said in answer.text, names in answer.text) == (422, True, True)
    assert on_list(roster) == []


def test_two_hundred_students_below_a_heading_are_taken(client, roster, teacher):
    names = "First name\tLast name\n" + "\n".join(f"Nia{n}\tAdler" for n in range(200))
    assert len(paste(client, roster, names, look="").context["lines"]) == 200


def test_printed_list_has_everybody_by_name(client, roster, teacher):
    for name in ("Zoe", "Ana"):
        enroll(make_learner(roster.school, given_name=name), roster)
    page = client.get(f"/rosters/{roster.pk}/print/").content.decode()
    assert page.index("Ana") < page.index("Zoe")
