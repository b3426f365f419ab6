"""What a token may be used for. A token never opens more than its person may see and do."""

from django.utils.translation import gettext_lazy as _

GROUPS_READ = "groups:read"
GROUPS_WRITE = "groups:write"
STANDARDS_READ = "standards:read"

SCOPES = {
    STANDARDS_READ: _("Read the district's standards, also as CASE"),
    GROUPS_READ: _("Read groups and suggestions of my classes"),
    GROUPS_WRITE: _("Accept and close groups of my classes, and read them"),
}
INCLUDED = {GROUPS_WRITE: frozenset({GROUPS_READ})}


def opened_by(scopes: list[str]) -> frozenset[str]:
    """These scopes, and those that they include."""
    return frozenset(scopes).union(*(INCLUDED.get(scope, frozenset()) for scope in scopes))
