"""Results on an older framework count on a newer one after a person's yes, labelled, and no longer after its undo."""

import uuid

import pytest
from django.urls import reverse

from assessments.models import CarryOver, Evidence, Mastery, MasteryPolicy, ModelState
from assessments.receipt_words import say_lines
from assessments.services import carrying, rebuilding
from assessments.services.receipts import read_account
from lrm.scope import district_scope
from standards.models import Association
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import enroll, make_district_admin, make_learner, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard, make_subject

pytestmark = pytest.mark.django_db


def tie(one, kind, other):
    Association._base_manager.create(
        framework=other.framework, uuid=uuid.uuid4(), kind=kind, origin=one, destination=other
    )


class Scene:
    """An older framework whose standards were kept, split, and left out in a newer one of another subject."""

    def __init__(self):
        self.section = make_section()
        self.district = self.section.district
        self.admin = make_district_admin(self.district)
        self.old, self.new = (make_framework(self.district, title=title) for title in ("Old", "New"))
        math = make_subject(self.district, "Thinking")
        self.kept, self.split, self.gone = (make_standard(self.old) for _ in range(3))
        self.kept_now, self.first, self.second = (make_standard(self.new, subject=math) for _ in range(3))
        tie(self.kept, "replacedBy", self.kept_now)
        tie(self.split, "replacedBy", self.first)
        tie(self.split, "replacedBy", self.second)
        self.learner = make_learner(self.section.roster.school)
        enroll(self.learner, self.section.roster)

    def give(self, standard, points, days=0):
        assessment = make_assessment(self.section, [standard], given_on=days_ago(days).date())
        give(assessment, self.learner, standard, points)
        work_off()

    def carry(self, *pairs, **more):
        pairs = [(one.pk, other.pk) for one, other in pairs or [(self.kept, self.kept_now)]]
        made = carrying.carry_over(origin=self.old, into=self.new, pairs=pairs, by=self.admin, **more)
        work_off()
        return made

    def level(self, standard):
        row = Mastery.objects.filter(learner=self.learner, standard=standard).first()
        return row and row.shown_level


@pytest.fixture
def scene(db):
    made = Scene()
    with district_scope(made.district.pk):
        yield made


def test_ways_follow_associations_and_name_what_has_none(scene):
    scene.give(scene.kept, 3)
    scene.give(scene.gone, 2)
    found = carrying.read_ways(scene.old, scene.new)
    assert [(w.origin, w.destination, w.kind, w.learners, w.is_likely) for w in found.ways] == [
        (scene.kept, scene.kept_now, "replacedBy", 1, True),
        (scene.split, scene.first, "replacedBy", 0, False),
        (scene.split, scene.second, "replacedBy", 0, False),
    ]
    assert found.left == [(scene.gone, 1)]


def test_ways_know_common_identifiers_exact_matches_and_parts_in_both_directions(scene):
    same = make_standard(scene.new, uuid=scene.gone.uuid)
    part = make_standard(scene.new)
    tie(part, "isPartOf", scene.gone)
    tie(scene.kept_now, "exactMatchOf", scene.split)
    said = {(w.origin, w.destination): (w.kind, w.is_likely) for w in carrying.read_ways(scene.old, scene.new).ways}
    assert said[scene.gone, same] == ("", True)
    assert said[scene.gone, part] == ("isPartOf", False)
    assert said[scene.split, scene.kept_now] == ("exactMatchOf", False)


def test_results_count_on_the_newer_standard_labelled_and_the_ledger_stays(scene, as_account):
    scene.give(scene.kept, 4, days=1)
    before = list(Evidence.objects.values())
    assert scene.level(scene.kept_now) is None
    scene.carry()
    assert (scene.level(scene.kept), scene.level(scene.kept_now)) == (4, 4)
    assert list(Evidence.objects.values()) == before
    account = read_account(scene.learner, scene.kept_now)
    assert account.is_current
    label = f"inferred from {scene.kept.label} of Old"
    assert [line["matched"] for line in say_lines(account, exact=True)["counted"]] == [label]
    page = as_account(make_teacher(scene.section.roster)).get(
        reverse("receipt", args=[scene.learner.pk, scene.kept_now.pk])
    )
    assert label in page.content.decode()


def test_later_results_on_the_older_standard_are_carried_too_and_corrections_follow(scene):
    scene.carry()
    scene.give(scene.kept, 2, days=1)
    assert scene.level(scene.kept_now) == 2
    scene.give(scene.kept_now, 4)
    assert (scene.level(scene.kept), Mastery.objects.get(standard=scene.kept_now).n) == (2, 2)


