"""The one order of a class list: on screens, in the grid and on paper, so that line 7 is line 7 everywhere."""

from profiles.models import Learner


def class_order(learner: Learner) -> tuple[str, str, int]:
    """The key to sort learners by: first name, family name."""
    return learner.first_name, learner.family_name, learner.pk
