"""Groups that are on are changed by either teacher: nothing is lost, and what cannot be is said with what was typed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupTask
from assessments.services import boards, group_changes
from assessments.services.group_changes import GroupChanged, GroupOver, TaskLine
from tests.budgets import assert_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(grouped):
    """The first of the class's accepted groups."""
    board = boards.current_board(grouped.section)
    return boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)[0]


def change(group, by, **fields):
    today = timezone.localdate()
    values = {
        "version": group.version,
        "adult": group.adult,
        "place": "Window table",
        "time_text": "9:40 to 10:00",
        "starts_on": today,
        "ends_on": today + timedelta(days=10),
        "tasks": [],
        **fields,
    }
    return group_changes.change_group(group=group, by=by, on=today, **values)


def typed(group, tasks=(), **fields):
    """The group's form as the page sends it; tasks: (tier, text, url)."""
    prefix, today = f"group-{group.pk}", timezone.localdate()
    values = {"version": 1, "starts_on": today, "ends_on": today + timedelta(days=10), **fields}
    values |= {"tasks-TOTAL_FORMS": len(tasks), "tasks-INITIAL_FORMS": 0}
    for row, line in enumerate(tasks):
        values |= {f"tasks-{row}-{name}": value for name, value in zip(("tier", "text", "url"), line, strict=True)}
    return {f"{prefix}-{name}": value for name, value in values.items()}


def tasks_of(group):
    return list(GroupTask.objects.filter(group=group).values_list("tier", "text", "url"))


def test_changing_a_group_writes_it_anew_but_for_focus_and_members(grouped, group):
    before = (group.focus_id, sorted(group.members.values_list("learner", flat=True)))
    change(group, grouped.teacher, tasks=[TaskLine("Fold strips")])
    found = change(
        Group.objects.get(pk=group.pk),
        grouped.co_teacher,
        adult="Ms. Ito",
        tasks=[TaskLine("Draw first", "help"), TaskLine("Write a story", "further", "https://example.org/story")],
    )

    group.refresh_from_db()
    assert (group.adult, group.is_led, group.place, group.time_text) == (
        "Ms. Ito",
        True,
        "Window table",
        "9:40 to 10:00",
    )
    assert group.ends_on == timezone.localdate() + timedelta(days=10)
    assert (group.version, group.changed_by) == (3, grouped.co_teacher) == (found.version, found.changed_by)
    assert tasks_of(group) == [
        ("help", "Draw first", ""),
        ("further", "Write a story", "https://example.org/story"),
    ]
    assert (group.focus_id, sorted(group.members.values_list("learner", flat=True))) == before


def test_group_in_a_rotation_slot_stays_one_while_its_adult_stays(grouped, group):
    Group.objects.filter(pk=group.pk).update(adult="Ken Lee", is_led=False)
    group.refresh_from_db()

    assert not change(group, grouped.teacher).is_led
    group.refresh_from_db()
    assert change(group, grouped.teacher, adult="").is_led is False
    group.refresh_from_db()
    assert change(group, grouped.teacher, adult="Ken Lee").is_led is True


def test_change_made_to_an_older_group_is_refused_with_the_newer_one(grouped, group):
    change(group, grouped.teacher, place="Carpet", tasks=[TaskLine("Fold strips")])

    with pytest.raises(GroupChanged) as refused:
        change(group, grouped.co_teacher, place="Hall")

    assert (refused.value.current.place, refused.value.current.changed_by) == ("Carpet", grouped.teacher)
    group.refresh_from_db()
    assert (group.place, tasks_of(group)) == ("Carpet", [("core", "Fold strips", "")])


def test_group_that_is_over_cannot_be_changed(grouped, group):
    yesterday = timezone.localdate() - timedelta(days=1)
    for over in ({"closed_at": timezone.now()}, {"closed_at": None, "ends_on": yesterday}):
        Group.objects.filter(pk=group.pk).update(**over)
        with pytest.raises(GroupOver):
            change(group, grouped.teacher)


