"""Telling a grown-up about a pair or about shared news, and what is done about it."""

from datetime import datetime

from django.db import transaction

from paths.models import PeerMatch, PeerReport, SharedMoment
from paths.services import cheers
from paths.services.peers import pairs
from profiles.models import Account

Outcome = PeerReport.Outcome


@transaction.atomic
def tell(
    *, match: PeerMatch | None = None, moment: SharedMoment | None = None, why: str, by: Account, now: datetime
) -> PeerReport:
    """About one of the two. Twice is once; words that come later are added, and what was decided is open again."""
    PeerReport.objects.get_or_create(match=match, moment=moment, by=by, defaults={"why": why.strip(), "at": now})
    report = PeerReport.objects.select_for_update(of=("self",)).get(match=match, moment=moment, by=by)
    if why.strip() and why.strip() not in report.why:
        report.why = f"{report.why}\n{why.strip()}".strip()[:500]
        report.decided_at = None
        report.save(update_fields=["why", "decided_at"])
    return report


@transaction.atomic
def decide(*, report: PeerReport, end: bool, answer: str, by: Account, now: datetime) -> PeerReport:
    """end: the pair is over and its thanks leave the pages, or the news leaves the class's page. The first one stands.

    answer: a line to whoever told us.
    """
    row = PeerReport.objects.select_for_update(of=("self",)).select_related("match", "moment").get(pk=report.pk)
    if row.decided_at is not None:
        return row
    if end and row.match:
        pairs.stop(match=row.match, by=by, now=now, as_staff=True)
        PeerMatch.objects.filter(pk=row.match.pk, thanks_hidden_at=None).exclude(thanks="").update(thanks_hidden_at=now)
    elif end and row.moment:
        cheers.stop_sharing(moment=row.moment, by=by, now=now)
    row.outcome = Outcome.ENDED if end else Outcome.KEPT
    row.decided_by, row.decided_at, row.answer = by, now, answer.strip()
    row.save(update_fields=["outcome", "decided_by", "decided_at", "answer"])
    return row
