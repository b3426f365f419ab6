"""Lists of conversations and one conversation as pages show them, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from paths.models import Message, MessageReport, Talk, TalkSeen, TalkWidening
from paths.models.message import TAKE_BACK
from profiles.models import Account, Guardianship

TALKS_A_PAGE = 40
MESSAGES_A_PAGE = 40


def with_news(talks: QuerySet[Talk], account: Account) -> QuerySet:
    """Each with `unread`: messages that the account has not read, hidden ones and its own left out."""
    seen = TalkSeen.objects.filter(talk=OuterRef("pk"), account=account).values("last_message")
    news = (
        Message.objects.filter(talk=OuterRef("pk"), hidden_at=None, pk__gt=OuterRef("read_up_to"))
        .exclude(author=account)
        .order_by()
    )
    count = news.values("talk").annotate(n=Count("pk")).values("n")
    return talks.annotate(read_up_to=Coalesce(Subquery(seen), Value(0))).annotate(
        is_new=Exists(news), unread=Coalesce(Subquery(count, output_field=IntegerField()), Value(0))
    )


def unread_of(account: Account) -> tuple[int, int]:
    """(messages, conversations) that are new to the account. One statement, and one for its rights."""
    rows = with_news(Talk.objects.open_to(account), account).filter(is_new=True)
    counts = [row.unread for row in rows.only("pk")]
    return sum(counts), len(counts)


@dataclass(frozen=True)
class TalkLine:
    """A conversation in a list. last_words: of the newest message, "" where it is hidden."""

    talk: Talk
    unread: int
    last_by: str
    last_words: str
    is_own: bool


@dataclass(frozen=True)
class TalkList:
    lines: list[TalkLine]
    page: int
    has_more: bool

    @property
    def learner_ids(self) -> set[int]:
        return {line.talk.learner_id for line in self.lines}


def list_talks(talks: QuerySet[Talk], account: Account, *, page: int = 1) -> TalkList:
    """Unread first, then the newest. One statement. page: from 1."""
    newest = Message.objects.filter(talk=OuterRef("pk")).order_by("-pk")
    shown = newest.filter(hidden_at=None)
    start = (page - 1) * TALKS_A_PAGE
    rows = list(
        with_news(talks, account)
        .select_related("learner", "section", "goal", "step", "standard", "group__focus")
        .annotate(
            last_words=Coalesce(Subquery(shown.values("text")[:1]), Value(""), output_field=TextField()),
            last_given=Coalesce(Subquery(shown.values("author__given_name")[:1]), Value("")),
            last_family=Coalesce(Subquery(shown.values("author__family_name")[:1]), Value("")),
            last_author=Subquery(shown.values("author_id")[:1]),
        )
        .order_by("-is_new", "-last_at", "-pk")[start : start + TALKS_A_PAGE + 1]
    )
    lines = [
        TalkLine(
            row,
            row.unread,
            f"{row.last_given} {row.last_family}".strip(),
            row.last_words,
            row.last_author == account.pk,
        )
        for row in rows[:TALKS_A_PAGE]
    ]
    return TalkList(lines, page, len(rows) > TALKS_A_PAGE)


@dataclass(frozen=True)
class Said:
    """A message on its page.

    words: None where it is hidden from this reader. relation: of an author who is family. is_new: not read yet.
    is_told: the reader has told a grown-up; answer: what was said back, "" before.
    then: after it and before the next one more people were let in, or the learner was asked.
    """

    message: Message
    words: str | None
    relation: str
    is_own: bool
    is_new: bool
    is_told: bool
    answer: str
    may_report: bool
    may_hide: bool
    then: list[TalkWidening] = field(default_factory=list)


@dataclass(frozen=True)
class Thread:
    """messages: oldest first. earlier, later: ids from which the neighbouring pages go on, or None.

    widenings: all of the conversation, wherever its page stands.
    """

    talk: Talk
    messages: list[Said]
    earlier: int | None
    later: int | None
    read_up_to: int
    widenings: Sequence[TalkWidening]

    @property
    def newest(self) -> int:
        """Id of the last message of the page; 0 without one."""
        return self.messages[-1].message.pk if self.messages else 0

    @property
    def is_at_end(self) -> bool:
        return self.later is None

    @property
    def has_news(self) -> bool:
        return any(said.is_new for said in self.messages)


def read_thread(
    talk: Talk,
    account: Account,
    *,
    may_report: bool,
    may_hide: bool,
    reads_hidden: bool,
    now: datetime,
    before: int | None = None,
    after: int | None = None,
) -> Thread:
    """The newest messages, or those before or after an id. Three statements.

    may_report: the account is in it. may_hide: it may hide what learners and families said.
    reads_hidden: as an administrator.
    """
    reports = MessageReport.objects.filter(message=OuterRef("pk"), by=account)
    relation = Guardianship.objects.filter(
        account=OuterRef("author"), learner=talk.learner_id, confirmed_at__isnull=False
    )
    rows = (
        Message.objects.filter(talk=talk)
        .select_related("author", "hidden_by")
        .annotate(
            is_told=Exists(reports),
            answer=Coalesce(Subquery(reports.values("answer")[:1]), Value("")),
            relation=Coalesce(Subquery(relation.values("relation")[:1]), Value("")),
        )
    )
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: MESSAGES_A_PAGE + 1])
        later = found[MESSAGES_A_PAGE - 1].pk + 1 if len(found) > MESSAGES_A_PAGE else None
        found = found[:MESSAGES_A_PAGE]
        earlier: int | None = after + 1
    else:
        older = rows.filter(pk__lt=before) if before is not None else rows
        found = list(older.order_by("-pk")[: MESSAGES_A_PAGE + 1])
        is_more, found = len(found) > MESSAGES_A_PAGE, found[:MESSAGES_A_PAGE][::-1]
        earlier = found[0].pk if is_more else None
        later = before - 1 if before is not None else None
    seen = TalkSeen.objects.filter(talk=talk, account=account).values_list("last_message", flat=True)
    read_up_to = next(iter(seen), 0)
    said = [_said(row, account, read_up_to, may_report, may_hide, reads_hidden, now) for row in found]
    widenings = list(TalkWidening.objects.filter(talk=talk).select_related("by"))
    for widening in widenings:
        if line := _last_before(said, widening, is_end=later is None):
            line.then.append(widening)
    return Thread(talk, said, earlier, later, read_up_to, widenings)


def _last_before(said: Sequence[Said], widening: TalkWidening, *, is_end: bool) -> Said | None:
    """The message of the page after which it happened; None where that is on another page."""
    before = [line for line in said if line.message.pk <= widening.after_message]
    if not before or (len(before) == len(said) and not is_end and before[-1].message.pk != widening.after_message):
        return None
    return before[-1]


def _said(
    row, account: Account, read_up_to: int, may_report: bool, may_hide: bool, reads_hidden: bool, now: datetime
) -> Said:
    is_own = row.author_id == account.pk
    is_hidden = row.hidden_at is not None
    is_staff = row.author is not None and row.author.kind == Account.Kind.STAFF
    may = (is_own and row.at > now - TAKE_BACK) or reads_hidden or (may_hide and not is_staff and not is_own)
    return Said(
        message=row,
        words=None if is_hidden and not reads_hidden else row.text,
        relation=row.relation,
        is_own=is_own,
        is_new=not is_own and not is_hidden and row.pk > read_up_to,
        is_told=row.is_told,
        answer=row.answer,
        may_report=may_report and not is_own and not is_hidden,
        may_hide=may and not is_hidden,
    )
