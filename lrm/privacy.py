"""Each model says which of its fields are about a person: why they are kept, of which kind they are, for how long, how
they come into a learner's copy of everything, and what becomes of them when a learner is erased.

A field that is neither declared personal nor plain fails tests/lrm/test_privacy.py. The copy, the erasure and the
nightly retention walk these declarations, and docs/data-inventory.md is written from them.
"""

from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Category:
    """words, holds: for people.    days: after leaving, as shipped; None where time does not end it.

    stays: what of it waits for names and sign-in where its own days are fewer, since it moves under a key without a
    name then (ANONYMOUS) and never before.
    """

    words: Promise
    holds: Promise
    days: int | None
    stays: Promise | str = ""

    def told(self, *, is_last: bool) -> str:
        """What it holds, for people. is_last: nothing of it waits, since names and sign-in go with it."""
        return str(self.holds) if is_last or not self.stays else f"{self.holds} {self.stays}"


LEFT = "left_on"
"""What time is counted from where a record stays as long as its learner is at the school."""

CATEGORIES: dict[str, Category] = {
    "identity": Category(
        _("Names and sign-in"), _("Name, grade, student ID, how somebody signs in, settings of the own account."), 1096
    ),
    "classes": Category(
        _("Classes and family"),
        _("Class lists, who of the family may read along."),
        1096,
        _("Class lists of the past stay as long as names do."),
    ),
    "results": Category(
        _("Results and levels"),
        _("Results, levels and how they came about."),
        1096,
        _("Results and levels stay as long as names do; what was written to them goes."),
    ),
    "groups": Category(
        _("Groups"),
        _("Who learned in which group, why, and what was suggested."),
        366,
        _("Who learned in which group stays as long as names do; why, and what was suggested, goes."),
    ),
    "learning": Category(
        _("Goals, paths and work"), _("Goals, steps, work handed in, the student’s own words and ratings."), 366
    ),
    "talks": Category(_("Conversations and polls"), _("Messages, meetings, polls, help among students."), 366),
    "notes": Category(_("Supports and notes of staff"), _("What was agreed to help, and notes among staff."), 366),
    "logs": Category(_("Who looked, who signed in"), _("The record of who opened what, and of signing in."), None),
    "running": Category(_("Who did what for the school"), _("Which adult set up, decided or changed something."), None),
    "passing": Category(_("On the way"), _("Files that wait for a decision, drafts, work of the machine."), None),
}
"""The kinds of personal fields. The first seven are counted from the day on which a learner left."""


@dataclass(frozen=True)
class Keep:
    """How long a row stays.

    days: after `since`, a date or time of the row (a lookup); None where the row's category or its owner ends it.
    """

    words: str
    days: int | None = None
    since: str = ""


ENROLLED = Keep(
    "while enrolled, then as long as the district keeps this kind, or the last school, if shorter", since=LEFT
)
ACCOUNT = Keep("as long as the account")
RECORD = Keep("as long as the record of the school that it is part of")
DISTRICT = Keep("as long as the district")


def kept(days: int, since: str, words: str) -> Keep:
    return Keep(words, days, since)


@dataclass(frozen=True)
class Path:
    """What becomes of rows in a copy or an erasure. how: for the code; words: for people."""

    how: str
    words: str


IN_COPY = Path("rows", "in the learner's copy, row by row")
SHARED = Path("part", "the learner's part of it is in the copy")
FOR_STAFF = Path("notes", "in the copy, unless whoever makes it leaves out notes that are for staff only, and says so")
DELETED = Path("deleted", "deleted with the learner")
ANONYMOUS = Path("anonymous", "stays under a key without a name, so that counts and levels of the past stay true")
CUT = Path("cut", "the learner's part is cut out; the rest is about others")
WITH_ACCOUNT = Path("account", "deleted with the account; where somebody else's record goes on, only the name goes")


def withheld(why: str) -> Path:
    """Not in a learner's copy, because ..."""
    return Path("withheld", f"not in the copy: {why}")


NOT_A_LEARNER = withheld("it is about adults of the school")


@dataclass(frozen=True)
class AdultWay:
    """How a row comes into an adult's copy, and what becomes of it when the adult is erased, in words for people."""

    export: str
    erase: str


OWN = AdultWay("row by row, but for files on the way and secrets", "deleted")
OF_SCHOOL = AdultWay("how many, from when to when, or what is about nobody else", "stays, under a word without a name")