def test_change_costs_the_same_for_one_task_and_for_eight(grouped, group):
    """Read, write, the tasks away and anew, and the message to other systems."""
    with assert_statements(exactly=5):
        found = change(group, grouped.teacher, tasks=[TaskLine("One")])
    with assert_statements(exactly=5):
        change(found, grouped.teacher, tasks=[TaskLine(f"Task {n}") for n in range(8)])


def test_page_saves_a_group_and_shows_it(grouped, group, as_account):
    client = as_account(grouped.teacher)
    sent = typed(
        group,
        tasks=[("core", "Fold strips", ""), ("", "", ""), ("help", "Draw first", "example.org/draw")],
        adult="Ms. Ito",
        place="Carpet",
        time_text="9:40",
    )

    answer = client.post(reverse("group_change", args=[group.pk]), sent)

    assert (answer.status_code, answer.url) == (
        302,
        f"{reverse('section_groups', args=[grouped.section.pk])}#group-{group.pk}",
    )
    assert tasks_of(group) == [("core", "Fold strips", ""), ("help", "Draw first", "https://example.org/draw")]
    page = client.get(reverse("section_groups", args=[grouped.section.pk])).content.decode()
    assert "Ms. Ito, Carpet<br>9:40<br>today to" in page
    assert f"Group {group.letter} is saved." in page
    assert '<option value="Ken Lee"></option>' in page


REFUSED = [
    ({"ends_on": "2020-01-01"}, (), "This is before the first day."),
    ({"starts_on": "2020-01-01", "ends_on": "2020-01-02"}, (), "This day is past. Pick today or a later one."),
    ({"ends_on": "2206-01-01"}, (), "A group runs for three months at most. Pick an earlier day."),
    ({"ends_on": ""}, (), "This field is required."),
    ({"adult": "x" * 101}, (), "Ensure this value has at most 100 characters"),
    ({}, [("core", "", "https://example.org/")], "Say what the link is for, or empty the line."),
    ({}, [("core", "Draw", "javascript:alert(1)")], "This is no web address."),
    ({}, [("best", "Draw", "")], "Select a valid choice."),
    ({"tasks-TOTAL_FORMS": "many"}, (), "ManagementForm data is missing"),
]


def test_page_says_what_cannot_be_and_keeps_what_was_typed(grouped, group, as_account):
    client, url = as_account(grouped.teacher), reverse("group_change", args=[group.pk])
    for fields, tasks, said in REFUSED:
        sent = typed(group, tasks, place="Behind the shelf")
        sent |= {f"group-{group.pk}-{name}": value for name, value in fields.items()}

        answer = client.post(url, sent)

        page = answer.content.decode()
        assert (answer.status_code, said in page, 'value="Behind the shelf"' in page) == (422, True, True), said
    assert Group.objects.get(pk=group.pk).version == 1


def test_page_of_a_second_teacher_keeps_what_was_typed_and_saves_it_on_the_next_try(grouped, group, as_account):
    change(group, grouped.co_teacher, place="Carpet")
    client = as_account(grouped.teacher)
    url = reverse("group_change", args=[group.pk])

    answer = client.post(url, typed(group, place="Hall"))

    page = answer.content.decode()
    assert (answer.status_code, "Ken Lee changed this group meanwhile." in page) == (409, True)
    assert ", Carpet<br>" in page
    assert 'value="Hall"' in page
    assert f'action="{url}#change-{group.pk}"' in page  # where the page that says so opens
    assert f'name="group-{group.pk}-version" value="2"' in page
    client.post(url, typed(group, place="Hall", version=2))
    assert Group.objects.get(pk=group.pk).place == "Hall"


def test_page_of_a_group_that_is_over_says_so(grouped, group, as_account):
    Group.objects.filter(pk=group.pk).update(closed_at=timezone.now())
    client = as_account(grouped.teacher)

    answer = client.post(reverse("group_change", args=[group.pk]), typed(group), follow=True)

    assert "This group is over. What you typed was not saved." in answer.content.decode()
