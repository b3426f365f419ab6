"""Telling a grown-up about a message, deciding on it, hiding it. Words that are hidden stay for the safety record."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from paths.models import Message, MessageReport, Talk
from profiles.models import Account

Outcome = MessageReport.Outcome
TAKEN_BACK = gettext_noop("Taken back by its writer.")


@transaction.atomic
def report_message(*, message: Message, why: str, by: Account, now: datetime) -> MessageReport:
    """Tell a grown-up. Twice is once; words that come later are added."""
    report, is_new = MessageReport.objects.select_for_update(of=("self",)).get_or_create(
        message=message, by=by, defaults={"why": why.strip(), "at": now}
    )
    if not is_new and why.strip() and why.strip() not in report.why:
        report.why = f"{report.why}\n{why.strip()}".strip()[:500]
        report.save(update_fields=["why"])
    Talk.objects.filter(pk=message.talk_id).update(has_record=True)
    return report


@transaction.atomic
def hide_message(*, message: Message, because: str, by: Account, now: datetime) -> Message:
    """Take the words off the page, also of those who have read them. Hiding twice hides once.

    Whoever takes back their own words leaves no safety record: nobody was told about them.
    """
    row = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.hidden_at is not None:
        return row
    is_own = row.author_id == by.pk
    row.hidden_at, row.hidden_by = now, by
    row.hidden_because = because.strip() or (TAKEN_BACK if is_own else "")
    row.save(update_fields=["hidden_at", "hidden_by", "hidden_because"])
    talk = Talk.objects.filter(pk=row.talk_id)
    talk.update(version=F("version") + 1, **({} if is_own else {"has_record": True}))
    return row


@transaction.atomic
def decide_report(*, report: MessageReport, hide: bool, answer: str, by: Account, now: datetime) -> MessageReport:
    """Decide on all reports of the message at once. The first decision stands.

    answer: a line to whoever told us.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=report.message_id)
    waiting = MessageReport.objects.filter(message=message).waiting()
    if waiting.exists():
        if hide:
            hide_message(message=message, because=answer, by=by, now=now)
        outcome = Outcome.HIDDEN if hide else Outcome.KEPT
        waiting.update(decided_by=by, decided_at=now, outcome=outcome, answer=answer.strip())
        Talk.objects.filter(pk=message.talk_id).update(version=F("version") + 1)
    report.refresh_from_db()
    return report
