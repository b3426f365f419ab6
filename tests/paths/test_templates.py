"""Templates: written once, given to many, undone in one act; afterwards each path is the learner's own."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import Path, PathTemplate, Step
from paths.sequencing import Part, PartKind
from paths.services import plans, templates
from paths.services.errors import PlanRefused, TemplateChanged
from paths.services.path_pages import paths_of
from paths.services.plans import Outline, StepPlan
from tests.budgets import assert_statements
from tests.factories.assessments import make_group
from tests.factories.paths import make_template
from tests.factories.profiles import make_roster, make_school, make_teacher
from tests.paths.test_path_pages import rows

NOW = timezone.now()
MONDAY = date(2026, 10, 12)


@pytest.fixture
def template(classroom):
    return make_template(classroom.school, author=classroom.teacher, standards=tuple(classroom.standards))


def give(classroom, template, *learners, **fields):
    return templates.give_template(
        template=template,
        learners=learners or [classroom.learner],
        by=classroom.teacher,
        now=NOW,
        **{"act": uuid4(), "starts_on": MONDAY, **fields},
    )


def test_write_template_keeps_parts_waits_and_days(classroom):
    steps = [StepPlan("A", days_after=1), StepPlan("B", waits_for=(0,), days_after=5), StepPlan("C", part=1)]
    outline = Outline((Part(), Part(PartKind.PLAYLIST, "Free")), covers_all=False)

    written = templates.write_template(
        school=classroom.school, title="Clocks", is_shared=True, steps=steps, outline=outline, by=classroom.teacher
    )

    assert templates.plan_of(PathTemplate.objects.get(pk=written.pk)) == (steps, outline)


def test_write_template_that_does_not_hold_together_is_refused(classroom):
    with pytest.raises(PlanRefused):
        templates.write_template(
            school=classroom.school,
            title="Clocks",
            is_shared=False,
            steps=[StepPlan("A", waits_for=(0,))],
            outline=Outline(),
            by=classroom.teacher,
        )
    assert not PathTemplate.objects.exists()


def test_give_template_makes_a_path_of_their_own_with_days(classroom, template):
    other = classroom.classmate()

    given = give(classroom, template, classroom.learner, other)

    assert [path.learner for path in given.paths] == [classroom.learner, other]
    for path in given.paths:
        assert list(path.steps.values_list("title", "due_on", "standard")) == [
            ("Watch", MONDAY + timedelta(days=1), classroom.standards[0].pk),
            ("Try", MONDAY + timedelta(days=2), classroom.standards[1].pk),
        ]


def test_give_template_tells_who_has_it_already(classroom, template):
    other = classroom.classmate()
    give(classroom, template)

    given = give(classroom, template, classroom.learner, other)

    assert (given.had, [path.learner for path in given.paths]) == ([classroom.learner], [other])
    assert Path.objects.filter(template=template).count() == 2


def test_give_template_twice_in_one_act_gives_once(classroom, template):
    act = uuid4()

    first, second = (give(classroom, template, act=act) for _ in range(2))

    assert (second.paths, second.had) == (first.paths, [])
    assert Path.objects.count() == 1


def test_give_template_costs_the_same_for_one_and_for_many(classroom, template):
    many = [classroom.classmate() for _ in range(6)]

    with assert_statements(exactly=7):
        give(classroom, template)
    with assert_statements(exactly=7):
        give(classroom, template, *many)


def test_take_back_undoes_the_act_but_not_what_has_begun(classroom, template):
    begun, fresh = classroom.classmate(), classroom.classmate()
    given = give(classroom, template, begun, fresh)
    other_act = give(classroom, template)
    step = given.paths[0].steps.first()
    plans.tick_step(step=step, done=True, by=begun.account, now=NOW)

    assert templates.take_back(act=given.act, by=classroom.teacher) == (1, [begun])

    assert set(Path.objects.all()) == {given.paths[0], *other_act.paths}


def test_take_back_by_somebody_else_changes_nothing(classroom, template, stranger):
    given = give(classroom, template)

    assert templates.take_back(act=given.act, by=stranger) == (0, [])
    assert Path.objects.count() == 1


def change(template, *titles, version=1):
    return templates.change_template(
        template_id=template.pk,
        version=version,
        title="Clocks, again",
        is_shared=False,
        steps=[StepPlan(title, days_after=3) for title in titles],
        outline=Outline(),
    )


def test_change_template_changes_nobodys_path(classroom, template):
    give(classroom, template)

    change(template, "New")

    (shown,) = paths_of(classroom.learner)
    assert [step.title for step in shown.steps] == ["Watch", "Try"]


def test_change_template_from_two_windows_refuses_the_second(classroom, template):
    change(template, "New")

    with pytest.raises(TemplateChanged) as refused:
        change(template, "Old")

    assert refused.value.current.version == 2
    assert [step.title for step in template.steps.all()] == ["New"]


def test_update_untouched_reaches_only_paths_that_nobody_has_begun(classroom, template):
    learners = {name: classroom.classmate() for name in ("fresh", "ticked", "moved", "changed")}
    given = give(classroom, template, *learners.values())
    ticked, moved, changed = (path.steps.last() for path in given.paths[1:])
    plans.tick_step(step=ticked, done=True, by=classroom.teacher, now=NOW)
    plans.move_step(step=moved, places=-1)
    plans.change_path(path_id=changed.path_id, version=1, title="Own", steps=[StepPlan("Mine")])
    newer = change(template, "New")

    found = templates.update_untouched(template=newer, paths=Path.objects.all())

    assert [path.learner for path in found] == [learners["fresh"]]
    assert {name: [step.title for step in paths_of(learner)[0].steps] for name, learner in learners.items()} == {
        "fresh": ["New"],
        "ticked": ["Watch", "Try"],
        "moved": ["Try", "Watch"],
        "changed": ["Mine"],
    }
    assert Step.objects.get(path=given.paths[0]).due_on == MONDAY + timedelta(days=3)
    assert templates.update_untouched(template=newer, paths=Path.objects.all()) == []


def test_visible_to_shows_the_own_and_what_the_school_shares(classroom, template, stranger):
    shared = make_template(classroom.school, is_shared=True)
    elsewhere = make_template(make_school(classroom.district), is_shared=True)
    far = make_teacher(make_roster(elsewhere.school))

    assert set(PathTemplate.objects.visible_to(classroom.teacher)) == {template, shared}
    assert set(PathTemplate.objects.visible_to(stranger)) == {shared}
    assert set(PathTemplate.objects.visible_to(far)) == {elsewhere}
    assert list(PathTemplate.objects.visible_to(classroom.account)) == []
    assert list(PathTemplate.objects.editable_by(stranger)) == []


def test_template_page_writes_one_and_leads_on_to_giving(classroom, teacher):
    answer = teacher.post(
        reverse("path_template_new"),
        rows({"title": "Watch", "days_after": "2"}, {"title": "Try", "waits_for": "1"}, school=classroom.school.pk),
    )

    written = PathTemplate.objects.get()
    assert answer.url == reverse("path_template_give", args=[written.pk])
    assert (written.author, written.is_shared) == (classroom.teacher, False)
    assert list(written.steps.values_list("title", "days_after")) == [("Watch", 2), ("Try", None)]


def test_give_page_shows_who_gets_what_before_anything_is_stored(classroom, teacher, template):
    other = classroom.classmate()
    give(classroom, template, other)
    url = reverse("path_template_give", args=[template.pk])
    data = {
        "act": str(uuid4()),
        "starts_on": "2026-10-12",
        "learners": [classroom.learner.pk, other.pk],
    }

    page = teacher.post(url, data | {"do": "look"}).content.decode()
    assert f"{other.name}: has this path already and keeps it" in page
    assert Path.objects.count() == 1

    page = teacher.post(url, data | {"do": "give"}, follow=True).content.decode()
    assert "1 student has the path now." in page
    assert f"These had it already and keep theirs: {other.name}." in page
    assert reverse("path_template_take_back", args=[data["act"]]) in page


def test_give_page_of_a_group_begins_with_its_members(classroom, teacher, template):
    member, _other = classroom.classmate(), classroom.classmate()
    group = make_group(classroom.section, classroom.standards[0], [member])

    shown = teacher.get(
        reverse("path_template_give", args=[template.pk]), {"section": classroom.section.pk, "group": group.pk}
    ).context["rows"]

    assert [row["learner"] for row in shown if row["chosen"]] == [member]


def test_give_page_refuses_a_learner_of_another_class(classroom, teacher, template):
    elsewhere = make_roster(classroom.school)
    foreign = classroom.classmate()
    foreign.enrollments.update(roster=elsewhere)

    answer = teacher.post(
        reverse("path_template_give", args=[template.pk]),
        {"act": str(uuid4()), "starts_on": "2026-10-12", "learners": [foreign.pk], "do": "give"},
    )

    assert answer.status_code == 422
    assert not Path.objects.exists()


def test_template_page_has_days_of_the_path_and_no_dates(classroom, teacher, template):
    page = teacher.get(reverse("path_template", args=[template.pk])).content.decode()

    assert 'name="steps-0-days_after"' in page
    assert "steps-0-due_on" not in page


def test_template_page_offers_to_update_those_who_have_not_begun(classroom, teacher, template):
    give(classroom, template)
    change(template, "New")

    page = teacher.get(reverse("path_template", args=[template.pk])).content.decode()
    assert "Bring the 1 that has not begun up to date" in page
    teacher.post(reverse("path_template_update", args=[template.pk]))

    assert [step.title for step in paths_of(classroom.learner)[0].steps] == ["New"]


def test_template_put_away_leaves_paths_and_comes_back(classroom, teacher, template):
    give(classroom, template)
    url = reverse("path_template_archive", args=[template.pk])

    teacher.post(url, {"away": "1"})
    assert list(teacher.get(reverse("path_templates")).context["templates"]) == []
    assert len(paths_of(classroom.learner)) == 1

    teacher.post(url, {"away": "0"})
    assert list(teacher.get(reverse("path_templates")).context["templates"]) == [template]
