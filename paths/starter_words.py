"""Beginnings of sentences that LRM brings: {age band: {part of a goal: lines}}. A district may put its own in place."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paths.models.starter import StarterSet

Band, Part = StarterSet.Band, StarterSet.Part

DEFAULTS: dict[str, dict[str, Sequence[str | Promise]]] = {
    Band.K2: {
        Part.WHAT: (_("I can …"), _("I want to learn to …"), _("I will try to …")),
        Part.WHY: (_("I want this because …"), _("It helps me to …")),
        Part.DONE_WHEN: (_("I can show …"), _("I did it 3 times.")),
        Part.REFLECT: (_("It helped me to …"), _("I felt proud when …")),
    },
    Band.G35: {
        Part.WHAT: (_("I can … without help."), _("I will get better at …"), _("I want to learn how to …")),
        Part.WHY: (_("It matters to me because …"), _("With it I can …"), _("I want to stop feeling stuck when …")),
        Part.DONE_WHEN: (_("I have shown … to somebody."), _("I did … 3 times in a row."), _("I can explain why …")),
        Part.REFLECT: (_("What helped me most was …"), _("First I …, then I …"), _("Next time I will …")),
    },
    Band.G68: {
        Part.WHAT: (_("I can … and explain how."), _("By then I will …"), _("I want to go from … to …")),
        Part.WHY: (_("This matters to me because …"), _("I will use it when …"), _("It brings me closer to …")),
        Part.DONE_WHEN: (_("I have … and can show it."), _("Someone else used my …"), _("I can teach … to a friend.")),
        Part.REFLECT: (_("I used to …, now I …"), _("What made the change was …"), _("I would do … in another way.")),
    },
    Band.G912: {
        Part.WHAT: (_("I can … in a new setting."), _("By then I will have …"), _("I want to find out whether I …")),
        Part.WHY: (_("It matters for what I want to do: …"), _("I chose this because …"), _("It opens the way to …")),
        Part.DONE_WHEN: (_("I have made … and others can use it."), _("I can back … with …"), _("My work shows …")),
        Part.REFLECT: (_("My plan was …; what I did was …"), _("The hardest choice was …"), _("I will keep …")),
    },
}


def band_of(grade: str) -> str:
    """The age band of a grade's code ("KG", "05", "5"). Without a grade: grades 3 to 5, plain and not childish."""
    if grade.upper() in {"PK", "KG", "K"}:
        return Band.K2
    if not grade.isdecimal():
        return Band.G35
    number = int(grade)
    return Band.K2 if number <= 2 else Band.G35 if number <= 5 else Band.G68 if number <= 8 else Band.G912
