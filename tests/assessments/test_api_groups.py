"""Groups in API and CSV: the same as on the pages, by the same rights; what is stale or odd changes nothing."""

import csv
import io
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupSuggestion, GroupTask
from assessments.services import boards
from lrm.api.scopes import (
    GOALS_WRITE,
    GROUPS_READ,
    GROUPS_WRITE,
    MASTERY_READ,
    PATHS_WRITE,
    ROSTERS_READ,
    SCOPES,
    SYSTEM_SCOPES,
)
from profiles.models import AccessLog, Enrollment
from profiles.services.integrations import give_token, make_integration
from tests.asking import Program, fits, problem_of
from tests.budgets import assert_statements, statements
from tests.factories.assessments import give, make_assessment, make_group, work_off
from tests.factories.classes import give_levels, learners_of, make_class
from tests.factories.profiles import make_district_admin, make_school_admin, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(taught):
    return Program(taught.teacher)


def table_of(answer):
    """Rows of a CSV as dicts."""
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_running_groups_are_the_same_on_page_in_api_and_in_csv(grouped, program, as_account):
    board = boards.current_board(grouped.section)
    made = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    Group.objects.filter(pk=made[0].pk).update(adult="Ms. Ito", place="Window table", time_text="9:40")
    GroupTask.objects.create(group=made[0], tier="help", text="Fold the strips", url="https://example.org/strips")
    client = as_account(grouped.teacher)
    running = client.get(reverse("section_groups", args=[grouped.section.pk])).context["running"]
    on_page = [
        (line["group"].letter, line["group"].place, member["learner"].name, member["reason"])
        for line in running
        for member in line["members"]
    ]
    assert len(on_page) > 6

    told = fits(program.get("api_section_groups", grouped.section.pk), "PaginatedGroupList")["results"]
    rows = table_of(client.get(reverse("groups_csv", args=[grouped.section.pk])))

    in_api = [
        (group["letter"], group["place"], member["name"], member["reason"])
        for group in sorted(told, key=lambda group: group["letter"])
        for member in group["members"]
    ]
    assert in_api == on_page
    assert [(row["Group"], row["Where"], row["Student"], row["Why"]) for row in rows] == on_page
    first = next(group for group in told if group["id"] == made[0].pk)
    assert first["tasks"] == [{"tier": "help", "text": "Fold the strips", "url": "https://example.org/strips"}]
    assert (first["adult"], first["time"], first["closure"]) == ("Ms. Ito", "9:40", None)
    assert first == fits(program.get("api_group", made[0].pk), "Group")
    assert {row["Class"] for row in rows} == {grouped.section.title}
    codes = {group.letter: (group.focus.code, group.focus.heading, str(group.ends_on)) for group in made}
    assert {row["Group"]: (row["Code"], row["Topic"], row["Until"]) for row in rows} == codes


def test_ended_groups_are_the_same_on_page_in_api_and_in_csv(grouped, program, as_account):
    board = boards.current_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    Group.objects.update(
        created_at=F("created_at") - timedelta(days=1),
        starts_on=F("starts_on") - timedelta(days=1),
        ends_on=timezone.localdate(),
    )
    group = max(Group.objects.all(), key=lambda group: group.members.count())
    assessment = make_assessment(grouped.section, [group.focus], kind="reassessment")
    for number, member in enumerate(group.members.select_related("learner")):
        if number:  # one is not re-assessed
            give(assessment, member.learner, group.focus, 1 + number % 4)
    work_off()
    client = as_account(grouped.teacher)
    [shown] = client.get(reverse("groups_ended", args=[grouped.section.pk])).context["rounds"]
    on_page = {
        (line["group"].pk, each["member"].name, each["member"].outcome, each["member"].level_now)
        for line in shown["groups"]
        for each in line["members"]
    }
    assert len({outcome for _, _, outcome, _ in on_page}) > 2

    told = fits(program.get("api_section_groups", grouped.section.pk, state="ended"), "PaginatedGroupList")["results"]
    rows = table_of(client.get(reverse("groups_ended_csv", args=[grouped.section.pk])))

    in_api = {
        (group["id"], member["name"], member["outcome"], member["level_now"] or 0)
        for group in told
        for member in group["members"]
    }
    assert in_api == on_page
    letters = {group["id"]: group["letter"] for group in told}
    words = {"moved_up": "Moved up", "first_result": "First result", "stayed": "Stayed"}
    words |= {"lower": "Lower", "no_newer": "Not re-assessed"}
    in_words = {(letters[pk], name, words[outcome], str(level or "")) for pk, name, outcome, level in on_page}
    assert {(row["Group"], row["Student"], row["Outcome"], row["Level now"]) for row in rows} == in_words
    for line in shown["groups"]:
        closure = next(group["closure"] for group in told if group["id"] == line["group"].pk)
        counts = {outcome: closure[outcome] for outcome in words}
        assert counts == {
            outcome: sum(each[2] == outcome and each[0] == line["group"].pk for each in on_page) for outcome in words
        }
        change = closure["change"]
        said = line["change"].get("observed"), line["change"].get("expected")
        signed = lambda points: f"+{points}" if points > 0 else f"\N{MINUS SIGN}{-points}" if points < 0 else "0"
        assert said == ((signed(change["observed"]), signed(change["expected"])) if change else (None, None))
        mine = [row for row in rows if row["Group"] == line["group"].letter]
        points = (str(change["observed"]), str(change["expected"])) if change else ("", "")
        assert {(row["Change in scores"], row["Expected anyway"]) for row in mine} == {points}