def test_undo_leaves_everything_as_it_was(scene):
    scene.give(scene.kept, 4, days=1)
    before = list(Mastery.objects.values("standard_id", "shown_level", "n"))
    states = {row.subject_id: row.beliefs for row in ModelState.objects.all()}
    made = scene.carry(retire=True)
    carrying.undo(made, by=scene.admin)
    work_off()
    assert list(Mastery.objects.values("standard_id", "shown_level", "n")) == before
    assert ModelState.objects.get(subject=scene.kept.subject).beliefs == states[scene.kept.subject_id]
    with pytest.raises(carrying.CarryRefused, match="undone"):
        carrying.undo(made, by=scene.admin)


def test_older_framework_is_retired_with_it_and_comes_back(scene):
    made = scene.carry(retire=True)
    scene.kept.refresh_from_db()
    scene.old.refresh_from_db()
    assert scene.kept.retired_at == scene.old.retired_at == made.confirmed_at
    carrying.undo(made, by=scene.admin)
    scene.kept.refresh_from_db()
    scene.old.refresh_from_db()
    assert scene.kept.retired_at is scene.old.retired_at is None


def test_exact_matches_count_by_the_policy_and_what_is_carried_does_anyway(scene):
    other = make_standard(make_framework(scene.district, title="Crosswalk"))
    tie(other, "exactMatchOf", scene.kept)
    scene.carry()
    scene.give(other, 3, days=2)
    assert (scene.level(scene.kept), scene.level(scene.kept_now)) == (None, None)
    MasteryPolicy.objects.create(district=scene.district, starts_on=days_ago(1).date(), exact_matches=True)
    rebuilding.rebuild(scene.district)
    assert (scene.level(scene.kept), scene.level(scene.kept_now)) == (3, 3)
    lines = say_lines(read_account(scene.learner, scene.kept_now), exact=True)["counted"]
    assert [line["matched"] for line in lines] == [f"on {other.label} of Crosswalk, an exact match"]


@pytest.mark.django_db(transaction=True)
def test_rebuild_agrees_with_what_workers_made(scene):
    MasteryPolicy.objects.create(district=scene.district, starts_on=days_ago(30).date(), method="tree")
    scene.give(scene.kept, 4, days=2)
    scene.carry((scene.kept, scene.kept_now), (scene.split, scene.first))
    scene.give(scene.split, 1)
    assert scene.level(scene.kept_now) is not None
    assert scene.level(scene.first) is not None
    assert rebuilding.check(scene.district).lines == []
    assert read_account(scene.learner, scene.first).is_current


def test_carried_results_are_learned_once_where_they_were_carried_to(scene):
    scene.give(scene.kept, 4)
    alone = ModelState.objects.get(subject=scene.kept.subject).beliefs
    scene.carry()
    assert ModelState.objects.get(subject=scene.kept_now.subject).beliefs != alone
    assert Mastery.objects.get(standard=scene.kept_now).n == 1


@pytest.mark.parametrize(
    ("pairs", "code"), [([], "none"), ([("kept", "second")], "gone"), ([("gone", "kept_now")], "gone")]
)
def test_pairs_that_nothing_says_are_refused(scene, pairs, code):
    wanted = [(getattr(scene, one).pk, getattr(scene, other).pk) for one, other in pairs]
    with pytest.raises(carrying.CarryRefused, match=code):
        carrying.carry_over(origin=scene.old, into=scene.new, pairs=wanted, by=scene.admin)
    assert CarryOver.objects.count() == 0


def test_results_are_not_carried_back(scene):
    tie(scene.kept_now, "exactMatchOf", scene.kept)
    scene.carry()
    with pytest.raises(carrying.CarryRefused, match="back"):
        carrying.carry_over(
            origin=scene.new, into=scene.old, pairs=[(scene.kept_now.pk, scene.kept.pk)], by=scene.admin
        )


def test_administrator_looks_says_yes_and_undoes(scene, as_account):
    scene.give(scene.kept, 4)
    client = as_account(scene.admin)
    address = reverse("carry_results", args=[scene.old.uuid])
    page = client.get(address, {"to": str(scene.new.uuid)})
    assert [row["way"].key for row in page.context["ways"] if row["way"].is_likely] == [
        f"{scene.kept.pk}-{scene.kept_now.pk}"
    ]
    sent = {"to": str(scene.new.uuid), "pair": [f"{scene.kept.pk}-{scene.kept_now.pk}"]}
    answer = client.post(address, sent, follow=True)
    assert "Results on 1 standard of Old count in New now." in answer.content.decode()
    work_off()
    assert scene.level(scene.kept_now) == 4
    again = client.post(address, sent, follow=True)
    assert "The frameworks have changed meanwhile." in again.content.decode()
    client.post(reverse("carry_undo", args=[CarryOver.objects.get().pk]))
    work_off()
    assert scene.level(scene.kept_now) is None
    assert client.get(address, {"to": "nothing"}).status_code == 404
