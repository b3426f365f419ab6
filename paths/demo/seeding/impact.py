"""What the demo principal has asked: one question with an answer, and one that cannot be answered yet."""

from zoneinfo import ZoneInfo

from paths.demo.seeding.plan import SUBJECTS, Scene
from paths.models import ImpactQuestion
from paths.services import impact
from paths.services.impact_choices import Choice, read_choices
from profiles.models import AdminRole, Support

About = ImpactQuestion.About
ASKED = ((About.SUPPORTS, Support.Kind.EXTRA_TIME), (About.GROUPS, ""))


def answer_questions(scene: Scene) -> int:
    """Returns how many. Answers are worked out as for anybody: nothing in them is invented."""
    school = next(room.school for room in scene.rooms if room.plan.is_main)
    principal = AdminRole.objects.filter(school=school).order_by("pk").first()
    subject = _subject(school.pk)
    if principal is None or subject is None:
        return 0
    for number, (about, kind) in enumerate(ASKED):
        question = ImpactQuestion.objects.create(
            uuid=scene.uuid("impact", about),
            district=scene.district,
            about=about,
            kind=kind,
            on=subject.label,
            standard_ids=list(subject.standard_ids),
            school_ids=[school.pk],
            since=scene.term.starts_on,
            until=scene.days[-1],
            asked_by=principal.account,
            asked_at=scene.at(scene.days[-1], 9, number),
        )
        zone = ZoneInfo(scene.district.time_zone)
        impact.keep(question, impact.work_out(question, zone=zone, tell=lambda done, total: None))
    return len(ASKED)


def _subject(school_id: int) -> Choice | None:
    """All of the first subject."""
    for title, choices in read_choices([school_id]).by_subject:
        if title == SUBJECTS[0]:
            return choices[0]
    return None
