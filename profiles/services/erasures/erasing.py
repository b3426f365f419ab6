"""The erasure itself: one transaction, in which everything about the learner goes or nothing does.

Walked are the declarations of all models (lrm/privacy.py); what many share is cut by their apps (lrm/records). Scores
and levels move to a key without a name, so that counts of closed days and `manage.py rebuild` stay as they were.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected

from lrm.file_store import COPIES, WORK
from lrm.privacy import privacy_of
from lrm.records import CUTS, MOVES, rows_about
from lrm.records.ways import personal_models
from profiles.models import Account, Erasure, HomeSchool, Learner
from profiles.services.audit import forgetting
from profiles.services.erasures.erasing_adults import erase_adult
from profiles.services.erasures.hindrances import why_no_learner
from profiles.services.erasures.leaving import Leaving
from profiles.services.erasures.mentions import count_mentions
from profiles.services.erasures.noting import note_for_backups
from profiles.services.erasures.trouble import CannotErase, LeftBehind
from profiles.services.roster_import.one_at_a_time import lock

log = structlog.get_logger()
Tell = Callable[[str], None]
NAMELESS = "(erased)"
TRIES = 10
STORES = {"profiles.LearnerCopy": COPIES, "profiles.AdultCopy": COPIES}
"""Where files of a model lie; those of all others lie with the work."""


def erase(erasure: Erasure, *, tell: Tell, finish: Callable[[], None]) -> None:
    """Erase whom this erasure is about. finish: called inside of the transaction, last. Raises CannotErase.

    One that is done is done: the second time does nothing but finish. A worker that computes the learner's levels at
    that moment takes the same rows in another order: whom PostgreSQL then chooses begins again.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            _erase_once(erasure, tell=tell, finish=finish)
        except OperationalError as trouble:
            if not tries_left or not isinstance(trouble.__cause__, DeadlockDetected):
                raise
        else:
            return


def _erase_once(erasure: Erasure, *, tell: Tell, finish: Callable[[], None]) -> None:
    with transaction.atomic():
        lock(erasure.district_id)  # an import that has read the person already would write them down once more
        erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
        if erasure.done_at is None:
            files = _erase(erasure, tell) if erasure.account_uuid is None else erase_adult(erasure, tell)
            transaction.on_commit(lambda: discard(files), robust=True)
            transaction.on_commit(note_for_backups, robust=True)
        finish()


def _erase(erasure: Erasure, tell: Tell) -> list[tuple[str, UUID]]:
    learner = Learner.objects.select_for_update(of=("self",)).filter(pk=erasure.learner_id or 0).first()
    if learner is None or erasure.stopped_at is not None:
        raise CannotErase(_("There is nobody to erase, or somebody has stopped it."))
    if refused := why_no_learner(learner):
        raise CannotErase(refused)
    leaving = Leaving(learner)
    list(Learner.objects.select_for_update(of=("self",)).filter(pk__in=leaving.ids).order_by("pk"))
    # Asked for now, since later steps take away what they are found by.
    names, files = leaving.names, files_of(leaving, hold=True)
    counts: Counter = Counter()
    for name in ("enrollment_ids", "guardianship_ids", "own_account_ids", "family_account_ids", "uuids", "source_keys"):
        getattr(leaving, name)
    tell(_("Cutting the student out of what many share."))
    for label in sorted(CUTS):
        counts[label] += CUTS[label](leaving)
    tell(_("Moving scores to a key without a name."))
    counts.update(_move(leaving))
    tell(_("Deleting what is the student’s own."))
    _end_others(erasure, leaving)
    counts.update(_delete(leaving))
    forgetting.forget(leaving.ids, leaving.account_ids)  # of what the erasure itself has written down
    tell(_("Looking whether anything was left."))
    _check(leaving)
    erasure.counts = {"rows": dict(sorted((+counts).items())), "files": len(files), "mentions": count_mentions(names)}
    erasure.why, erasure.done_at = "", timezone.now()
    erasure.learner = None
    erasure.save()
    log.info("learner erased", erasure=erasure.pk, rows=sum(counts.values()), files=len(files))
    return files