def test_suggestion_has_the_groups_and_words_of_the_board(grouped, program, as_account):
    told = fits(program.get("api_section_suggestion", grouped.section.pk), "Suggestion")

    page = as_account(grouped.teacher).get(reverse("section_groups", args=[grouped.section.pk])).context
    assert (told["state"], told["version"], told["is_updating"]) == ("waiting", page["suggestion"].version, False)
    on_page = [
        (entry["letter"], entry["title"], entry["reason"], [each["learner"].pk for each in entry["members"]])
        for entry in page["board"]["groups"]
    ]
    assert [
        (entry["letter"], entry["focus"]["title"], entry["reason"], [each["learner"] for each in entry["members"]])
        for entry in told["groups"]
    ] == on_page
    reasons = {each["learner"].pk: each["reason"] for entry in page["board"]["groups"] for each in entry["members"]}
    assert {each["learner"]: each["reason"] for entry in told["groups"] for each in entry["members"]} == reasons
    assert all(reasons.values())
    seen = AccessLog.objects.filter(route="api_section_suggestion").get()
    assert set(reasons) <= set(seen.learner_ids)


def test_stale_accept_is_told_the_newer_version_and_changes_nothing(grouped, program):
    version = fits(program.get("api_section_suggestion", grouped.section.pk), "Suggestion")["version"]
    away = grouped.learners[0].pk
    boards.wish_absent(section=grouped.section, version=version, learner_id=away, by=grouped.co_teacher)

    refused = program.post("api_suggestion_accept", grouped.section.pk, body={"version": version})

    assert problem_of(refused) == (409, "stale")
    assert refused.json()["current_version"] == version + 1
    assert (Group.objects.count(), GroupSuggestion.objects.get().state) == (0, "current")
    newest = {"version": version + 1}
    once, twice = (program.post("api_suggestion_accept", grouped.section.pk, body=newest) for _ in range(2))
    told = fits(once, "Accepted")["groups"]
    assert [group["letter"] for group in told] == sorted(Group.objects.values_list("letter", flat=True))
    assert away not in {member["learner"] for group in told for member in group["members"]}
    assert fits(twice, "Accepted")["groups"] == told
    assert fits(program.get("api_section_suggestion", grouped.section.pk), "Suggestion")["state"] == "none"


def test_accepting_where_nothing_is_suggested_is_a_conflict(taught, program):
    refused = program.post("api_suggestion_accept", taught.section.pk, body={"version": 1})
    assert (*problem_of(refused), refused.json()["current_version"]) == (409, "stale", None)


def test_closing_ends_a_group_today_and_twice_equals_once(taught, program):
    group = make_group(taught.section, taught.standards[0], taught.learners)
    first, second = (fits(program.post("api_group_close", group.pk), "Group") for _ in range(2))
    assert first["closed_at"] == second["closed_at"]
    assert first["closure"]["no_newer"] == len(taught.learners)
    group.refresh_from_db()
    assert group.closed_by == taught.teacher


