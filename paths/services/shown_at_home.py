"""Showing good news at home: what, in which words, and taking it back."""

from datetime import datetime

from paths.models import Reflection, ShownAtHome
from paths.services.celebrations import Celebration
from profiles.models import Learner


def own_words(learner: Learner, rise: Celebration) -> str:
    """What the learner wrote last on a goal for the standard, to begin with. One statement."""
    rows = Reflection.objects.filter(goal__learner=learner, goal__standards=rise.standard, is_draft=False)
    texts = rows.exclude(text="").order_by("-at", "-pk").values_list("text", flat=True)
    text = next(iter(texts[:1]), "")
    return text if len(text) <= 280 else text[:279].rstrip() + "…"


def show_at_home(*, learner: Learner, rise: Celebration, words: str, now: datetime) -> ShownAtHome:
    """The family reads it from now on. Shown again, its words are the newer ones; it stays one."""
    row, _is_new = ShownAtHome.objects.update_or_create(
        learner=learner,
        standard=rise.standard,
        on=rise.on,
        defaults={
            "before": rise.before[:40],
            "after": rise.after[:40],
            "words": words.strip(),
            "shown_at": now,
            "taken_back_at": None,
        },
    )
    return row


def take_back(*, shown: ShownAtHome, now: datetime) -> None:
    """The family does not read it any more. What it said is kept for the learner, who may show it again."""
    ShownAtHome.objects.filter(pk=shown.pk, taken_back_at=None).update(taken_back_at=now)
