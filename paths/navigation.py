"""Where a person can go from here: the rail of staff, the top bar of learners and families."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from lrm import policy
from lrm.http import Request


def items(request: Request) -> list[dict]:
    """Dicts: name, url, icon (lucide), key (after g), current (bool). Pages mark themselves by `request.nav`."""
    roles = request.user.roles
    if roles & set(policy.STAFF):
        entries = staff_entries(request, roles)
    elif policy.LEARNER in roles:
        entries = [
            (_("Home"), "home", "house", "t"),
            (_("Goals"), "goals", "flag", "o"),
            (_("My path"), "my_path", "route", "p"),
        ]
    else:
        entries = [(_("Home"), "home", "house", "t")]
    here = getattr(request, "nav", request.resolver_match.view_name if request.resolver_match else "")
    found = []
    for name, route, icon, key in entries:
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        found.append({"name": name, "url": url, "icon": icon, "key": key, "current": here == route})
    return found


def staff_entries(request: Request, roles: frozenset[str]) -> list[tuple[str, str, str, str]]:
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
    entries.append((_("Students"), "learners", "user", "s"))
    if policy.TEACHER in roles:
        entries.append((_("Goals"), "goals", "flag", "o"))
    entries.append((_("Standards"), "standards", "list-tree", "d"))
    if policy.DISTRICT_ADMIN in roles:
        entries.append((_("Rosters"), "roster_import", "contact-round", "r"))
    return entries
