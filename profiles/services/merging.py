"""One child who is here twice becomes one: everything of both is the kept one's, all or nothing, undoable for 30 days.

Every foreign key to a learner is found by walking the models, so a new table needs no line here. A model whose rows are
not moved says so by `merging`: "rebuilt" (workers compute it anew), "appended" (a listener of lrm.changes writes it),
"stays" (it is about the two rows themselves).
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import structlog
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from lrm.changes import learners_merged, learners_parted
from profiles.models import Account, Enrollment, Learner, LearnerMerge
from profiles.services import class_codes
from profiles.services.enrollments import enrollment_changed
from profiles.services.roster_acts import ChangedMeanwhile, lock_rosters
from profiles.services.roster_history import dates_of, plain

log = structlog.get_logger()

APPS = ("profiles", "standards", "assessments", "paths")
PART_FOR = timedelta(days=30)
NOT_MOVED = ("rebuilt", "appended", "stays")


class NotTwo(Exception):
    """The two are one row, or one of them is merged into somebody already, or they are of two districts."""


def links_to(target: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Every foreign key of ours to this model whose rows are moved, in the order of the models."""
    for model in apps.get_models():
        if model._meta.app_label not in APPS or getattr(model, "merging", "") in NOT_MOVED:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is target and model is not Learner:
                yield model, field


@transaction.atomic
def merge(*, kept: Learner, merged: Learner, by: Account, uuid: UUID) -> LearnerMerge:
    """Make the two one. Twice, by the same uuid, is once. Raises NotTwo.

    Where both have one of something that exists once (an answer to the same poll, a place in the same group), the kept
    one's counts and the other's stays with the empty row.
    """
    two = {row.pk: row for row in _locked(kept.pk, merged.pk)}
    done = LearnerMerge.objects.filter(uuid=uuid).first()
    if done is not None:
        return done
    if len(two) != 2 or kept.district_id != merged.district_id or _is_merged(kept) or _is_merged(merged):
        raise NotTwo
    kept, merged = two[kept.pk], two[merged.pk]
    rosters = _rosters_of(kept, merged)
    lock_rosters(rosters)
    step = LearnerMerge(uuid=uuid, district_id=kept.district_id, kept=kept, merged=merged, by=by)
    step.before = {"people": [_values(kept), _values(merged)], "enrollments": [], "account": None}
    _join_accounts(step)
    for model, field in links_to(Learner):
        _move(step, model, field, merged.pk, kept.pk)
    _join_enrollments(step)
    _join_rows(step)
    learners_merged.tell(step)
    step.save()
    _tell(step, rosters)
    log.info("learners merged", kept=kept.pk, merged=merged.pk, merge=step.pk, by=by.pk)
    return step


@transaction.atomic
def part(step: LearnerMerge, *, by: Account) -> None:
    """Take a merge apart: what was moved goes back, what was made since stays with the kept one.

    Raises ChangedMeanwhile: it was taken apart, is older than PART_FOR, or the kept one was merged into somebody since.
    """
    step = LearnerMerge.objects.select_for_update(of=["self"]).get(pk=step.pk)
    two = {row.pk: row for row in _locked(step.kept_id, step.merged_id)}
    kept, merged = two[step.kept_id], two[step.merged_id]
    if step.undone_at is not None or step.at < timezone.now() - PART_FOR or _is_merged(kept):
        raise ChangedMeanwhile
    step.kept, step.merged = kept, merged
    rosters = _rosters_of(kept, merged)
    lock_rosters(rosters)
    for pk, dates in step.before["enrollments"]:
        Enrollment.objects.filter(pk=pk).update(ends_on=dates["starts_on"])  # makes room; see below
    for label, pks in step.moved.items():
        if label.count(".") == 2:
            _move_back(label, pks, step)
    for pk, dates in step.before["enrollments"]:
        Enrollment.objects.filter(pk=pk).update(**dates)
    _part_rows(step)
    step.undone_at, step.undone_by = timezone.now(), by
    learners_parted.tell(step)
    step.save(update_fields=["undone_at", "undone_by"])
    _tell(step, rosters | _rosters_of(kept, merged))
    log.info("learners parted", kept=kept.pk, merged=merged.pk, merge=step.pk, by=by.pk)


