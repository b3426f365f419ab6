"""Each model says which of its fields are about a person, why they are kept, and for how long.

A field that is neither declared personal nor plain fails tests/lrm/test_privacy.py.
"""

from dataclasses import dataclass, field

ENROLLED = "while enrolled, then by the district's retention policy"
YEAR = "one school year"


@dataclass(frozen=True)
class Privacy:
    """about: whom the row is about: "learner", "staff", "guardian", "account" or "nobody".

    personal: field name -> purpose, in words that a parent understands.
    plain: names, separated by spaces, of fields that say nothing about a person on their own.
    keep: how long the row stays.
    """

    about: str
    keep: str = ""
    personal: dict[str, str] = field(default_factory=dict)
    plain: str = ""

    def __post_init__(self) -> None:
        if self.personal and (self.about == "nobody" or not self.keep):
            raise ValueError("Personal fields need a person whom they are about, and a time to keep them.")

    def declares(self, name: str) -> bool:
        return name in self.personal or name in self.plain.split()


NOBODY = Privacy(about="nobody")
"""A model without any field about a person: frameworks, standards, calendars."""

# Tables that libraries bring; what they hold about people stands here, since they cannot say it themselves.
FOREIGN: dict[str, Privacy] = {
    "account.EmailAddress": Privacy(
        about="account", keep=ENROLLED, personal={"email": "to sign in and to be written to"}
    ),
    "account.EmailConfirmation": NOBODY,  # not used: the school knows its people's addresses
    "auth.Group": NOBODY,  # not used: rights follow enrollments
    "auth.Permission": NOBODY,  # not used
    "contenttypes.ContentType": NOBODY,
    "mfa.Authenticator": Privacy(
        about="account", keep=ENROLLED, personal={"data": "to ask staff for a second factor at sign-in"}
    ),
    "sessions.Session": Privacy(
        about="account",
        keep="until sign-out or expiry",
        personal={"session_data": "to stay signed in, and to hold words whose session had ended until they are sent"},
    ),
    "socialaccount.SocialAccount": Privacy(
        about="account", keep=ENROLLED, personal={"uid": "to sign in with the district's own account"}
    ),
    "socialaccount.SocialApp": NOBODY,
    "socialaccount.SocialToken": NOBODY,  # not stored: SOCIALACCOUNT_STORE_TOKENS is off
}
