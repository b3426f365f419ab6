"""What the pages about pairs show: a class for its teachers, and one learner's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from assessments.models import Mastery
from paths.models import PeerMatch, PeerNote, PeerReport
from paths.pairing import Pair, Said, suggest_pairs
from paths.services.peers.pairs import kept_apart
from profiles.models import Account, Learner, Section
from standards.models import Standard

ENDED_SHOWN = 20
LATELY = timedelta(days=60)


@dataclass
class Wanted:
    """Who asks for help with a standard and who offers it, the longest waiting first, and whom to pair."""

    standard: Standard
    wishes: list[PeerNote] = field(default_factory=list)
    offers: list[PeerNote] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True)
class ClassPairs:
    """wanted: by standard, those with somebody to pair first.  going: pairs that are on.  ended: the newest ones that
    are over.  busy: ids of learners who are in a pair.
    """

    wanted: list[Wanted]
    going: list[PeerMatch]
    ended: list[PeerMatch]
    busy: set[int]

    @property
    def learner_ids(self) -> set[int]:
        noted = {note.learner_id for each in self.wanted for note in (*each.wishes, *each.offers)}
        return noted | {one for match in (*self.going, *self.ended) for one in (match.helper_id, match.asker_id)}


def read_class(section: Section, account: Account, *, today: date) -> ClassPairs:
    """Five statements, however large the class is. account: reads only what it may see, and is staff."""
    notes = list(
        PeerNote.objects.visible_to(account)
        .standing(on=today)
        .filter(section=section)
        .select_related("learner", "standard")
    )
    mine = PeerMatch.objects.visible_to(account).filter(section=section)
    named = mine.select_related("helper", "asker", "standard", "ended_by")
    going = list(named.on(today))
    over = named.exclude(pk__in=[match.pk for match in going]).filter(made_at__date__gt=today - LATELY)
    ended = list(over[:ENDED_SHOWN])
    ids = {note.learner_id for note in notes}
    busy = {one for match in going for one in (match.helper_id, match.asker_id)}
    met = {frozenset(pair) for pair in mine.exclude(agreed_at=None).values_list("helper_id", "asker_id")}
    pairs = suggest_pairs(
        _said(notes, PeerNote.Kind.OFFER),
        _said(notes, PeerNote.Kind.WISH),
        busy=busy,
        apart=kept_apart(ids),
        met=met,
    )
    _read_levels(notes)
    wanted: dict[int, Wanted] = {}
    for note in notes:
        each = wanted.setdefault(note.standard_id, Wanted(note.standard))
        (each.wishes if note.kind == PeerNote.Kind.WISH else each.offers).append(note)
    for pair in pairs:
        wanted[pair.standard].pairs.append(pair)
    first = sorted(wanted.values(), key=lambda each: (not each.pairs, not each.wishes, each.standard.label))
    return ClassPairs(first, going, ended, busy)


def _said(notes: Sequence[PeerNote], kind: str) -> list[Said]:
    return [Said(note.created_at.timestamp(), note.learner_id, note.standard_id) for note in notes if note.kind == kind]


def _read_levels(notes: Sequence[PeerNote]) -> None:
    """For staff alone. One statement."""
    rows = Mastery.objects.filter(
        learner__in={note.learner_id for note in notes}, standard__in={note.standard_id for note in notes}
    )
    levels = {(row[0], row[1]): row[2] for row in rows.values_list("learner_id", "standard_id", "shown_level")}
    for note in notes:
        note.level = levels.get((note.learner_id, note.standard_id))


def waiting_reports(account: Account, section: Section) -> list[PeerReport]:
    """What somebody of the class told a grown-up and nobody has decided. One statement."""
    about = Q(match__section=section) | Q(moment__section=section)
    rows = PeerReport.objects.visible_to(account).waiting().filter(about)
    return list(
        rows.select_related("by", "match__helper", "match__asker", "match__standard", "moment__learner").select_related(
            "moment__goal", "moment__standard"
        )
    )


@dataclass(frozen=True)
class OwnPair:
    """A pair as one of the two, or their family, meets it. partner: the first name, "" for families.

    state: "asks" (my answer is wanted), "waits" (for the other's), "on", "never" (it did not begin), "over".
    """

    match: PeerMatch
    is_helper: bool
    partner: str
    state: str

    @property
    def may_thank(self) -> bool:
        return not self.is_helper and self.match.agreed_at is not None and not self.match.thanks


def own_pair(match: PeerMatch, learner: Learner, *, is_on: bool, with_name: bool) -> OwnPair:
    is_helper = match.helper_id == learner.pk
    other = match.asker if is_helper else match.helper
    mine = match.helper_says if is_helper else match.asker_says
    if not is_on:
        state = "over" if match.agreed_at else "never"
    elif match.agreed_at:
        state = "on"
    else:
        state = "waits" if mine else "asks"
    return OwnPair(match, is_helper, other.first_name if with_name else "", state)


@dataclass(frozen=True)
class OwnHelping:
    """notes: that stand.  earlier: notes taken back.  pairs: newest first, those that are over among them."""

    notes: list[PeerNote]
    earlier: list[PeerNote]
    pairs: list[OwnPair]

    @property
    def going(self) -> list[OwnPair]:
        first = {"asks": 0, "on": 1, "waits": 2}
        return sorted((pair for pair in self.pairs if pair.state in first), key=lambda pair: first[pair.state])

    @property
    def over(self) -> list[OwnPair]:
        return [pair for pair in self.pairs if pair.state in ("never", "over")]


def read_own(learner: Learner, account: Account, *, today: date, with_names: bool) -> OwnHelping:
    """Of the learner who is the account, or of a guardian's child. Three statements.

    with_names: for the learner alone; a family reads "a classmate".
    """
    rows = PeerNote.objects.visible_to(account).filter(learner=learner).select_related("standard", "section")
    notes = list(rows)
    theirs = PeerMatch.objects.visible_to(account).filter(Q(helper=learner) | Q(asker=learner))
    matches = list(theirs.select_related("helper", "asker", "standard", "section")[:ENDED_SHOWN])
    going = set(theirs.on(today).values_list("pk", flat=True))
    return OwnHelping(
        notes=[note for note in notes if note.closed_at is None],
        earlier=[note for note in reversed(notes) if note.closed_at is not None][:ENDED_SHOWN],
        pairs=[own_pair(match, learner, is_on=match.pk in going, with_name=with_names) for match in matches],
    )
