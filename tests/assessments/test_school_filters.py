"""The filters of the school-wide page go into an address and come back."""

from django.http import QueryDict

from assessments.school_filters import LONGEST, SchoolFilters


def test_what_is_written_is_read_back():
    filters = SchoolFilters(school="7", grade="05", branch="3-19", compare="2026-09-30", over="terms")
    assert filters.query() == "school=7&grade=05&branch=3-19&compare=2026-09-30&over=terms"
    assert SchoolFilters.parse(QueryDict(filters.query())) == filters
    assert SchoolFilters.parse(filters.chosen) == filters


def test_what_is_unknown_or_endless_is_left_out():
    found = SchoolFilters.parse(QueryDict("school=7%00&at=d.3-1&grade=%00" + "5" * 400))
    assert found == SchoolFilters(school="7", grade="5" * LONGEST)
    assert SchoolFilters().query() == ""
    assert SchoolFilters(school="7").query(at="d.3-1", order="") == "school=7&at=d.3-1"


def test_another_school_takes_its_class_and_teacher_away():
    filters = SchoolFilters(subject="1", school="7", section="8", teacher="9", grade="05", branch="3-1")
    assert filters.but(school=2) == SchoolFilters(subject="1", school="2", grade="05", branch="3-1")
    assert filters.but(subject=2) == SchoolFilters(subject="2", school="7", grade="05")
    assert filters.but(teacher="", grade=None).chosen == {"subject": "1", "school": "7", "branch": "3-1"}
    assert filters.but(school=2, section=5).section == "5"
