"""How a teacher plans paths: rows of steps, for one learner or for a section; refused input changes nothing."""

import pytest
from django.urls import reverse

from assessments.models import GroupTask
from paths.models import Path, Step
from tests.factories.assessments import make_group
from tests.factories.paths import make_board, make_path
from tests.factories.profiles import make_learner, make_roster, make_section


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


BOARD = {"parts-TOTAL_FORMS": 2, "parts-INITIAL_FORMS": 0, "parts-0-kind": "choice", "parts-0-title": "Your pick"}


def test_new_path_of_a_choice_board_names_the_way_that_leaves_a_standard_out(classroom, teacher):
    first, second, _third = classroom.standards
    steps = [{"title": name, "standard": standard.pk} for name, standard in (("A", first), ("B", second), ("C", first))]

    answer = teacher.post(
        reverse("path_new", args=[classroom.learner.pk]), rows(*steps, **BOARD, **{"parts-0-pick": 2})
    )

    assert answer.status_code == 422
    assert f"Choosing “A” and “C” leaves {second.label} without a step." in answer.content.decode()
    assert not Path.objects.exists()


def test_new_path_of_a_choice_board_with_fewer_targets_is_taken(classroom, teacher):
    first, second, _third = classroom.standards
    steps = [{"title": name, "standard": standard.pk} for name, standard in (("A", first), ("B", second), ("C", first))]

    teacher.post(
        reverse("path_new", args=[classroom.learner.pk]),
        rows(*steps, **BOARD, **{"parts-0-pick": 2, "covers": "named", "targets": [first.pk]}),
    )

    path = Path.objects.get()
    assert path.parts == [{"kind": "choice", "title": "Your pick", "pick": 2}]
    assert list(path.targets.all()) == [first]


@pytest.mark.parametrize(
    ("waits", "message"),
    [
        (("", "9"), "There is no step 9 to wait for."),
        (("", "one"), "Write the numbers of the steps that come first"),
        (("2", "1"), "These steps wait for each other, so none could begin: “One”, “Two”."),
        (("1", ""), "“One” waits for itself."),
        (("2", ""), "“One” waits for “Two”, which comes after it. Put “Two” first."),
    ],
)
def test_new_path_with_waits_that_cannot_be_is_refused(classroom, teacher, waits, message):
    steps = [{"title": title, "waits_for": wait} for title, wait in zip(("One", "Two"), waits, strict=True)]

    answer = teacher.post(reverse("path_new", args=[classroom.learner.pk]), rows(*steps))

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Path.objects.exists()


def test_edit_path_shows_parts_and_waits_as_they_stand(classroom, teacher):
    teacher.post(
        reverse("path_new", args=[classroom.learner.pk]),
        rows(
            {"title": "Late", "part": "3"},
            {"title": "First", "part": "1", "tier": "help", "is_fixed": "on"},
            {"title": "Second", "part": "1", "waits_for": "2"},
            **{"parts-TOTAL_FORMS": 3, "parts-INITIAL_FORMS": 0, "parts-2-kind": "playlist"},
        ),
    )
    path = Path.objects.get()

    shown = teacher.get(reverse("path_edit", args=[path.pk])).context["plan"]

    fields = ("title", "part", "tier", "is_fixed", "waits_for")
    assert [tuple(row.initial[name] for name in fields) for row in shown.steps.initial_forms] == [
        ("First", 1, "help", True, ""),
        ("Second", 1, "core", False, "1"),
        ("Late", 2, "core", False, ""),
    ]
    assert [row.initial["kind"] for row in shown.parts.initial_forms] == ["sequence", "playlist"]


@pytest.fixture
def learner(classroom, as_account):
    return as_account(classroom.account)


def test_my_path_says_what_a_step_waits_for_and_refuses_its_tick(classroom, learner):
    path = make_path(classroom.learner)
    first, second, _third = path.steps.all()
    Step.objects.filter(pk=second.pk).update(waits_for=[first.uuid])

    assert "Waits for: First" in learner.get(reverse("my_path")).content.decode()
    page = learner.post(reverse("step_done", args=[second.pk]), {"done": "1"}, follow=True).content.decode()

    assert "First comes “First”. Then “Second” is open." in page
    assert Step.objects.filter(path=path, done_at__isnull=False).count() == 0


def test_my_path_lets_choose_swap_and_put_back(classroom, learner):
    path = make_board(classroom.learner)
    a, b, _c = path.steps.all()

    def chosen(step, **data):
        page = learner.post(reverse("step_choose", args=[step.pk]), data, follow=True).content.decode()
        return page, list(path.steps.filter(chosen_at__isnull=False).values_list("title", flat=True))

    assert chosen(a, chosen="1")[1] == ["A"]
    page, now = chosen(b, chosen="1")
    assert ("You chose enough steps here. Swap one for “B”." in page, now) == (True, ["A"])
    assert chosen(b, chosen="1", instead_of=a.pk)[1] == ["B"]
    assert chosen(b, chosen="0")[1] == []
    assert "Choose 1 of these 3." in learner.get(reverse("my_path")).content.decode()


def test_home_asks_for_the_choice_that_comes_next(classroom, learner):
    path = make_board(classroom.learner, title="Clocks")

    page = learner.get(reverse("home")).content.decode()

    assert "Your path “Clocks” has 3 steps to choose from." in page
    assert f"{reverse('my_path')}#path-{path.pk}" in page


def test_order_from_dragging_says_what_holds_a_step(classroom, learner):
    path = make_path(classroom.learner)
    first, second, third = path.steps.all()
    Step.objects.filter(pk=first.pk).update(is_fixed=True)

    answer = learner.post(
        reverse("path_order", args=[path.pk]), {"version": 1, "step": [second.pk, first.pk, third.pk]}
    )

    assert (answer.status_code, answer.json()) == (409, {"why": "“First” has a set place. Your teacher chose it."})


def test_short_lists_leave_out_what_was_not_chosen_and_say_what_waits(classroom, teacher, learner):
    path = make_board(classroom.learner, options=("Draw it", "Sing it"))
    Step.objects.create(path=path, position=3, title="Show it", part=1)
    path.parts = [*path.parts, {"kind": "sequence", "title": "", "pick": 0}]
    path.save()
    url = reverse("learner", args=[classroom.learner.pk])
    assert teacher.get(url).content.decode().count("to choose from") == 2

    draw, _sing, show = path.steps.all()
    learner.post(reverse("step_choose", args=[draw.pk]), {"chosen": "1"})
    Step.objects.filter(pk=show.pk).update(waits_for=[draw.uuid])
    page = teacher.get(url).content.decode()

    assert ("Sing it" in page, "waits for Draw it" in page) == (False, True)
