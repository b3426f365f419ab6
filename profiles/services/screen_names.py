"""Choosing, and taking back, the name under which one's good news may stand on the class screen."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from profiles.models import Enrollment, Learner, ScreenName

ANIMALS = {
    "badger": pgettext_lazy("screen name", "Badger"),
    "bear": pgettext_lazy("screen name", "Bear"),
    "beaver": pgettext_lazy("screen name", "Beaver"),
    "crane": pgettext_lazy("screen name", "Crane"),
    "deer": pgettext_lazy("screen name", "Deer"),
    "dolphin": pgettext_lazy("screen name", "Dolphin"),
    "eagle": pgettext_lazy("screen name", "Eagle"),
    "falcon": pgettext_lazy("screen name", "Falcon"),
    "fox": pgettext_lazy("screen name", "Fox"),
    "frog": pgettext_lazy("screen name", "Frog"),
    "hare": pgettext_lazy("screen name", "Hare"),
    "hedgehog": pgettext_lazy("screen name", "Hedgehog"),
    "heron": pgettext_lazy("screen name", "Heron"),
    "horse": pgettext_lazy("screen name", "Horse"),
    "lynx": pgettext_lazy("screen name", "Lynx"),
    "otter": pgettext_lazy("screen name", "Otter"),
    "owl": pgettext_lazy("screen name", "Owl"),
    "panda": pgettext_lazy("screen name", "Panda"),
    "puffin": pgettext_lazy("screen name", "Puffin"),
    "seal": pgettext_lazy("screen name", "Seal"),
    "squirrel": pgettext_lazy("screen name", "Squirrel"),
    "swan": pgettext_lazy("screen name", "Swan"),
    "turtle": pgettext_lazy("screen name", "Turtle"),
    "whale": pgettext_lazy("screen name", "Whale"),
}
PLACES = {
    "forest": pgettext_lazy("screen name", "of the forest"),
    "garden": pgettext_lazy("screen name", "of the garden"),
    "hill": pgettext_lazy("screen name", "of the hill"),
    "island": pgettext_lazy("screen name", "of the island"),
    "lake": pgettext_lazy("screen name", "of the lake"),
    "meadow": pgettext_lazy("screen name", "of the meadow"),
    "moon": pgettext_lazy("screen name", "of the moon"),
    "mountain": pgettext_lazy("screen name", "of the mountain"),
    "north": pgettext_lazy("screen name", "of the north"),
    "river": pgettext_lazy("screen name", "of the river"),
    "sea": pgettext_lazy("screen name", "of the sea"),
    "wind": pgettext_lazy("screen name", "of the wind"),
}


class NotOffered(ValueError):
    """Two words that are not on the lists."""


class TakenByClassmate(ValueError):
    """A classmate already stands on the screen under these words."""


def said(animal: str, place: str) -> str:
    """The two words together: "Otter of the river"."""
    return _("%(animal)s %(place)s") % {"animal": ANIMALS[animal], "place": PLACES[place]}


@dataclass(frozen=True)
class Alias:
    """What the class screen may say about one learner."""

    learner_id: int
    said: str


def aliases_on(roster_learner_ids: list[int]) -> list[Alias]:
    """Of those who want to be told about, by the words themselves. One statement.

    Where two have the same words, as after one joined the class, neither is told about: nobody knows whose news it is.
    """
    rows = list(ScreenName.objects.filter(learner__in=roster_learner_ids).values_list("learner_id", "animal", "place"))
    times = Counter((animal, place) for _learner, animal, place in rows)
    found = [Alias(learner, said(animal, place)) for learner, animal, place in rows if times[animal, place] == 1]
    return sorted(found, key=lambda alias: alias.said)


@transaction.atomic
def choose(*, learner: Learner, animal: str, place: str) -> ScreenName:
    """Stand on the class screen under these words. Raises NotOffered, TakenByClassmate: nothing was changed.

    Classmates are those of any roster on which the learner is today.
    """
    if animal not in ANIMALS or place not in PLACES:
        raise NotOffered(gettext_noop("Pick both words from the lists."))
    today = timezone.localdate()
    rosters = sorted(learner.enrollments.on(today).values_list("roster_id", flat=True))
    with connection.cursor() as cursor:
        # Of two classmates who pick the same words at once the second one sees the first.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('screen name', r)) FROM unnest(%s::bigint[]) r", [rosters]
        )
    classmates = Enrollment.objects.of_learners().on(today).filter(roster__in=rosters).values("learner_id")
    taken = ScreenName.objects.filter(learner__in=classmates, animal=animal, place=place).exclude(learner=learner)
    if taken.exists():
        raise TakenByClassmate(gettext_noop("Somebody in your class has these words."))
    row, _created = ScreenName.objects.update_or_create(
        learner=learner, defaults={"animal": animal, "place": place, "chosen_at": timezone.now()}
    )
    return row


def take_back(*, learner: Learner) -> None:
    """Be counted only. Taking back twice is taking back once."""
    ScreenName.objects.filter(learner=learner).delete()
