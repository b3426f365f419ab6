"""The first school's own words on goals and on trying again."""

from paths.demo.seeding.plan import Scene
from paths.demo.words.why import GOALS, TRYING
from paths.models import WhyText
from profiles.models import AdminRole


def make_why(scene: Scene) -> None:
    school = next(room.school for room in scene.rooms if room.plan.is_main)
    principal = AdminRole.objects.filter(school=school).order_by("pk").first()
    WhyText.objects.create(
        district=scene.district,
        school=school,
        goals=GOALS,
        trying=TRYING,
        by=principal.account if principal else None,
        at=scene.at(scene.day_before(40), 9, 0),
    )