def test_who_has_left_the_class_is_in_no_group_on_page_in_api_or_csv(taught, program, as_account):
    group = make_group(taught.section, taught.standards[0], taught.learners)
    gone, *stay = taught.learners
    Enrollment.objects.filter(learner=gone).update(ends_on=timezone.localdate() - timedelta(days=1))
    names = {learner.name for learner in stay}
    client = as_account(taught.teacher)
    told = fits(program.get("api_group", group.pk), "Group")
    [line] = client.get(reverse("section_groups", args=[taught.section.pk])).context["running"]
    rows = table_of(client.get(reverse("groups_csv", args=[taught.section.pk])))
    assert {member["name"] for member in told["members"]} == names
    assert {member["learner"].name for member in line["members"]} == names
    assert {row["Student"] for row in rows} == names


def test_answer_is_not_sent_again_while_it_stands(taught, program):
    group = make_group(taught.section, taught.standards[0], taught.learners)
    first = program.get("api_group", group.pk)
    again = program.get("api_group", group.pk, etag=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    Group.objects.update(place="Window table")
    assert program.get("api_group", group.pk, etag=first["ETag"]).json()["place"] == "Window table"


def test_pages_of_groups_follow_each_other_and_lose_none(taught, program):
    made = [make_group(taught.section, taught.standards[0], [], letter=letter) for letter in "ABCDE"]
    address, seen = reverse("api_section_groups", args=[taught.section.pk]) + "?limit=2", []
    while address:
        page = fits(program.follow(address), "PaginatedGroupList")
        if len(seen) == 2:  # what comes in between moves nothing
            make_group(taught.section, taught.standards[0], [], letter="F")
        seen += [group["id"] for group in page["results"]]
        address = page["next"]
    assert seen == [group.pk for group in reversed(made)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "1e3"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"cursor": "\0"}, "cursor"),
        ({"cursor": "cD14"}, "cursor"),  # p=x
        ({"cursor": "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk="}, "cursor"),  # p=9…, beyond any id
        ({"state": "all"}, "state"),
        ({"state": ""}, "state"),
        ({"state": ["running", "ended"]}, "state"),
    ],
)
def test_odd_questions_are_refused_by_the_name_of_the_field(taught, program, query, field):
    answer = program.get("api_section_groups", taught.section.pk, **query)
    assert problem_of(answer) == (400, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


ODD_BODIES = {
    "empty": (b"", 400),
    "half": (b"{", 400),
    "no text": (b"\xff\xfe", 400),
    "null": (b"null", 400),
    "a list": (b"[]", 400),
    "no number": (b'{"version": NaN}', 400),
    "infinite": (b'{"version": 1e400}', 400),
    "too many digits": (b'{"version": ' + b"9" * 5000 + b"}", 400),
    "half a character": (b'{"version": "\\ud800"}', 400),
    "deeper": (b'{"version": {"a": [1]}}', 400),
    "very deep": (b"[" * 100_000, 400),
    "too large": (b'{"version": 1, "x": "' + b"x" * 1_000_001 + b'"}', 413),
}


@pytest.mark.parametrize(("body", "status"), ODD_BODIES.values(), ids=ODD_BODIES)
def test_odd_bodies_are_refused_and_change_nothing(taught, program, body, status):
    assert problem_of(program.post("api_suggestion_accept", taught.section.pk, body=body))[0] == status


def test_other_kinds_of_body_and_of_verb_are_refused_as_json(taught, program):
    sent = program.post("api_suggestion_accept", taught.section.pk, body=b"version=1", content_type="text/plain")
    assert problem_of(sent)[0] == 415
    assert problem_of(program.get("api_suggestion_accept", taught.section.pk)) == (405, "method_not_allowed")


def test_administrators_have_no_groups_of_classes_here(taught):
    admin = make_school_admin(taught.section.roster.school)
    group = make_group(taught.section, taught.standards[0], taught.learners)
    asked = Program(admin)
    for answer in (asked.get("api_group", group.pk), asked.get("api_section_groups", taught.section.pk)):
        assert problem_of(answer) == (404, "not_found")


def read_as_system(section, scopes, route, *args, **query):
    admin = make_district_admin(section.district)
    made = make_integration(name=f"Timetable {len(scopes)}", schools=[section.roster.school], by=admin)
    facts = {"scopes": scopes, "expires_on": timezone.localdate(), "per_minute": 300}
    _, secret = give_token(integration=made, **facts, by=admin)
    headers = {"authorization": f"Bearer {secret}"}
    return Client(raise_request_exception=False).get(reverse(route, args=args), query, headers=headers)


def test_system_reads_groups_as_far_as_its_scopes_go(taught):
    group = make_group(taught.section, taught.standards[0], taught.learners)
    over = make_group(taught.section, taught.standards[0], taught.learners, closed_at=timezone.now())
    GroupTask.objects.create(group=group, tier="help", text="Ada folds the strips")
    ids = sorted(learner.pk for learner in taught.learners)

    bare = fits(read_as_system(taught.section, [GROUPS_READ], "api_group", group.pk), "Group")
    assert sorted(member["learner"] for member in bare["members"]) == ids
    assert {(member["name"], member["reason"]) for member in bare["members"]} == {(None, None)}
    assert (bare["focus"]["id"], bare["tasks"], bare["closure"]) == (taught.standards[0].pk, [], None)

    scopes, query = [GROUPS_READ, ROSTERS_READ], {"state": "ended"}
    page = fits(
        read_as_system(taught.section, scopes, "api_section_groups", taught.section.pk, **query), "PaginatedGroupList"
    )
    [named] = page["results"]
    assert (named["id"], named["closure"]) == (over.pk, None)
    assert {member["name"] for member in named["members"]} == {learner.name for learner in taught.learners}
    assert {member["outcome"] for member in named["members"]} == {None}

    scopes = [GROUPS_READ, ROSTERS_READ, MASTERY_READ]
    whole = fits(read_as_system(taught.section, scopes, "api_group", over.pk), "Group")
    assert whole["closure"]["no_newer"] == len(ids)
    assert {member["outcome"] for member in whole["members"]} == {"no_newer"}
    assert AccessLog.objects.filter(route__in=["api_group", "api_section_groups"]).count() == 3
    assert problem_of(read_as_system(taught.section, [MASTERY_READ], "api_group", over.pk)) == (403, "missing_scope")


def test_system_is_offered_no_act_between_people():
    assert {GROUPS_WRITE, GOALS_WRITE, PATHS_WRITE}.isdisjoint(SYSTEM_SCOPES)
    assert SYSTEM_SCOPES.keys() | {GROUPS_WRITE, GOALS_WRITE, PATHS_WRITE} == SCOPES.keys()


def test_names_and_places_that_look_like_formulas_stay_text(taught, as_account):
    taught.learners[0].given_name = "=HYPERLINK"
    taught.learners[0].save()
    closed = timezone.now()
    for group in (make_group(taught.section, taught.standards[0], taught.learners[:1], place="@SUM(A1)") for _ in "ab"):
        group.adult = "+1"
        group.save()
    Group.objects.filter(pk=group.pk).update(closed_at=closed)
    client = as_account(taught.teacher)
    for route in ("groups_csv", "groups_ended_csv"):
        [row] = table_of(client.get(reverse(route, args=[taught.section.pk])))
        assert (row["Student"], row["Where"]) == (f"'{taught.learners[0].name}", "'@SUM(A1)")
    assert AccessLog.objects.filter(route__in=["groups_csv", "groups_ended_csv"]).count() == 2


def test_groups_and_suggestion_cost_the_same_for_more_learners():
    counts = []
    for learners in (6, 30):
        section = make_section()
        standards = [make_standard(make_framework(section.district)) for _ in range(2)]
        section = make_class(section.roster.school, standards, learners=learners)
        members = learners_of(section)
        give_levels(members, standards)
        for letter, part in (("A", members[::2]), ("B", members[1::2])):
            make_group(section, standards[0], part, letter=letter)
            make_group(section, standards[1], part, letter=letter, closed_at=timezone.now())
        program = Program(make_teacher(section.roster))
        program.get("api_sections")
        asked = []
        for query in ({"state": "running"}, {"state": "ended"}):
            with assert_statements(at_most=12) as sent:
                assert len(program.get("api_section_groups", section.pk, **query).json()["results"]) == 2
            asked.append(len(statements(sent)))
        counts.append(asked)
    assert counts[0] == counts[1]