@dataclass(frozen=True)
class Privacy:
    """about: whom the row is about: "learner", "staff", "guardian", "account" or "nobody".

    category: a key of CATEGORIES.    keep: how long the row stays.
    personal: field name -> purpose, in words that a parent understands.
    plain: names, separated by spaces, of fields that say nothing about a person on their own.
    hidden: of the personal fields, those that no copy shows: what one signs in with.
    inferred: field -> how a machine worked it out, in words that a parent understands.
    others: fields with the names, words or acts of other children, which a copy leaves out.
    files: the field that names a stored file (`lrm.file_store`).
    ways: lookups, separated by spaces, that lead from a row to its learners, where the nearest ones are not all.
    of_school: fields that lead to an adult's account, whose rows are the school's and outlive that person.
    """

    about: str
    category: str = ""
    keep: Keep | None = None
    personal: dict[str, str] = field(default_factory=dict)
    plain: str = ""
    hidden: str = ""
    inferred: dict[str, str] = field(default_factory=dict)
    others: str = ""
    files: str = ""
    ways: str = ""
    of_school: str = ""
    export: Path | None = None
    erase: Path | None = None

    def __post_init__(self) -> None:
        if self.personal and (self.about == "nobody" or self.keep is None):
            raise ValueError("Personal fields need a person whom they are about, and a time to keep them.")
        if self.personal and self.category not in CATEGORIES:
            raise ValueError("Personal fields need a category of lrm.privacy.CATEGORIES.")
        named = {*self.hidden.split(), *self.inferred, *self.others.split(), *self.files.split()}
        named |= set(self.of_school.split())
        if not named <= {*self.personal, *self.plain.split()}:
            raise ValueError("What is hidden, inferred, of others or a file is a declared field.")

    def declares(self, name: str) -> bool:
        return name in self.personal or name in self.plain.split()

    def fields_for(self, use: str) -> list[str]:
        """Personal fields whose declared purpose names this use, by name; for it no other may be looked at."""
        return sorted(name for name, purpose in self.personal.items() if use in purpose)

    @property
    def in_copy(self) -> Path:
        return self.export or (NOT_A_LEARNER if self.about == "staff" else IN_COPY)

    @property
    def in_erasure(self) -> Path:
        return self.erase or (DELETED if self.about == "learner" else WITH_ACCOUNT)

    def way_of_adult(self, field: models.Field) -> "AdultWay":
        """What becomes of a row for the adult whom this field names: all of it theirs, or what they did for the school.

        Theirs is what would be nothing without them: the row goes with the account.
        """
        is_own = not field.null and field.remote_field.on_delete is models.CASCADE  # type: ignore[union-attr]  # a foreign key
        return OWN if is_own and field.name not in self.of_school.split() else OF_SCHOOL


NOBODY = Privacy(about="nobody")
"""A model without any field about a person: frameworks, standards, calendars."""

# Tables that libraries bring; what they hold about people stands here, since they cannot say it themselves.
FOREIGN: dict[str, Privacy] = {
    "account.EmailAddress": Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={"user": "to sign in", "email": "to sign in and to be written to"},
        plain="id verified primary",
    ),
    "account.EmailConfirmation": NOBODY,  # not used: the school knows its people's addresses
    "auth.Group": NOBODY,  # not used: rights follow enrollments
    "auth.Permission": NOBODY,  # not used
    "contenttypes.ContentType": NOBODY,
    "mfa.Authenticator": Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={
            "user": "to ask for a second factor at sign-in",
            "data": "to ask for a second factor at sign-in",
            "created_at": "to know since when there is a second factor",
            "last_used_at": "to find factors that nobody uses",
        },
        plain="id type",
        hidden="data",
    ),
    "sessions.Session": Privacy(
        about="account",
        category="logs",
        keep=kept(0, "expire_date", "until sign-out or expiry"),
        personal={"session_data": "to stay signed in, and to hold words whose session had ended until they are sent"},
        plain="session_key expire_date",
        hidden="session_data",
        export=withheld("it is what keeps a browser signed in"),
        erase=Path("cut", "ended with the account; words about the learner that wait in others' sessions go too"),
    ),
    "socialaccount.SocialAccount": Privacy(
        about="account",
        category="identity",
        keep=ACCOUNT,
        personal={
            "user": "to sign in with the district's own account",
            "uid": "to sign in with the district's own account",
            "last_login": "to find accounts that nobody uses",
            "date_joined": "to know since when it is used",
            "extra_data": "to sign in with the district's own account",
        },
        plain="id provider",
    ),
    "socialaccount.SocialApp": NOBODY,
    "socialaccount.SocialToken": NOBODY,  # not stored: SOCIALACCOUNT_STORE_TOKENS is off
}


def privacy_of(model: type) -> Privacy:
    """What the model declares, or what stands here for a table of a library."""
    declared = getattr(model, "privacy", None)
    return declared if isinstance(declared, Privacy) else FOREIGN[model._meta.label]  # type: ignore[attr-defined]  # a Django model
