"""Goals that the demo teacher offers; some students of the class have not made the last one their own yet."""

from paths.demo.seeding.plan import Homeroom, Scene
from paths.demo.words.goal_templates import OFFERED_TO, TEMPLATES
from paths.models import Goal, GoalStep, GoalTemplate


def make_goal_templates(scene: Scene) -> None:
    room = next(room for room in scene.rooms if room.plan.is_main)
    teacher = next(iter(room.teachers.values()))
    written = scene.at(scene.day_before(9))
    templates = GoalTemplate.objects.bulk_create(
        GoalTemplate(
            uuid=scene.uuid("goal template", number), author=teacher, created_at=written, updated_at=written, **words
        )
        for number, words in enumerate(TEMPLATES)
    )
    _offer(scene, room, templates[-1], teacher)


def _offer(scene: Scene, room: Homeroom, template: GoalTemplate, teacher) -> None:
    """To the student behind the button, and to the next ones of the class."""
    at = scene.at(scene.day_before(2))
    rows = sorted(range(len(room.learners)), key=lambda row: (not room.is_demo_student(row), row))[:OFFERED_TO]
    goals = Goal.objects.bulk_create(
        Goal(
            uuid=scene.uuid("offered goal", row),
            learner=room.learners[row],
            author=room.accounts[row],
            what=template.what,
            why=template.why,
            done_when=template.done_when,
            template=template,
            offered_by=teacher,
            offered_at=at,
            created_at=at,
            updated_at=at,
        )
        for row in rows
    )
    GoalStep.objects.bulk_create(
        GoalStep(goal=goal, position=position, text=text)
        for goal in goals
        for position, text in enumerate(template.steps, start=1)
    )
