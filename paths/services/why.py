"""The why in force: the school's words before the district's, before those of LRM; each part by itself."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from paths.models import WhyRead, WhyText
from paths.why_words import DEFAULTS, HEADINGS, PARTS
from profiles.models import Account, Learner, School


class WhyChanged(Exception):
    """Somebody else stored other words first. `newest` is what stands now; nothing was stored."""

    def __init__(self, newest: WhyText | None) -> None:
        super().__init__("The words have changed meanwhile.")
        self.newest = newest


@dataclass(frozen=True)
class Part:
    """whose: "school", "district" or "" for LRM."""

    name: str
    heading: str
    text: str
    whose: str


def why_of_school(school: School | None) -> list[Part]:
    """The parts in order, as people of this school read them; None: as the district does. One statement."""
    of_school = newest(school) if school else None
    of_district = newest(None)
    found = []
    for name in PARTS:
        words = [
            (getattr(row, name), whose) for row, whose in ((of_school, "school"), (of_district, "district")) if row
        ]
        text, whose = next(((text, whose) for text, whose in words if text), (str(DEFAULTS[name]), ""))
        found.append(Part(name, str(HEADINGS[name]), text, whose))
    return found


def school_of(account: Account) -> School | None:
    """Whose words this person reads: the own school, a child's, or None for the district's."""
    access = account.access
    own = Learner.objects.filter(Q(pk=access.learner_id) | Q(pk__in=access.ward_ids)).select_related("home_school")
    learner = own.order_by("pk").first()
    return learner.home_school if learner else None


def newest(school: School | None) -> WhyText | None:
    """The wording in force of this school, or of the district."""
    return WhyText.objects.filter(school=school).order_by("-at", "-pk").first()


def history_of(school: School | None) -> list[WhyText]:
    """All wordings, newest first."""
    return list(WhyText.objects.filter(school=school).select_related("by"))


@transaction.atomic
def save_why(*, school: School | None, words: dict[str, str], seen: int, by: Account, now: datetime) -> WhyText | None:
    """Put these words in force; an empty part gives way to the next ones. The same words again change nothing.

    seen: id of the wording that the form was opened with, 0 for none. Raises WhyChanged.
    """
    stands = WhyText.objects.select_for_update().filter(school=school).order_by("-at", "-pk").first()
    words = {name: words[name].strip() for name in PARTS}
    if words == {name: getattr(stands, name) if stands else "" for name in PARTS}:
        return stands
    if (stands.pk if stands else 0) != seen:
        raise WhyChanged(stands)
    return WhyText.objects.create(district_id=by.district_id, school=school, by=by, at=now, **words)


def has_read(account: Account) -> bool:
    """Asked once a sign-in, so that Home asks nothing."""
    return WhyRead.objects.filter(account_id=account.pk).exists()


def put_aside(*, account: Account, now: datetime) -> None:
    """Not shown at sign-in again; the page stays one tap away."""
    WhyRead.objects.get_or_create(account=account, defaults={"at": now})
