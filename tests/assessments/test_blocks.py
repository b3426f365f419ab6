"""Tutoring blocks: drawn from several sections, grouped, taught, closed; who may do what, and who reads what."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupMember, SectionStandard, Wish
from assessments.services import block_page, blocks, boards, closings, suggesting
from assessments.services.block_draw import read_draw
from assessments.services.group_shares import BLOCK, MEASURES, read_shares
from assessments.services.group_starts import read_starts
from assessments.services.learner_groups import read_own_groups
from assessments.services.minimums import Minimums
from assessments.services.policies import Policies
from profiles.models import Account, Block, Enrollment, Learner, Section
from profiles.services import blocks as rosters
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, give, give_all, make_assessment, make_group, work_off
from tests.factories.profiles import enroll, make_account, make_learner, make_roster, make_section, make_teacher

pytestmark = pytest.mark.django_db


@dataclass
class Tutored:
    """Two sections of a school, one person who leads both, and a block that works on their two standards."""

    maple: Section
    oak: Section
    maple_learners: list[Learner]
    oak_learners: list[Learner]
    tutor: Account
    rosa: Account
    oak_teacher: Account
    block: Block

    @property
    def all(self) -> list[Learner]:
        return [*self.maple_learners, *self.oak_learners]


def today():
    return timezone.localdate()


def at_home(client, name, *args, **data):
    return client.get(reverse(name, args=args), data).content.decode()


@pytest.fixture
def tutored(grouped):
    """Everybody in Maple has results (see grouped); in Oak two are at 1 on both, one at 4, one has none."""
    school = grouped.section.roster.school
    oak = make_section(make_roster(school, session=grouped.section.session), title="5 Oak Mathematics")
    for position, standard in enumerate(grouped.standards):
        SectionStandard._base_manager.create(section=oak, standard=standard, position=position)
    learners = [make_learner(school, given_name=name, family_name="Oak", account=True) for name in "ABCD"]
    for learner in learners:
        enroll(learner, oak.roster)
    assessment = make_assessment(oak, grouped.standards, given_on=days_ago(2).date())
    shown = zip(learners, (1, 1, 4), strict=False)
    give_all(assessment, [(learner, standard, level) for learner, level in shown for standard in grouped.standards])
    work_off()
    tutor = make_teacher(grouped.section.roster, role="co_teacher", given_name="Ines", family_name="Sol")
    enroll(tutor, oak.roster, role=Enrollment.Role.CO_TEACHER)
    block = blocks.set_up(
        name="Tier two fractions",
        like=grouped.section,
        standards=grouped.standards,
        place="Media center",
        slots=[[1, 615, 645], [3, 615, 645]],
        seats=3,
        starts_on=today(),
        ends_on=today() + timedelta(weeks=4),
        adults=[tutor, grouped.teacher],
        by=tutor,
        on=today(),
    )
    oak_teacher = make_teacher(oak.roster)
    return Tutored(grouped.section, oak, grouped.learners, learners, tutor, grouped.teacher, oak_teacher, block)


def fill(tutored, learners):
    blocks.draw(block=tutored.block, learners=learners, by=tutored.tutor, on=today())
    suggesting.suggest_due()
    return boards.current_board(tutored.block.section)


def accept(tutored, board):
    made = boards.accept_board(section=tutored.block.section, version=board.version, by=tutored.tutor)
    return {group.letter: group for group in made}


def test_only_who_leads_a_class_draws_from_it_and_a_block_hands_nobody_on(tutored):
    drawable = lambda account: set(Section.objects.drawable_by(Account.objects.get(pk=account.pk)))
    aide = make_teacher(tutored.maple.roster, role="aide")
    substitute = make_teacher(tutored.maple.roster, role="substitute", section=tutored.maple)
    fill(tutored, tutored.oak_learners[:1])
    assert drawable(tutored.tutor) == {tutored.maple, tutored.oak}
    assert drawable(tutored.rosa) == {tutored.maple}
    assert drawable(tutored.oak_teacher) == {tutored.oak}
    assert drawable(aide) == drawable(substitute) == set()


def test_adults_of_a_block_see_its_learners_until_four_weeks_after_it(tutored):
    drawn, not_drawn = tutored.oak_learners[:2]
    fill(tutored, [drawn])
    seen = lambda: set(Learner.objects.visible_to(Account.objects.get(pk=tutored.rosa.pk)))
    assert drawn in seen()
    assert not_drawn not in seen()
    last = tutored.block.ends_on + rosters.AFTERWARDS
    places = Enrollment.objects.filter(roster=tutored.block.roster)
    assert set(places.values_list("ends_on", flat=True)) == {last}
    assert rosters.AFTERWARDS.days == closings.WATCHED_DAYS
    rosters.let_go(block=tutored.block, learner_id=drawn.pk, by=tutored.tutor, on=today())
    assert drawn not in seen()


def test_teacher_of_a_class_reads_of_a_block_where_and_when_and_the_own_students(tutored, as_account):
    fill(tutored, [tutored.maple_learners[0], tutored.oak_learners[0]])
    client = as_account(tutored.oak_teacher)
    page = at_home(client, "blocks")
    assert "Tue, Thu 10:15–10:45, Media center" in page
    assert tutored.oak_learners[0].name in page
    assert tutored.maple_learners[0].name not in page
    for name in ("block", "block_change", "block_draw"):
        assert client.get(reverse(name, args=[tutored.block.pk])).status_code == 404
    assert client.get(reverse("section_groups", args=[tutored.block.section_id])).status_code == 404
    assert block_page.read_elsewhere(tutored.tutor, on=today()) == []


def test_who_needs_it_most_is_suggested_from_both_sections_with_reasons(tutored, as_account):
    draw = read_draw(tutored.block, [tutored.maple, tutored.oak], adults=2, inside=0, on=today())
    suggested = {candidate.learner for candidate in draw.candidates if candidate.is_suggested}
    gain = lambda candidate: candidate.learner in suggested
    assert [gain(candidate) for candidate in draw.candidates[:6]] == [True] * 6
    assert (len(draw.candidates), len(suggested), draw.places) == (16, 6, 6)
    lowest, mastered = set(tutored.oak_learners[:2]), tutored.oak_learners[2]
    assert lowest < suggested
    assert draw.candidates[-1].learner == mastered
    assert draw.candidates[-1].reasons[0]["code"] == "secure_here"
    assert all(found.reasons[0].get("standard", found.standard) == found.standard for found in draw.candidates)
    assert mastered not in suggested
    assert suggested & set(tutored.maple_learners)
    members = {member["learner"] for entry in draw.groups for member in entry["members"]}
    assert members == {learner.pk for learner in suggested}
    assert all(len(entry["members"]) <= 3 for entry in draw.groups)
    page = at_home(as_account(tutored.tutor), "block_draw", tutored.block.pk)
    assert page.count("checked") == 6 + 2  # and both sections
    assert "1 today, the first result here." not in page
    assert "first result here." in page


def test_draw_page_costs_the_same_for_more_students(tutored, as_account):
    client, url = as_account(tutored.tutor), reverse("block_draw", args=[tutored.block.pk])
    client.get(url)
    with assert_statements(at_most=30) as few:
        client.get(url)
    for number in range(6):
        enroll(make_learner(tutored.oak.roster.school, given_name=f"More {number}"), tutored.oak.roster)
    with assert_statements(exactly=len(few)):
        client.get(url)


def test_only_ticked_students_of_the_own_classes_are_drawn(tutored, as_account):
    url = reverse("block_draw", args=[tutored.block.pk])
    ids = [tutored.maple_learners[0].pk, tutored.oak_learners[0].pk]
    as_account(tutored.rosa).post(url, {"learners": ids})
    people = block_page.read_people(tutored.block, sections=[], may_edit=False, on=today())
    assert [person.pk for person in people] == ids[:1]


def test_accepted_groups_meet_as_the_block_does_and_keep_their_start(tutored):
    learners = [*tutored.maple_learners[:4], *tutored.oak_learners[:2]]
    board = fill(tutored, learners)
    assert board.settings["hi"] == 3
    assert board.settings["adults"] == 2
    reasons = [member["reasons"] for entry in board.board["groups"] for member in entry["members"]]
    assert all(found[0]["code"] != "new_this_week" for found in reasons)
    groups = accept(tutored, board)
    for group in groups.values():
        assert (group.place, group.time_text) == ("Media center", "Tue, Thu 10:15–10:45")
        assert (group.starts_on, group.ends_on) == (today(), tutored.block.ends_on)
        assert group.adult in {"Ines Sol", "Rosa Delgado"}
    members = GroupMember.objects.filter(group__in=groups.values())
    assert set(members.values_list("learner_id", flat=True)) == {learner.pk for learner in learners}
    assert not members.filter(expected_micro__isnull=True).exists()
    assert set(members.values_list("start_level", flat=True)) <= {1, 2, 3, 4}


def test_groups_that_take_turns_meet_on_days_of_their_own_and_go_back_to_all(tutored):
    def times(k, hi):
        board = boards.start_board(tutored.block.section)
        settings = {"k": k, "hi": hi, "lo": None, "adults": 1, "own_path": False}
        boards.change_settings(section=tutored.block.section, version=board.version, settings=settings)
        return sorted(
            group.time_text for group in accept(tutored, boards.current_board(tutored.block.section)).values()
        )

    fill(tutored, tutored.maple_learners[:6])
    both = ["Tue, Thu 10:15–10:45"]
    assert times(1, 6) == both
    assert times(2, 3) == ["Thu 10:15–10:45", "Tue 10:15–10:45"]
    assert times(1, 6) == both


def test_learner_reads_neutral_words_and_never_the_name_of_the_block(tutored, as_account):
    learner = tutored.oak_learners[0]
    accept(tutored, fill(tutored, [learner, tutored.maple_learners[0]]))
    (own,) = read_own_groups(learner, on=today()).now
    assert own.section == ""
    client = as_account(learner.account)
    pages = [at_home(client, "home"), at_home(client, "learner", learner.pk)]
    pages.append(at_home(as_account(tutored.tutor), "groups_roster", tutored.block.section_id))
    for page in pages:
        assert "Tier two fractions" not in page
        assert "Media center" in page
    assert "Small group" in pages[1]


def test_group_of_a_class_at_the_time_of_the_block_clashes(tutored, as_account):
    learner, standard = tutored.maple_learners[0], tutored.block.section.section_standards.first().standard
    make_group(tutored.maple, standard, [learner], letter="Z", time_text="Thu 10:30")
    draw = read_draw(tutored.block, [tutored.maple], adults=2, inside=0, on=today())
    clashing = {found.learner: found.elsewhere for found in draw.candidates if found.elsewhere}
    assert [(who, found[0].letter) for who, found in clashing.items()] == [(learner, "Z")]
    accept(tutored, fill(tutored, [learner, tutored.oak_learners[0]]))
    page = at_home(as_account(tutored.tutor), "section_groups", tutored.block.section_id)
    assert f"At the same time in group Z of {tutored.maple.title} (Thu 10:30): {learner.name}." in page


def test_closure_of_a_block_is_the_one_of_a_section_on_the_same_numbers(tutored):
    learners = tutored.maple_learners[:6]
    board = fill(tutored, learners)
    boards.change_settings(
        section=tutored.block.section, version=board.version, settings={"k": 1, "hi": 6, "own_path": False}
    )
    (group,) = accept(tutored, boards.current_board(tutored.block.section)).values()
    starts = read_starts(
        tutored.maple.roster_id,
        {learner.pk: group.focus_id for learner in learners},
        policies=Policies(tutored.maple.district_id),
        on=today(),
        at=group.created_at,
    )
    twin = make_group(tutored.maple, group.focus, learners, letter="Z")
    for pk, fields in starts.items():
        GroupMember.objects.filter(group=twin, learner=pk).update(**fields)
    back = timedelta(days=1)
    both = Group.objects.filter(pk__in=[group.pk, twin.pk])
    both.update(created_at=F("created_at") - back, starts_on=F("starts_on") - back, ends_on=today())
    again = make_assessment(tutored.block.section, [group.focus], kind="reassessment")
    for learner, level in zip(learners[:5], (4, 1, 2, 4, 3), strict=True):
        give(again, learner, group.focus, level)
    work_off()
    read = closings.read_over(list(both.select_related("focus")), Policies(tutored.maple.district_id), today=today())
    assert read[group.pk].closing == read[twin.pk].closing
    assert read[group.pk].closing.tried_again == read[group.pk].closing.change.n == len(learners) - 1


def test_whom_a_class_keeps_apart_the_block_keeps_apart(tutored):
    first, second, third = tutored.maple_learners[:3]
    Wish.objects.create(section=tutored.maple, kind="apart", first=first, second=second)
    Wish.objects.create(section=tutored.maple, kind="together", first=first, second=third)
    fill(tutored, [first, third])
    board = fill(tutored, [second])
    kept = Wish.objects.filter(section=tutored.block.section).values_list("kind", "first_id", "second_id")
    assert list(kept) == [("apart", first.pk, second.pk)]
    where = {member["learner"]: entry["letter"] for entry in board.board["groups"] for member in entry["members"]}
    assert where.get(first.pk) is None or where.get(first.pk) != where.get(second.pk)


def test_learner_who_changes_class_stays_and_who_leaves_the_school_goes(tutored):
    moves, leaves, stays = tutored.maple_learners[:3]
    fill(tutored, [moves, leaves, stays])
    back = rosters.AWAY + timedelta(days=2)
    Enrollment.objects.filter(learner__in=[moves, leaves], roster=tutored.maple.roster).update(ends_on=today() - back)
    Enrollment.objects.filter(roster=tutored.block.roster).update(starts_on=today() - back)
    enroll(moves, tutored.oak.roster)
    assert rosters.let_strays_go(tutored.maple.district_id, on=today()) == 1
    people = block_page.read_people(tutored.block, sections=[], may_edit=False, on=today())
    assert {person.pk for person in people} == {moves.pk, stays.pk}


def test_ending_a_block_closes_its_groups_and_one_never_used_is_gone(tutored):
    accept(tutored, fill(tutored, tutored.maple_learners[:3]))
    assert blocks.end(block=tutored.block, by=tutored.tutor, on=today()) is False
    assert not Group.objects.filter(section=tutored.block.section, closed_at__isnull=True).exists()
    ended = Block.objects.get(pk=tutored.block.pk)
    assert ended.ends_on == today()
    last = set(Enrollment.objects.filter(roster=ended.roster).values_list("ends_on", flat=True))
    assert last == {today() + rosters.AFTERWARDS}

    facts = {"place": "", "slots": [], "seats": 2, "starts_on": today(), "ends_on": today(), "adults": [tutored.tutor]}
    empty = blocks.set_up(name="Mistake", like=tutored.maple, standards=[], by=tutored.tutor, on=today(), **facts)
    assert blocks.end(block=empty, by=tutored.tutor, on=today()) is True
    assert not Section.objects.filter(title="Mistake").exists()


def test_administrators_read_the_share_of_students_in_blocks(tutored):
    board = boards.start_board(tutored.maple)
    boards.accept_board(section=tutored.maple, version=board.version, by=tutored.rosa)
    accept(tutored, fill(tutored, tutored.maple_learners[:3]))
    school = tutored.maple.roster.school
    found = read_shares([school], zone="UTC", minimums=Minimums(10), today=today())
    low, high = found.lines[0].shares[MEASURES.index(BLOCK)].percent
    assert found.lines[0].learners == 12
    assert low <= 25 <= high


def new_block(tutored, **changes):
    standard = tutored.block.section.section_standards.first().standard_id
    said = {"name": "Reading", "seats": "4", "place": "Hall", "standards": standard, "adult_0": tutored.rosa.pk}
    said |= {"starts_on": today(), "ends_on": today() + timedelta(days=30), "start_0": "09:40", "end_0": "10:00"}
    return said | changes


def test_teacher_sets_a_block_up_and_takes_a_student_out_and_back(tutored, as_account):
    client = as_account(tutored.rosa)
    answer = client.post(reverse("block_new"), new_block(tutored))
    made = Block.objects.get(section__title="Reading")
    assert answer["Location"] == reverse("block_draw", args=[made.pk])
    assert (made.slots, made.section.course_id) == ([[0, 580, 600]], tutored.maple.course_id)
    learner = tutored.maple_learners[0]
    client.post(reverse("block_draw", args=[made.pk]), {"learners": learner.pk})
    place = reverse("block_place", args=[made.pk])
    assert "Put back" in client.post(place, {"act": "leave", "learner": learner.pk}, follow=True).content.decode()
    assert "Take out" in client.post(place, {"act": "back", "learner": learner.pk}, follow=True).content.decode()
    client.post(reverse("block_change", args=[made.pk]), new_block(tutored, name="Stories", seats="2"))
    made.refresh_from_db()
    assert (made.section.title, made.seats) == ("Stories", 2)
    assert learner.name in at_home(client, "block", made.pk)


REFUSED = [
    ({"name": ""}, "Give the block a name."),
    ({"standards": ""}, "Choose at least one standard."),
    ({"adult_0": ""}, "Say who leads it."),
    ({"end_0": ""}, "Say both, or empty both."),
    ({"end_0": "09:10"}, "This is not after the beginning."),
    ({"ends_on": "2020-01-01"}, "This is before the first day."),
    ({"seats": "99"}, "less than or equal to 12"),
]


def test_block_that_makes_no_sense_is_refused_with_what_to_do(tutored, as_account):
    client = as_account(tutored.rosa)
    for changes, said in REFUSED:
        answer = client.post(reverse("block_new"), new_block(tutored, **changes))
        assert (answer.status_code, said in answer.content.decode()) == (422, True), changes
    assert Block.objects.count() == 1


def test_teacher_may_not_set_up_a_block_for_others_only_and_names_no_stranger(tutored, as_account):
    client, stranger = as_account(tutored.rosa), make_account(tutored.maple.district)
    other = client.post(reverse("block_new"), new_block(tutored, adult_0=tutored.tutor.pk))
    assert "Stay one of its adults" in other.content.decode()
    foreign = client.post(reverse("block_new"), new_block(tutored, adult_1=stranger.pk, email=stranger.email))
    assert foreign.status_code == 422
    assert Block.objects.count() == 1