def _end_others(erasure: Erasure, leaving: Leaving) -> None:
    """What was asked for of those who go along is done with this: receipts of their own, of nothing more."""
    whose = Q(learner__in=leaving.ids) | Q(account__in=leaving.account_ids)
    nothing = {"rows": {}, "files": 0, "mentions": {}}
    others = Erasure.objects.open().filter(whose).exclude(pk=erasure.pk)
    others.update(done_at=timezone.now(), why="", counts=nothing, learner=None, account=None)


def _move(leaving: Leaving) -> Counter:
    counts: Counter = Counter()
    moved = [model for model in personal_models() if privacy_of(model).in_erasure.how == "anonymous"]
    for row in leaving.rows:
        if any(rows_about(model, [row.pk]).exists() for model in moved):
            leaving.keys[row.pk] = _key_for(row).pk
            for model in moved:
                label = model._meta.label
                move = MOVES.get(label, _moved)
                counts[label] += move(model, row.pk, leaving.keys[row.pk])
    return counts


def _key_for(row: Learner) -> Learner:
    """A row without a person: where and in which grade the levels were, and since when they are of nobody here.

    It has the home schools of the past as well: the level of a day was worked out as the school of that day does.
    """
    key = Learner.objects.create(
        district_id=row.district_id,
        home_school_id=row.home_school_id,
        grade=row.grade,
        given_name=NAMELESS,
        left_on=row.left_on,
        erased_at=timezone.now(),
    )
    HomeSchool.objects.filter(learner=key).delete()
    HomeSchool.objects.filter(learner=row).update(learner=key)
    return key


def _moved(model: type[models.Model], source: int, to: int) -> int:
    """Rows as they are; texts and reasons of a person are emptied."""
    empty: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.JSONField) and field.name in privacy_of(model).personal:
            empty[field.name] = {}
        if field.name == "key":
            empty[field.name] = None
    return model._base_manager.filter(learner_id=source).update(learner_id=to, **empty)


def _delete(leaving: Leaving) -> Counter:
    """Models first whose rows no cascade of the learner's would reach; then accounts, then the learner."""
    counts: Counter = Counter()
    for model in personal_models():
        if privacy_of(model).in_erasure.how == "deleted" and model is not Learner:
            _all, of_each = rows_about(model, leaving.ids).delete()
            counts.update(of_each)
    for rows in (Account.objects.filter(pk__in=leaving.account_ids), Learner.objects.filter(pk__in=leaving.ids)):
        _all, of_each = rows.delete()
        counts.update(of_each)
    return counts


def _check(leaving: Leaving) -> None:
    kept = [
        model._meta.label
        for model in personal_models()
        if privacy_of(model).in_erasure.how in ("deleted", "anonymous") and rows_about(model, leaving.ids).exists()
    ]
    if kept:
        raise LeftBehind(", ".join(kept))


def files_of(leaving: Leaving, labels: Iterable[str] | None = None, *, hold: bool = False) -> list[tuple[str, UUID]]:
    """(label of the model, id) of stored files that rows about the learner name. labels: of these models only.

    hold: nobody gives one of these rows another file until the transaction ends.
    """
    found = []
    for model in personal_models():
        name = privacy_of(model).files
        if name and (labels is None or model._meta.label in labels):
            rows = model._base_manager.filter(pk__in=rows_about(model, leaving.ids).values("pk"))
            stored = (rows.select_for_update(of=("self",)) if hold else rows).values_list(name, flat=True)
            found += [(model._meta.label, each) for each in stored if each is not None]
    return found


def discard(files: list[tuple[str, UUID]]) -> None:
    """What this cannot take away the hourly sweep does, since no row names it any more."""
    for label, stored in files:
        STORES.get(label, WORK).discard(stored)
