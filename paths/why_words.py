"""What LRM says on goals, levels and trying again where neither school nor district has words of its own."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTS = ("goals", "levels", "trying")

HEADINGS: Mapping[str, str | Promise] = {
    "goals": _("Why we set goals"),
    "levels": _("What a level says"),
    "trying": _("Why you can try again"),
}

DEFAULTS: Mapping[str, str | Promise] = {
    "goals": _(
        "A goal is yours. You say what you want to learn and why. Then you can see how far you have come.\n"
        "Small steps help. You can change your goal, or keep it for later. That is all right."
    ),
    "levels": _(
        "A level says what your work shows right now. It does not say who you are.\n"
        "It comes from your own work and from nothing else. New work counts most, so a level can change.\n"
        "Tap a level to see how it came about."
    ),
    "trying": _(
        "Not all of us learn a thing on the same day. What counts is what you can do in the end.\n"
        "So you can try again. First practice, then show us what you did. Your new try takes the place of the old ones."
    ),
}
