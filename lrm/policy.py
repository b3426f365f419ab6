"""Every route says who may use it; a route that does not say is refused, and fails a test.

A policy answers "may this kind of person come here at all?". Which rows they then see is `visible_to`.
What a person may not see is 404, as if it did not exist; someone who is not signed in is sent to the sign-in page.
"""

from collections.abc import Callable
from dataclasses import dataclass

ANYONE = "anyone"
SIGNED_IN = "signed_in"  # also who has no role today: not yet on a list, or no longer
LEARNER = "learner"
GUARDIAN = "guardian"
TEACHER = "teacher"  # with co-teacher, aide and substitute: whoever has a staff enrollment today
SCHOOL_ADMIN = "school_admin"
DISTRICT_ADMIN = "district_admin"
SYSTEM = "system"  # an integration: beside the administrator's role that says which schools it reaches

STAFF = (TEACHER, SCHOOL_ADMIN, DISTRICT_ADMIN)
ADMINS = (SCHOOL_ADMIN, DISTRICT_ADMIN)
EVERYBODY = (LEARNER, GUARDIAN, *STAFF)


@dataclass(frozen=True)
class Policy:
    roles: tuple[str, ...]
    why: str = ""

    @property
    def is_public(self) -> bool:
        """Nobody needs to sign in, and no rights are read."""
        return ANYONE in self.roles

    def admits(self, roles: frozenset[str]) -> bool:
        """roles: what a signed-in account is today; empty for one on no list."""
        return not roles.isdisjoint(self.roles) or not {ANYONE, SIGNED_IN}.isdisjoint(self.roles)


def allow(*roles: str, why: str = "") -> Callable:
    """Declare who may use a view. `allow(ANYONE)` needs the reason why it is public."""
    flat = tuple(roles)
    if not flat or (ANYONE in flat and not why):
        raise ValueError("A policy names its roles; a public view says why it is public.")

    def declare(view: Callable) -> Callable:
        view.policy = Policy(flat, why)  # type: ignore[attr-defined]  # read by policy_of
        return view

    return declare


# Views of libraries cannot be decorated; their policies stand here, by route name.
_FORGOT = "Whoever forgot a password is not signed in; the link in the mail is the proof."
FOREIGN: dict[str, Policy] = {
    "account_reset_password": Policy((ANYONE,), _FORGOT),
    "account_reset_password_done": Policy((ANYONE,), _FORGOT),
    "account_reset_password_from_key": Policy((ANYONE,), _FORGOT),
    "account_reset_password_from_key_done": Policy((ANYONE,), _FORGOT),
    "account_inactive": Policy((ANYONE,), "Says to whoever was switched off whom to ask; names nobody."),
}


def policy_of(view: Callable, route: str) -> Policy | None:
    """The declared policy of a resolved view, or None where nobody declared one."""
    return (
        FOREIGN.get(route)
        or getattr(view, "policy", None)
        or getattr(getattr(view, "view_class", None), "policy", None)
    )
