"""The whole demo school, in order: what people made in one transaction, then what workers compute from it."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from assessments.models import Evidence
from assessments.services import outbox, publishing, recompute, rollups, suggesting
from lrm.scope import district_scope
from paths.demo.seeding.conferences import make_conferences
from paths.demo.seeding.evidence import finish_term, make_open_assessment, plan_term
from paths.demo.seeding.frameworks import import_frameworks
from paths.demo.seeding.goal_templates import make_goal_templates
from paths.demo.seeding.goals import make_goals
from paths.demo.seeding.groups import make_group_history
from paths.demo.seeding.impact import answer_questions
from paths.demo.seeding.organisation import make_organisation, make_rooms
from paths.demo.seeding.paths import make_paths
from paths.demo.seeding.peers import make_peers
from paths.demo.seeding.people import make_people
from paths.demo.seeding.plan import SIZES, Scene
from paths.demo.seeding.polls import make_polls
from paths.demo.seeding.profiles import make_profiles
from paths.demo.seeding.projects import make_projects
from paths.demo.seeding.ratings import make_ratings
from paths.demo.seeding.supports import make_supports
from paths.demo.seeding.talks import make_talks
from paths.demo.seeding.templates import make_templates
from paths.demo.seeding.try_requests import make_try_requests
from paths.demo.seeding.why import make_why
from paths.demo.seeding.work import make_work
from paths.demo.seeding.work_talks import make_work_talks
from profiles.models import District

SEED = 20

Say = Callable[[str], None]


class NotAlone(Exception):
    """The database holds districts already, and a demo shares with nobody. `names`: theirs."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def build(*, size: str = "full", seed: int = SEED, today: date | None = None, say: Say = lambda line: None) -> Scene:
    """Make the demo school in an empty database.

    size: a key of plan.SIZES.    seed: the same seed on the same day gives the same school.
    today: of the school; None: by the clock.    say: is told what has been done, a line at a time.
    All or nothing, but for what workers compute: stopped after the first transaction, they do it by themselves.
    Raises NotAlone.
    """
    with transaction.atomic():
        _refuse_company()
        scene = make_organisation(seed=seed, today=today or _today())
        with district_scope(scene.district.pk):
            _make_everything(scene, size, say)
    with district_scope(scene.district.pk):
        _compute(scene, say)
    return scene


def _make_everything(scene: Scene, size: str, say: Say) -> None:
    make_rooms(scene, SIZES[size])
    import_frameworks(scene)
    say(f"{scene.district.name}: {len(scene.rooms)} classes, {len(scene.standard_ids)} standards")
    make_people(scene)
    say(f"{sum(len(room.learners) for room in scene.rooms)} students and the people around them")
    for number in range(len(scene.rooms)):
        plan_term(scene, number)
    say("a term of assessments")
    groups = make_group_history(scene)
    say(f"{groups} groups accepted in the weeks behind us")
    for number in range(len(scene.rooms)):
        finish_term(scene, number)
    make_open_assessment(scene)
    say(f"{Evidence.objects.count():,} results over {len(scene.days)} school days")
    entries = make_profiles(scene)
    goals = make_goals(scene)
    make_goal_templates(scene)
    make_try_requests(scene)
    paths = make_paths(scene, goals)
    make_templates(scene)
    ratings = make_ratings(scene)
    say(f"{entries:,} profile entries, {paths} paths, {ratings:,} views that students have of themselves")
    say(f"{make_work(scene, goals)} pieces of work handed in, {make_projects(scene, goals)} projects")
    say(f"{make_talks(scene, goals) + make_work_talks(scene)} conversations, {make_supports(scene)} supports")
    make_why(scene)
    say(f"{make_conferences(scene)} meetings of students with a teacher")
    say(f"{make_polls(scene)} polls and suggestions, {make_peers(scene)} offers and wishes of help")


def _compute(scene: Scene, say: Say) -> None:
    """As workers do, whether any is running or not."""
    done = 0
    while block := recompute.recompute_due(outbox.Lane.BULK):
        done += block
        say(f"levels of {done} student and subject pairs")
    rollups.fold()
    publishing.publish(scene.district, day=_today())
    while suggesting.suggest_due():
        say("groups suggested")
    say(f"{answer_questions(scene)} questions about what helped")


def _refuse_company() -> None:
    if names := list(District.objects.order_by("name").values_list("name", flat=True)):
        raise NotAlone(names)


def _today() -> date:
    zone = ZoneInfo(District._meta.get_field("time_zone").default)
    return timezone.localdate(datetime.now(tz=zone), timezone=zone)
