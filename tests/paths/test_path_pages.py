"""How a teacher plans paths: rows of steps, for one learner or for a section; refused input changes nothing."""

import pytest
from django.urls import reverse

from assessments.models import GroupTask
from paths.models import Path, Step
from tests.factories.assessments import make_group
from tests.factories.paths import make_path
from tests.factories.profiles import make_learner, make_roster, make_section


@pytest.fixture
def teacher(classroom, as_account):
    return as_account(classroom.teacher)


def rows(*steps, initial=0, **fields):
    """The form as a browser sends it."""
    values = {
        "title": "Clocks",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": initial,
        "steps-MIN_NUM_FORMS": 0,
        "steps-MAX_NUM_FORMS": 40,
        **fields,
    }
    for number, step in enumerate(steps):
        values |= {f"steps-{number}-{name}": value for name, value in {"kind": "practise", **step}.items()}
    return values


def test_new_path_has_its_steps_in_order(classroom, teacher):
    teacher.post(
        reverse("path_new", args=[classroom.learner.pk]),
        rows(
            {"title": "Watch", "kind": "watch", "link": "example.org/clock", "minutes_expected": "10"},
            {"title": ""},
            {"title": "Try it", "standard": classroom.standards[0].pk, "place": "Hall"},
        ),
    )

    path = Path.objects.get()
    assert (path.learner, path.assigned_by, path.title) == (classroom.learner, classroom.teacher, "Clocks")
    assert list(path.steps.values_list("position", "title", "kind", "link", "minutes_expected", "place")) == [
        (1, "Watch", "watch", "https://example.org/clock", 10, ""),
        (2, "Try it", "practise", "", None, "Hall"),
    ]
    assert path.steps.get(position=2).standard == classroom.standards[0]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"title": "Watch", "link": "javascript:alert(1)"}], "This is no web address."),
        ([{"title": "", "place": "Hall"}], "Name this step, or empty the row."),
        ([{"title": ""}], "A path has at least one step."),
        ([{"title": "Watch", "minutes_expected": "0"}], "greater than or equal to 1"),
    ],
)
def test_new_path_with_a_wrong_row_is_refused_and_keeps_what_was_typed(classroom, teacher, steps, message):
    answer = teacher.post(reverse("path_new", args=[classroom.learner.pk]), rows(*steps))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert 'value="Clocks"' in page
    assert not Path.objects.exists()


def test_new_path_without_a_name_says_all_problems_at_once(classroom, teacher):
    page = teacher.post(
        reverse("path_new", args=[classroom.learner.pk]), rows({"title": "", "place": "Hall"}, title="")
    ).content.decode()

    assert "Give the path a name" in page
    assert "Name this step" in page


def test_edit_path_reorders_removes_and_keeps_ticks(classroom, teacher):
    path = make_path(classroom.learner)
    first, second, third = path.steps.all()
    Step.objects.filter(pk=third.pk).update(done_by=classroom.account)

    teacher.post(
        reverse("path_edit", args=[path.pk]),
        rows(
            {"id": first.pk, "title": "First", "ORDER": 2},
            {"id": second.pk, "title": "Second", "ORDER": 3, "DELETE": "on"},
            {"id": third.pk, "title": "Third", "ORDER": 1},
            initial=3,
            version=1,
        ),
    )

    assert list(path.steps.values_list("title", "done_by")) == [("Third", classroom.account.pk), ("First", None)]


