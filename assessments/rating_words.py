"""What each level means in a learner's own mouth, for whoever says where they see themselves."""

from django.utils.translation import gettext_lazy as _

from assessments.services.policies import InForce

FIRST = _("I am just starting.")
ON_THE_WAY = _("I can do some of it, or all of it with help.")
ALONE = _("I can do it on my own.")
BEYOND = _("I can do it in new ways and explain it to others.")


def rating_choices(policy: InForce) -> list[dict]:
    """Dicts level, word, says, lowest level first: the district's word, and a sentence that says what it is like."""
    mastery = policy.scale.mastery_level
    return [
        {"level": level, "word": word, "says": _sentence(level, mastery)}
        for level, word in enumerate(policy.words, start=1)
    ]


def _sentence(level: int, mastery: int) -> str:
    if level >= mastery:
        return str(ALONE if level == mastery else BEYOND)
    return str(FIRST if level == 1 else ON_THE_WAY)
