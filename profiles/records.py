"""What of rows that many share is one learner's, and how it is cut out. Loaded by the app; see lrm/records."""

import json
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, F, Func, Q, TextField, Value
from django.db.models.functions import Cast

from lrm.records import cut, part
from lrm.sessions import SessionStore
from lrm.still_here.waiting import KEY as WAITING
from profiles.models import (
    AccessLog,
    Account,
    ImportedRows,
    KeptAnswer,
    Learner,
    RollOver,
    RosterAct,
    RosterChange,
    RosterStamp,
    Upload,
    WebhookDelivery,
)
from profiles.services.audit import forgetting
from profiles.services.copies.values import ids_of, say_person


@part("profiles.AccessLog")
def looks(learner: Learner) -> Iterator[dict[str, Any]]:
    """Who looked, and what the learner opened; never at whom else."""
    people: dict[int | None, str | None] = {None: None}
    rows = AccessLog.objects.filter(learner_ids__overlap=ids_of(learner)).order_by("at", "pk")
    for at, account_id, route in rows.values_list("at", "account_id", "route").iterator():
        if account_id not in people:
            people[account_id] = say_person(Account.objects.filter(pk=account_id).first(), learner)
        yield {"at": at, "who": people[account_id], "page": route}


@part("profiles.RollOver")
def roll_overs(learner: Learner) -> Iterator[dict[str, Any]]:
    """Where the learner was to go in the next year."""
    key = str(learner.pk)
    for row in RollOver.objects.filter(district_id=learner.district_id).order_by("pk"):
        later = row.later or {}
        found = {"goes": row.learners.get(key), "grade": later.get("grades", {}).get(key)}
        if any(found.values()) or learner.pk in later.get("away", []):
            yield {"at": row.at, **found, "leaves": learner.pk in later.get("away", [])}


@cut("profiles.AccessLog")
def from_looks(leaving: Any) -> int:
    """That somebody looked stays; at whom goes. The learner's own visits are nobody's then."""
    rows = AccessLog.objects.filter(learner_ids__overlap=leaving.ids)
    found = rows.count()
    for pk in leaving.ids:
        AccessLog.objects.filter(learner_ids__contains=[pk]).update(
            learner_ids=Func(F("learner_ids"), Value(pk, BigIntegerField()), function="array_remove")
        )
    return found


@cut("profiles.AuditEntry")
def from_audit(leaving: Any) -> int:
    return forgetting.forget(leaving.ids, leaving.account_ids)


@cut("profiles.RollOver")
def from_roll_overs(leaving: Any) -> int:
    keys, found = {str(pk) for pk in leaving.ids}, 0
    for row in RollOver.objects.filter(district_id=leaving.district_id):
        grades, away = row.later.get("grades", {}), row.later.get("away", [])
        if keys & {*row.learners, *grades} or set(leaving.ids) & set(away):
            row.learners = {key: way for key, way in row.learners.items() if key not in keys}
            row.later = row.later | {
                "grades": {key: grade for key, grade in grades.items() if key not in keys},
                "away": [pk for pk in away if pk not in leaving.ids],
            }
            row.save(update_fields=["learners", "later"])
            found += 1
    return found


@cut("profiles.RosterAct")
def from_roster_acts(leaving: Any) -> int:
    """Steps on class lists that were about nobody else."""
    acts = list(RosterAct.objects.filter(changes__learner__in=leaving.ids).values_list("pk", flat=True))
    RosterChange.objects.filter(learner__in=leaving.ids).delete()
    gone, _each = RosterAct.objects.filter(pk__in=acts, changes__isnull=True).delete()
    return gone


@cut("profiles.ImportedRows")
def from_imports(leaving: Any) -> int:
    """What an undo would put back about the learner, the own account, and families that go along."""
    ids = {
        "learners": set(leaving.ids),
        "enrollments": set(leaving.enrollment_ids),
        "guardianships": set(leaving.guardianship_ids),
        "accounts": set(leaving.account_ids),
    }
    found = 0
    for row in ImportedRows.objects.filter(roster_import__district_id=leaving.district_id, place__in=ids):
        kept = [i for i, pk in enumerate(row.ids) if pk not in ids[row.place]]
        if len(kept) < len(row.ids):
            found += len(row.ids) - len(kept)
            row.befores = None if row.befores is None else [row.befores[i] for i in kept]
            row.ids, row.afters = [row.ids[i] for i in kept], [row.afters[i] for i in kept]
            row.save(update_fields=["ids", "afters", "befores"])
    return found


@cut("profiles.RosterStamp")
def from_stamps(leaving: Any) -> int:
    """When the student information system changed the learner last."""
    gone, _each = RosterStamp.objects.filter(district_id=leaving.district_id, key__in=leaving.source_keys).delete()
    return gone


@cut("profiles.Upload")
def from_uploads(leaving: Any) -> int:
    """Files that wait for a decision hold whole classes, and go: whoever sent one sends a newer one."""
    rows = Upload.objects.filter(district_id=leaving.district_id, data__isnull=False)
    return rows.update(data=None, decisions={}, checked=None, report=None)


@cut("profiles.KeptAnswer")
def from_kept_answers(leaving: Any) -> int:
    """A request that is sent again does nothing again, and learns only that it was done."""
    rows = KeptAnswer.objects.filter(account__district_id=leaving.district_id).annotate(
        as_text=Cast("answer", TextField())
    )
    about = _any(Q(as_text__icontains=word) for word in (*map(str, leaving.uuids), *leaving.names))
    ids = _any(Q(as_text__regex=rf'"(learner|student)(_id)?": {pk}\M') for pk in leaving.ids)
    return rows.filter(about | ids).update(answer={"erased": True})


@cut("profiles.WebhookDelivery")
def from_webhooks(leaving: Any) -> int:
    """Messages to other systems name a learner by an id that leads nowhere afterwards; they go all the same."""
    rows = WebhookDelivery.objects.filter(webhook__district_id=leaving.district_id)
    rows = rows.annotate(as_text=Cast("data", TextField()))
    about = _any(Q(as_text__icontains=str(uuid)) for uuid in leaving.uuids)
    ids = _any(Q(as_text__regex=rf'"learners?(_ids?)?": \[?([0-9]+, )*{pk}\M') for pk in leaving.ids)
    gone, _each = rows.filter(about | ids).delete()
    return gone


def _any(conditions: Iterable[Q]) -> Q:
    """One of them; where there is none, no row."""
    return reduce(or_, conditions, Q(pk__in=[]))


@cut("sessions.Session")
def from_sessions(leaving: Any) -> int:
    """Own sessions end; words about the learner that wait in those of others, until they are sent, go."""
    own, found = {str(pk) for pk in leaving.account_ids}, 0
    words = [*leaving.names, *(f"/learners/{pk}/" for pk in leaving.ids)]
    for row in Session.objects.iterator():  # those too that are over, and go in the night
        held = SessionStore().decode(row.session_data)
        if held.get("_auth_user_id") in own:
            row.delete()
            found += 1
        elif waits := held.get(WAITING):
            kept = [each for each in waits if not any(word in json.dumps(each, ensure_ascii=False) for word in words)]
            if len(kept) < len(waits):
                row.session_data = SessionStore().encode(held | {WAITING: kept})
                row.save(update_fields=["session_data"])
                found += 1
    return found
