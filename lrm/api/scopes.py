"""What a token may be used for. A token never opens more than its person may see and do."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SECTIONS_READ = "sections:read"
STANDARDS_READ = "standards:read"
ROSTERS_READ = "rosters:read"
ASSESSMENTS_READ = "assessments:read"
ASSESSMENTS_WRITE = "assessments:write"
RESULTS_READ = "results:read"
RESULTS_WRITE = "results:write"
MASTERY_READ = "mastery:read"
GROUPS_READ = "groups:read"
GROUPS_WRITE = "groups:write"
GOALS_READ = "goals:read"
GOALS_WRITE = "goals:write"
PATHS_READ = "paths:read"
PATHS_WRITE = "paths:write"
WEBHOOKS_READ = "webhooks:read"
WEBHOOKS_WRITE = "webhooks:write"

SCOPES = {
    STANDARDS_READ: _("Read the district's standards, also as CASE"),
    SECTIONS_READ: _("Read which schools and classes there are, without students"),
    ROSTERS_READ: _("Read students, class lists and enrollments"),
    ASSESSMENTS_READ: _("Read which assessments there are, without results"),
    ASSESSMENTS_WRITE: _("Make assessments, and read them"),
    RESULTS_READ: _("Read results of students"),
    RESULTS_WRITE: _("Send results of students, and read assessments"),
    MASTERY_READ: _("Read levels of students, each with its account"),
    GROUPS_READ: _("Read groups and suggestions of my classes"),
    GROUPS_WRITE: _("Accept and close groups of my classes, and read them"),
    GOALS_READ: _("Read goals of students"),
    GOALS_WRITE: _("Write and change goals with students, and read them"),
    PATHS_READ: _("Read paths of students"),
    PATHS_WRITE: _("Tick steps on paths of students, and read them"),
    WEBHOOKS_READ: _("Read which addresses are told of changes"),
    WEBHOOKS_WRITE: _("Register addresses that are told of changes, change and remove them"),
}
OF_THE_DISTRICT = (WEBHOOKS_READ, WEBHOOKS_WRITE)
"""They open nothing to whoever does not administer the whole district."""
SYSTEM_SCOPES = {
    scope: said for scope, said in SCOPES.items() if scope not in (GROUPS_WRITE, GOALS_WRITE, PATHS_WRITE)
} | {
    GROUPS_READ: _("Read groups of classes: topic, time, place and who is in them, without the reasons"),
}
"""Of a token of a system. What people settle with each other, groups, goals and steps, is no system's to write."""
_SECTIONS, _ASSESSMENTS = frozenset({SECTIONS_READ}), frozenset({SECTIONS_READ, ASSESSMENTS_READ})
INCLUDED = {
    ROSTERS_READ: _SECTIONS,
    ASSESSMENTS_READ: _SECTIONS,
    ASSESSMENTS_WRITE: _ASSESSMENTS,
    RESULTS_READ: _ASSESSMENTS,
    RESULTS_WRITE: _ASSESSMENTS,
    MASTERY_READ: _SECTIONS,
    GROUPS_READ: _SECTIONS,
    GROUPS_WRITE: _SECTIONS | {GROUPS_READ},
    GOALS_READ: _SECTIONS,
    GOALS_WRITE: _SECTIONS | {GOALS_READ},
    PATHS_READ: _SECTIONS,
    PATHS_WRITE: _SECTIONS | {PATHS_READ},
    WEBHOOKS_READ: _SECTIONS,
    WEBHOOKS_WRITE: _SECTIONS | {WEBHOOKS_READ},
}
"""What else a scope opens, whole: it is not looked up a second time."""


def without_district(words: "Mapping[str, StrOrPromise]") -> "list[tuple[str, StrOrPromise]]":
    """As choices of a form, for who has no rights in the whole district."""
    return [(scope, said) for scope, said in words.items() if scope not in OF_THE_DISTRICT]


def said_of(scopes: Collection[str], words: "Mapping[str, StrOrPromise]" = SCOPES) -> list[str]:
    """What these scopes open, in words and in one order; what another one of them includes is not said twice."""
    inside = frozenset[str]().union(*(INCLUDED.get(scope, frozenset()) for scope in scopes))
    return [str(said) for scope, said in ({**SCOPES, **words}).items() if scope in scopes and scope not in inside]


def opened_by(scopes: list[str]) -> frozenset[str]:
    """These scopes, and those that they include."""
    return frozenset(scopes).union(*(INCLUDED.get(scope, frozenset()) for scope in scopes))