def test_edit_path_from_two_windows_shows_both_and_changes_nothing(classroom, teacher):
    path = make_path(classroom.learner, title="As it stands")
    Path.objects.filter(pk=path.pk).update(version=2)

    answer = teacher.post(
        reverse("path_edit", args=[path.pk]), rows({"title": "Typed here"}, title="From an old window", version=1)
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "As it stands" in page
    assert "Typed here" in page
    assert [step.title for step in path.steps.all()] == ["First", "Second", "Third"]


def test_section_path_goes_to_the_chosen_learners(classroom, teacher):
    other, left_out = classroom.classmate(), classroom.classmate()

    answer = teacher.post(
        reverse("section_path_new", args=[classroom.section.pk]),
        rows({"title": "Watch"}, learners=[classroom.learner.pk, other.pk]),
        follow=True,
    )

    assert "2 students have the path now." in answer.content.decode()
    assert set(Path.objects.values_list("learner", flat=True)) == {classroom.learner.pk, other.pk}
    assert not Path.objects.filter(learner=left_out).exists()


def test_section_path_of_a_group_begins_with_its_members_topic_and_tasks(classroom, teacher):
    member, other = classroom.classmate(), classroom.classmate()
    group = make_group(classroom.section, classroom.standards[1], [member], place="Carpet")
    for position, text in enumerate(("Fold strips", "Invent one")):
        GroupTask.objects.create(group=group, position=position, text=text, url="https://example.org/fold")
    url = f"{reverse('section_path_new', args=[classroom.section.pk])}?group={group.pk}"

    shown = teacher.get(url).context
    begun = [row.initial for row in shown["steps"].initial_forms]

    assert shown["form"]["title"].value() == group.focus.heading
    assert [choice["learner"] for choice in shown["choices"] if choice["chosen"]] == [member]
    assert [(row["title"], row["place"], row["due_on"]) for row in begun] == [
        ("Fold strips", "Carpet", group.ends_on),
        ("Invent one", "Carpet", group.ends_on),
    ]
    teacher.post(url, rows({"title": "Fold strips"}, learners=[member.pk, other.pk]))
    assert set(Path.objects.values_list("learner", flat=True)) == {member.pk, other.pk}


def test_section_path_without_such_a_group_is_for_everybody(classroom, teacher):
    elsewhere = make_group(make_section(make_roster(classroom.school)), classroom.standards[0], [])
    classroom.classmate()
    url = reverse("section_path_new", args=[classroom.section.pk])
    for named in (str(elsewhere.pk), "0", "x", "9" * 30):
        shown = teacher.get(url, {"group": named}).context
        assert shown["form"]["title"].value() is None
        assert [choice["chosen"] for choice in shown["choices"]] == [True, True]


def test_section_path_for_a_learner_of_another_class_is_refused(classroom, teacher):
    elsewhere = make_learner(classroom.school)

    answer = teacher.post(
        reverse("section_path_new", args=[classroom.section.pk]), rows({"title": "Watch"}, learners=[elsewhere.pk])
    )

    assert answer.status_code == 422
    assert not Path.objects.exists()


def test_planning_is_not_there_for_strangers_and_families(classroom, stranger, as_account):
    path = make_path(classroom.learner)
    addresses = [
        reverse("path_new", args=[classroom.learner.pk]),
        reverse("path_edit", args=[path.pk]),
        reverse("section_path_new", args=[classroom.section.pk]),
    ]

    for account in (stranger, classroom.guardian(), classroom.account):
        client = as_account(account)
        assert [client.get(address).status_code for address in addresses] == [404] * 3
        assert client.post(reverse("path_put_away", args=[path.pk])).status_code == 404
    path.refresh_from_db()
    assert path.archived_at is None


def test_put_away_and_bring_back_a_path(classroom, teacher, as_account):
    path = make_path(classroom.learner, title="Clocks and time")
    me = as_account(classroom.account)

    teacher.post(reverse("path_put_away", args=[path.pk]))
    assert "Clocks and time" not in me.get(reverse("my_path")).content.decode()

    teacher.post(reverse("path_put_away", args=[path.pk]), {"away": "0"})
    assert "Clocks and time" in me.get(reverse("my_path")).content.decode()


def test_my_path_opens_links_safely_and_shows_no_other_scheme(classroom, as_account):
    path = make_path(classroom.learner, steps=("Web", "Odd"))
    path.steps.filter(title="Web").update(link="https://example.org/clock")
    path.steps.filter(title="Odd").update(link="javascript:alert(1)")

    page = " ".join(as_account(classroom.account).get(reverse("my_path")).content.decode().split())

    assert 'href="https://example.org/clock" target="_blank" rel="noopener noreferrer"' in page
    assert "javascript:" not in page
