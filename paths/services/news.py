"""Good news of a teacher's classes: who has newly reached a level, and telling them."""

import uuid as uuids
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from assessments.services.policies import InForce, Policies
from paths.models import Message, NewsTold, Talk, TalkSeen
from paths.models.message import TAKE_BACK
from paths.models.talk import TALKING
from paths.services.talks import acts
from paths.services.talks.safety import hide_message
from paths.services.today_lines import People
from paths.services.today_reading import (
    Classroom,
    Shown,
    read_classrooms,
    read_levels,
    read_put_off,
    told_key,
)
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard


@dataclass(frozen=True)
class News:
    """Learners who have newly reached a level at mastery or more on a standard.

    told: those to whom the reader has passed it on.
    """

    standard_id: int
    standard: str
    level: int
    word: str
    names: list[str]
    learners: tuple[int, ...]
    told: frozenset[int] = frozenset()

    @property
    def untold(self) -> bool:
        return len(self.told) < len(self.learners)


def school_day_before(today: date) -> date:
    """Yesterday; on a Monday the Friday before, and on a weekend too."""
    return today - timedelta(days={0: 3, 6: 2}.get(today.weekday(), 1))


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def policy_of_standards(rooms: Iterable[Classroom], policies: Policies, today: date) -> dict[int, InForce]:
    """By standard id, what its framework's policy says."""
    framework_of = {standard: framework for room in rooms for standard, framework in room.frameworks.items()}
    found = {framework: policies.on(framework, today) for framework in set(framework_of.values())}
    return {standard: found[framework] for standard, framework in framework_of.items()}


def news_of(
    rooms: Iterable[Classroom],
    shown: Mapping[int, Shown],
    policy_of: Mapping[int, InForce],
    people: People,
    *,
    told: Collection[str],
) -> list[News]:
    """Most learners first. told: keys as `told_key` makes them."""
    labels = {standard: label for room in rooms for standard, label in room.standards}
    found: dict[tuple[int, int], list[int]] = {}
    for learner, of in shown.items():
        for standard_and_level in of.reached:
            found.setdefault(standard_and_level, []).append(learner)
    news = []
    for (standard, level), who in sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        who.sort(key=lambda learner: people.names[learner])
        names = [people.first[learner] for learner in who]
        known = frozenset(learner for learner in who if told_key(standard, level, learner) in told)
        word = policy_of[standard].word(level)
        news.append(News(standard, labels[standard], level, word, names, tuple(who), known))
    return news


@dataclass(frozen=True)
class Teller:
    """News of one standard in one class, as its teacher may pass it on. readers: staff who read it with the learner.

    people: (learner id, name, whether they were told). in_person: names of those who do not sign in.
    """

    news: News
    heading: str
    section_id: int
    section: str
    readers: list[str]
    people: list[tuple[int, str, bool]]
    in_person: list[str]

    @property
    def key(self) -> str:
        return f"{self.section_id}-{self.news.standard_id}-{self.news.level}"


def tellers(account: Account, *, today: date) -> list[Teller]:
    """What the account may pass on: of classes in which it reads conversations, each learner once a standard."""
    rooms = read_classrooms(account, today=today)
    policy_of = policy_of_standards(rooms, Policies(account.district_id), today)
    mastery = {standard: policy.scale.mastery_level for standard, policy in policy_of.items()}
    since = start_of(school_day_before(today))
    shown = read_levels(rooms, mastery=mastery, lately=since, news_since=since)
    news = news_of(rooms, shown, policy_of, People(rooms), told=read_put_off(account, today=today))
    staff = _staff_of([room.section.pk for room in rooms], on=today)
    with_account = set(
        Learner.objects.filter(pk__in={pk for item in news for pk in item.learners}, account__isnull=False).values_list(
            "pk", flat=True
        )
    )
    headings = {row.pk: row.heading for row in Standard.objects.filter(pk__in={item.standard_id for item in news})}
    found: list[Teller] = []
    placed: set[tuple[int, int]] = set()
    for item in news:
        for room in rooms:
            adults = staff.get(room.section.pk, {})
            if account.pk not in adults or item.standard_id not in room.frameworks:
                continue
            standard = item.standard_id
            here = [row for row in room.learners if row.pk in item.learners and (standard, row.pk) not in placed]
            placed |= {(standard, row.pk) for row in here}
            if here:
                found.append(
                    Teller(
                        news=item,
                        heading=headings[standard],
                        section_id=room.section.pk,
                        section=room.section.title,
                        readers=[name for pk, name in adults.items() if pk != account.pk],
                        people=[(row.pk, row.name, row.pk in item.told) for row in here if row.pk in with_account],
                        in_person=[row.name for row in here if row.pk not in with_account],
                    )
                )
    return found


