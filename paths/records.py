"""What of rows that many share is one learner's, and how it is cut out. Loaded when the app is ready; see lrm/records.

What a learner said to a poll without names stays without a name, also for whoever makes a copy.
"""

from collections.abc import Iterator
from typing import Any

from lrm.records import cut, part
from paths.models import GoalEdit, MessageReport, PeerReport, Poll, PollFile, PollHand, Seat, Unmasking
from profiles.models import Learner
from profiles.services.copies.values import say_person


@part("paths.GoalEdit")
def goal_edits(learner: Learner) -> Iterator[dict[str, Any]]:
    """The learner's own: nobody reads what somebody else has typed and not saved."""
    rows = GoalEdit.objects.filter(goal__learner=learner, author_id=learner.account_id or 0)
    yield from map(dict, rows.values("at", "goal__what", "typed"))


@part("paths.MessageReport")
def message_reports(learner: Learner) -> Iterator[dict[str, Any]]:
    """What the learner has reported; who reported the learner's words is not told."""
    rows = MessageReport.objects.filter(by_id=learner.account_id or 0)
    yield from map(dict, rows.values("at", "why", "outcome", "answer", "decided_at"))


@part("paths.PeerReport")
def peer_reports(learner: Learner) -> Iterator[dict[str, Any]]:
    rows = PeerReport.objects.filter(by_id=learner.account_id or 0)
    yield from map(dict, rows.values("at", "why", "outcome", "answer", "decided_at"))


@part("paths.Poll")
def suggestions(learner: Learner) -> Iterator[dict[str, Any]]:
    """What the learner has suggested of their own accord."""
    rows = Poll.objects.filter(created_by_id=learner.account_id or 0)
    yield from map(dict, rows.values("created_at", "question", "ending", "ending_text", "ended_at"))


@part("paths.PollAnswer")
def answers(learner: Learner) -> Iterator[dict[str, Any]]:
    """Of polls with names what was said; of the others nothing but that they were without names."""
    for hand in PollHand.objects.filter(learner=learner).select_related("poll", "answer").order_by("pk"):
        poll = hand.poll
        if poll.is_anonymous:
            yield {"question": poll.question, "said": "without a name, so it is not in a copy that others make"}
        else:
            chosen = [poll.options[place] for place in hand.answer.choices if 0 <= place < len(poll.options)]
            yield {"at": hand.answer.at, "question": poll.question, "chosen": chosen, "text": hand.answer.text}


@part("paths.PollHand")
def hands(learner: Learner) -> Iterator[dict[str, Any]]:
    """Which polls were answered; the answers stand beside them."""
    yield from map(dict, PollHand.objects.filter(learner=learner).values("poll__question", "poll__created_at"))


@part("paths.PollFile")
def poll_files(learner: Learner) -> Iterator[dict[str, Any]]:
    """Of polls with names, and the learner finds each on the poll's page; it is not copied by others."""
    rows = PollFile.objects.filter(answer__hand__learner=learner, answer__poll__is_anonymous=False)
    yield from map(dict, rows.values("answer__poll__question", "kind", "size"))


@part("paths.Unmasking")
def unmaskings(learner: Learner) -> Iterator[dict[str, Any]]:
    """For whose safety two adults have opened an answer of the learner's; one that nobody agreed to opened nothing."""
    rows = Unmasking.objects.filter(answer__hand__learner=learner, agreed_at__isnull=False)
    for row in rows.select_related("poll", "asked_by", "agreed_by").order_by("pk"):
        yield {
            "question": row.poll.question,
            "asked_by": say_person(row.asked_by, learner),
            "asked_at": row.asked_at,
            "agreed_by": say_person(row.agreed_by, learner),
            "agreed_at": row.agreed_at,
            "why": row.why,
        }


@cut("paths.Poll")
def from_polls(leaving: Any) -> int:
    """What the learner has suggested of their own accord; answers to polls of others go by themselves."""
    gone, _each = Poll.objects.filter(created_by__in=leaving.own_account_ids).delete()
    return gone


@cut("paths.Seat")
def from_seats(leaving: Any) -> int:
    """The seat stays, empty."""
    return Seat.objects.filter(learner__in=leaving.ids).update(learner=None, taken_at=None)