def _locked(*pks: int) -> list[Learner]:
    """Both rows, so that nothing new can name either until the step is done."""
    return list(Learner.objects.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk"))


def _is_merged(learner: Learner) -> bool:
    return LearnerMerge.objects.standing().filter(merged=learner).exists()


def _move(step: LearnerMerge, model: type[models.Model], field: models.ForeignKey, source: int, to: int) -> None:
    """All rows at once; where one of them cannot be, each by itself, and those that cannot stay."""
    label = f"{model._meta.label}.{field.name}"
    rows = model._base_manager.filter(**{field.attname: source})
    pks = list(rows.values_list("pk", flat=True))
    if not pks:
        return
    try:
        with transaction.atomic():
            _set(model, field, pks, to)
        moved = pks
    except IntegrityError:
        moved = [pk for pk in pks if _can_set(model, field, pk, to)]
    step.moved.setdefault(label, []).extend(moved)
    left = [pk for pk in pks if pk not in set(moved)]
    if left:
        step.apart.setdefault(label, []).extend(left)


def _can_set(model: type[models.Model], field: models.ForeignKey, pk: int, to: int) -> bool:
    try:
        with transaction.atomic():
            _set(model, field, [pk], to)
    except IntegrityError:
        return False
    return True


def _set(model: type[models.Model], field: models.ForeignKey, pks: list, to: int) -> None:
    model._base_manager.filter(pk__in=pks).update(**{field.attname: to})


def _move_back(label: str, pks: list, step: LearnerMerge) -> None:
    name, _dot, attribute = label.rpartition(".")
    model = apps.get_model(name)
    field = model._meta.get_field(attribute)
    if not isinstance(field, models.ForeignKey):
        raise TypeError(f"{label} is no foreign key anymore.")
    if field.related_model is Learner:
        source, to = step.kept_id, step.merged_id
    else:
        to, source = step.before["account"]
    rows = model._base_manager.filter(pk__in=pks, **{field.attname: source})
    if field.primary_key:
        rows = model._base_manager.filter(pk=source)
    rows.update(**{field.attname: to})


def _join_accounts(step: LearnerMerge) -> None:
    """The account that is left signs in as the kept one: that with an address, else the kept one's."""
    kept, merged = step.kept.account, step.merged.account
    if merged is None:
        return
    if kept is None:
        Learner.objects.filter(pk=step.merged_id).update(account=None)
        Learner.objects.filter(pk=step.kept_id).update(account=merged)
        return
    stays, goes = (merged, kept) if merged.email and not kept.email else (kept, merged)
    step.before["account"] = [goes.pk, stays.pk]
    for model, field in links_to(Account):
        _move(step, model, field, goes.pk, stays.pk)
    Account.objects.filter(pk=goes.pk).update(is_active=False)
    Learner.objects.filter(pk__in=(step.kept_id, step.merged_id)).update(account=None)
    Learner.objects.filter(pk=step.kept_id).update(account=stays)
    Learner.objects.filter(pk=step.merged_id).update(account=goes)


def _join_enrollments(step: LearnerMerge) -> None:
    """On one roster the two stand once: from the first day of both to the last, and never by the other's row."""
    apart = step.apart.get("profiles.Enrollment.learner", [])
    rows = Enrollment.objects.of_learners().filter(models.Q(learner=step.kept) | models.Q(pk__in=apart))
    of_roster: dict[int, list[Enrollment]] = {}
    for row in rows.order_by("roster_id", "starts_on", "pk"):
        if row.ends_on is None or row.ends_on >= row.starts_on:
            of_roster.setdefault(row.roster_id, []).append(row)
    for found in of_roster.values():
        standing = min(found, key=lambda row: (row.learner_id != step.kept_id, row.ends_on is not None, row.starts_on))
        for row in found:
            if row.pk == standing.pk or not _touch(row, standing):
                continue
            for each in (row, standing):
                if all(pk != each.pk for pk, _dates in step.before["enrollments"]):
                    step.before["enrollments"].append((each.pk, dates_of(each) | {"key": each.key}))
            last_days = [each.ends_on for each in (row, standing) if each.ends_on is not None]
            last = max(last_days) if len(last_days) == 2 else None
            standing.starts_on, standing.ends_on = min(row.starts_on, standing.starts_on), last
            row.ends_on = row.starts_on - timedelta(days=1)
            if standing.key is None:  # the next roster file goes on with the row that stands
                standing.key, row.key = row.key, None
            row.save(update_fields=["ends_on", "key"])
            standing.save(update_fields=["starts_on", "ends_on", "key"])


def _touch(one: Enrollment, other: Enrollment) -> bool:
    return (one.ends_on is None or one.ends_on >= other.starts_on) and (
        other.ends_on is None or other.ends_on >= one.starts_on
    )


def _join_rows(step: LearnerMerge) -> None:
    """What the kept row does not say it takes from the other, which leaves."""
    kept, merged = step.kept, step.merged
    Learner.objects.filter(pk=merged.pk).update(
        left_on=timezone.localdate(), key=merged.key if kept.key else None, number=None
    )
    Learner.objects.filter(pk=kept.pk).update(
        key=kept.key or merged.key,
        grade=kept.grade or merged.grade,
        preferred_name=kept.preferred_name or merged.preferred_name,
        number=kept.number or (merged.number if kept.home_school_id == merged.home_school_id else None),
        left_on=kept.left_on if merged.left_on else None,
    )


def _part_rows(step: LearnerMerge) -> None:
    kept, merged = step.before["people"]
    Learner.objects.filter(pk__in=(step.kept_id, step.merged_id)).update(account=None, key=None)
    for values in (kept, merged):
        Learner.objects.filter(pk=values["id"]).update(**{name: values[name] for name in OF_ROW})
        accounts = Account.objects.filter(pk=values["account_id"])
        accounts.update(is_active=values["is_active"])
    class_codes.give_numbers([step.merged_id])


OF_ROW = ("key", "grade", "preferred_name", "left_on", "account_id")


def _values(learner: Learner) -> dict:
    account = learner.account
    values = {name: plain(getattr(learner, name)) for name in OF_ROW}
    return values | {"id": learner.pk, "is_active": account.is_active if account else True}


def _rosters_of(*learners: Learner) -> set[int]:
    return set(Enrollment.objects.of_learners().filter(learner__in=learners).values_list("roster_id", flat=True))


def _tell(step: LearnerMerge, rosters: set[int]) -> None:
    for roster_id in sorted(rosters):
        enrollment_changed([step.kept_id, step.merged_id], roster_id, timezone.localdate())
