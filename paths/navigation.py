"""Where a person can go from here: the rail of staff, the top bar of learners and families."""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext as _

from lrm import policy
from lrm.http import Request
from lrm.wording import Words, spoken

MOST_SHOWN = 99


def items(request: Request) -> tuple[dict, ...]:
    """Dicts: name, url, icon (lucide), key (after g), current (bool). Pages mark themselves by `request.nav`."""
    here = getattr(request, "nav", request.resolver_match.view_name if request.resolver_match else "")
    return _items(request.user.roles, here, spoken(), min(getattr(request, "unread_talks", 0), MOST_SHOWN))


@cache
def _items(roles: frozenset[str], here: str, _spoken: tuple[str | None, Words], unread: int) -> tuple[dict, ...]:
    """The same for everybody with these roles on this page, so its words and addresses are looked up once.

    unread: messages; counted by the pages of conversations and by nobody else, since each page would need a statement.
    """
    if roles & set(policy.STAFF):
        entries = staff_entries(roles)
    elif policy.LEARNER in roles:
        entries = [
            (_("Home"), "home", "house", "t"),
            (_("Goals"), "goals", "flag", "o"),
            (_("My path"), "my_path", "route", "p"),
            (_("My work"), "my_work", "folder", "w"),
            (_("Talk"), "talks", "message-square", "m"),
        ]
    else:
        entries = [(_("Home"), "home", "house", "t")]
        if policy.GUARDIAN in roles:
            entries.append((_("Talk"), "talks", "message-square", "m"))
    return tuple(
        {"name": name, "url": reverse(route), "icon": icon, "key": key, "current": here == route}
        | ({"count": unread} if unread and route == "talks" else {})
        for name, route, icon, key in entries
    )


def staff_entries(roles: frozenset[str]) -> list[tuple[str, str, str, str]]:
    entries = []
    if policy.TEACHER in roles:
        entries += [
            (_("Today"), "today", "text-align-start", "t"),
            (_("Wall"), "wall", "table-2", "w"),
            (_("Enter"), "enter", "pencil-line", "e"),
            (_("Groups"), "groups", "users", "g"),
        ]
    if roles & set(policy.ADMINS):
        entries.append((_("School"), "school", "school", "c"))
        entries.append((_("Coverage"), "coverage", "list-checks", "v"))
        entries.append((_("Impact"), "impact", "trending-up", "i"))
    entries.append((_("Students"), "learners", "user", "s"))
    if policy.TEACHER in roles:
        entries.append((_("Goals"), "goals", "flag", "o"))
    entries.append((_("Messages"), "talks", "message-square", "m"))
    entries.append((_("Standards"), "standards", "list-tree", "d"))
    if roles & set(policy.ADMINS):
        entries.append((_("Levels"), "policy", "scale", "l"))
        entries.append((_("Staff"), "staff", "id-card-lanyard", "a"))
    if policy.DISTRICT_ADMIN in roles:
        entries.append((_("Rosters"), "roster_import", "contact-round", "r"))
    return entries