def _staff_of(section_ids: Collection[int], *, on: date) -> dict[int, dict[int, str]]:
    """{section id: {account id: name}} of who reads the conversations of each class. Two statements."""
    sections = list(Section.objects.filter(pk__in=section_ids))
    rows = Enrollment.objects.on(on).filter(
        roster__in={section.roster_id for section in sections}, role__in=TALKING, account__isnull=False
    )
    found: dict[int, dict[int, str]] = {section.pk: {} for section in sections}
    for row in rows.select_related("account").order_by("account__given_name", "account__family_name", "pk"):
        for section in sections:
            if row.account and section.roster_id == row.roster_id and row.section_id in (None, section.pk):
                found[section.pk][row.account_id] = row.account.name
    return found


@dataclass(frozen=True)
class Words:
    """What is said to whom: one text to each of the learners, alone."""

    teller: Teller
    learner_ids: Sequence[int]
    text: str


@transaction.atomic
def tell(*, words: Sequence[Words], act: uuids.UUID, by: Account, now: datetime, today: date) -> int:
    """A conversation for each, of the learner and the teachers of the class. Returns how many were told.

    Whoever was told already, by the same form or in another window, is not told again. words: of `tellers` of the
    account, whose rights those are.
    """
    with connection.cursor() as cursor:  # two windows, one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"news {by.pk}"])
    told = read_put_off(by, today=today)
    learners = Learner.objects.in_bulk({pk for each in words for pk in each.learner_ids})
    standards = Standard.objects.in_bulk({each.teller.news.standard_id for each in words})
    done = 0
    for each in words:
        news = each.teller.news
        allowed = {pk for pk, _name, _told in each.teller.people}
        for pk in each.learner_ids:
            if pk not in allowed or told_key(news.standard_id, news.level, pk) in told:
                continue
            uuid = uuids.uuid5(act, f"{pk}:{news.standard_id}:{news.level}")
            acts.begin_talk(
                learner=learners[pk],
                anchor=acts.Anchor(standard=standards[news.standard_id]),
                audience=acts.Audience(each.teller.section_id, Talk.Teachers.CLASS, with_family=False),
                title=each.teller.heading[:120],
                text=each.text,
                uuid=uuid,
                by=by,
                now=now,
            )
            NewsTold.objects.create(
                account=by,
                learner=learners[pk],
                standard=standards[news.standard_id],
                level=news.level,
                message=Message.objects.get(uuid=uuid),
                act=act,
                day=today,
                at=now,
            )
            done += 1
    return done


@transaction.atomic
def untell(*, act: uuids.UUID, by: Account, now: datetime) -> tuple[int, list[str]]:
    """Take it back. Returns (how many, names of learners who have answered or read it too long ago).

    Words that nobody has read go, and the conversation with them; what was read is taken back as any message, within
    a quarter of an hour.
    """
    gone, stands = 0, []
    rows = NewsTold.objects.filter(act=act, account=by).select_related("message__talk", "learner").order_by("pk")
    for row in rows.select_for_update(of=("self",)):
        message, talk = row.message, row.message.talk
        is_alone = not Message.objects.filter(talk=talk).exclude(pk=message.pk).exists()
        is_read = TalkSeen.objects.filter(talk=talk).exclude(account=by).exists()
        if is_alone and not is_read:
            row.delete()
            talk.delete()
        elif is_alone and message.at > now - TAKE_BACK:
            row.delete()
            hide_message(message=message, because="", by=by, now=now)
        else:
            stands.append(row.learner.name)
            continue
        gone += 1
    return gone, stands
