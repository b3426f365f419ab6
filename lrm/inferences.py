"""What LRM works out about learners without storing it, beside what models declare as `inferred` (lrm/privacy.py).

Where `objection` is true LRM goes on, while an objection stands, as if it knew nothing there. The level that is shown
comes from results by the district's method and is the school's own record of them: it is corrected or set by a teacher,
with a reason, and not by an objection. So are days and groups: that a step takes longer than planned, and who sat where
how often, is counted and not estimated.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Inference:
    """what, how: for people.    used: for what.    objection: whether one may object."""

    what: Promise
    how: Promise
    used: Promise
    objection: bool


COMPUTED = (
    Inference(
        _("How sure a level is."),
        _("From how many results there are, how old they are and how well they agree."),
        _("Staff see “sure” or “check again” beside a level."),
        True,
    ),
    Inference(
        _("Who needs what next, and with whom."),
        _("From levels and how sure they are, for the standards that a class works on."),
        _("A teacher gets a suggestion of groups, with a reason for each student, and decides."),
        True,
    ),
    Inference(
        _("Suggested strengths and next needs."),
        _("The standards with the best and the lowest levels of late."),
        _("They stand beside the student’s own profile; nothing enters it by itself."),
        True,
    ),
    Inference(
        _("Next steps that fit."),
        _("From goals, interests in the student’s own words, and what is met already."),
        _("Steps are offered with a reason; nobody is moved without a person’s choice."),
        True,
    ),
    Inference(
        _("A step that is stuck."),
        _("From how long a step has been next against its plan."),
        _("The teacher sees it on Today."),
        False,
    ),
    Inference(
        _("Newer results disagree with a teacher."),
        _("From three or more results since a teacher set a level."),
        _("Staff see a mark; the teacher’s level stays."),
        True,
    ),
    Inference(
        _("Whether a group, a path or a support helped."),
        _("What was to be expected from results before is held against results since, beside similar students."),
        _("Staff read what came of many together; nobody reads it of one student, and no student is ranked by it."),
        True,
    ),
    Inference(
        _("Many times in the group with the most to learn."),
        _("From the groups of the last weeks."),
        _("The teacher is asked to think about it; nobody else is told."),
        False,
    ),
)
