"""The menus of the school-wide page: what is chosen, and the addresses of all other choices."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.forms.school import Choices
from assessments.school_drawing import Address
from assessments.services.school_asked import Asked, Column
from lrm import days
from lrm.grades import grade_name


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Menu:
    """name: of the filter; label: for the form; words: what is chosen, as the button says it."""

    name: str
    label: str
    words: str
    choices: list[Choice]


@dataclass(frozen=True)
class Chip:
    """A narrowing that stands in no menu of the toolbar, with the address without it."""

    words: str
    url: str


def draw_menus(asked: Asked, choices: Choices, grades: Sequence[str], address: Address) -> list[Menu]:
    """In the toolbar: subject, school and grade; a menu with one choice is none."""
    filters = asked.filters
    subjects = [(str(row.pk), row.title) for row in choices.subjects]
    schools = [(str(row.pk), row.name) for row in asked.schools]
    menus = [_menu("subject", _("Subject"), "", subjects, filters.subject, address)]
    if len(schools) > 1:
        menus.append(_menu("school", _("School"), _("All schools"), schools, filters.school, address))
    by_grade = [(grade, grade_name(grade)) for grade in grades]
    menus.append(_menu("grade", _("Grade"), _("All grades"), by_grade, filters.grade, address))
    return menus


def draw_narrower(asked: Asked, choices: Choices, branches: Sequence[Column], address: Address) -> list[Menu]:
    """In the form behind "Narrow": branch, subgroup, teacher, class; those that have choices."""
    filters = asked.filters
    by_name = [(column.key, column.name) for column in branches]
    found = [
        _menu("branch", _("Domain, by its standards"), _("All domains"), by_name, filters.branch, address),
        _menu(
            "subgroup",
            _("Subgroup"),
            _("All students"),
            [(str(row.pk), row.title) for row in choices.subgroups],
            filters.subgroup,
            address,
        ),
        _menu(
            "teacher",
            _("Classes of"),
            _("All teachers"),
            [(str(row.pk), row.name) for row in choices.teachers],
            filters.teacher,
            address,
        ),
        _menu(
            "section",
            _("Class"),
            _("All classes"),
            [(str(row.pk), row.title) for row in choices.sections],
            filters.section,
            address,
        ),
    ]
    return [menu for menu in found if len(menu.choices) > 1]


def draw_chips(asked: Asked, branches: Sequence[Column], address: Address) -> list[Chip]:
    """What narrows the page beyond its toolbar, each with the way without it."""
    branch = next((column.name for column in branches if column.key == asked.branch), "")
    said = [
        (branch, {"branch": ""}),
        (asked.subgroup.title if asked.subgroup else "", {"subgroup": ""}),
        (_("Classes of %(name)s") % {"name": asked.teacher.name} if asked.teacher else "", {"teacher": ""}),
        (asked.section.title if asked.section else "", {"section": ""}),
        (_("beside %(day)s") % {"day": days.said(asked.then.day)} if asked.then else "", {"compare": ""}),
        (_("over the terms") if asked.over else "", {"over": ""}),
    ]
    return [Chip(words, address.to(**gone)) for words, gone in said if words]


def _menu(name: str, label: str, every: str, among: Sequence[tuple[str, str]], chosen: str, address: Address) -> Menu:
    """every: the word for no choice, "" where one has to be chosen."""
    rows = [("", every), *among] if every else list(among)
    found = [Choice(value, words, address.to(**{name: value}), value == chosen) for value, words in rows]
    words = next((choice.words for choice in found if choice.chosen), every)
    return Menu(name, label, words, found)
