"""Which section a page is about: the one named, the one used last, or the first taught."""

from django.shortcuts import get_object_or_404

from lrm.http import Request
from profiles.models import Section

LAST_USED = "section_id"


def sections_of(request: Request) -> list[Section]:
    """Sections for the switcher: those taught by the account, else those that it administers."""
    mine = Section.objects.taught_by if request.user.access.staff_roles else Section.objects.visible_to
    return list(mine(request.user).filter(archived_at__isnull=True).select_related("roster", "course", "session"))


def pick_section(request: Request, pk: int | None, sections: list[Section]) -> Section | None:
    """The section of this page; None where the account has none. Raises Http404 for one that it may not see."""
    if pk is None:
        wanted = request.session.get(LAST_USED)
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
