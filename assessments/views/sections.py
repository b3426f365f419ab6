"""Which section a page is about: the one named, the one used last, or the one with the newest assessment."""

from typing import Any

from django.shortcuts import get_object_or_404

from assessments.models import Assessment
from lrm.http import Request
from profiles.models import Section

LAST_USED = "section_id"
MANY = 60
"""So many classes stand in the switcher; an administrator of more finds one of another school by its name."""


def sections_of(request: Request, pk: int | None) -> list[Section]:
    """Sections for the switcher: those taught by the account, else those that it administers, without their blocks.

    Who administers more than MANY has those of one school there: of the section pk, else of the one used last.
    """
    if request.user.access.staff_roles:
        mine = Section.objects.taught_by(request.user)
    else:
        mine = Section.objects.visible_to(request.user).filter(block__isnull=True)
    mine = mine.filter(archived_at__isnull=True).select_related("roster", "course", "session")
    found = list(mine[: MANY + 1])
    if len(found) <= MANY:
        return found
    wanted: Any = pk or request.session.get(LAST_USED)
    school = Section.objects.filter(pk=wanted).values("roster__school")
    return list(mine.filter(roster__school__in=school)) or found[:MANY]


def taught_section(request: Request, pk: int | None) -> tuple[list[Section], Section | None]:
    """(sections for the switcher, the section of this page), where only those who teach may be. Raises Http404."""
    taught = Section.objects.taught_by(request.user).filter(archived_at__isnull=True)
    sections = list(taught.select_related("roster", "course", "session", "district", "block"))
    if pk is not None:
        get_object_or_404(Section.objects.taught_by(request.user), pk=pk)
    return sections, pick_section(request, pk, sections)


def pick_section(request: Request, pk: int | None, sections: list[Section]) -> Section | None:
    """The section of this page; None where the account has none. Raises Http404 for one that it may not see."""
    if pk is None:
        wanted = request.session.get(LAST_USED)
        if all(section.pk != wanted for section in sections):
            wanted = _newest_work(sections)
        return next((section for section in sections if section.pk == wanted), sections[0] if sections else None)
    section = next((section for section in sections if section.pk == pk), None)
    if section is None:
        visible = Section.objects.visible_to(request.user).select_related("roster", "course", "session")
        section = get_object_or_404(visible, pk=pk)
    remember_section(request, section.pk)
    return section


def remember_section(request: Request, pk: int) -> None:
    if request.session.get(LAST_USED) != pk:
        request.session[LAST_USED] = pk


def _newest_work(sections: list[Section]) -> int | None:
    """The id of the section with the newest assessment; None where there is nothing to choose."""
    if len(sections) < 2:
        return None
    assessments = Assessment.objects.filter(section__in=sections, archived_at__isnull=True)
    return assessments.order_by("-given_on", "-pk").values_list("section_id", flat=True).first()
