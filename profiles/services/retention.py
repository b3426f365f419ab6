"""What a night takes away: rows whose own time is over, and records of learners who left long enough ago.

Everything is found by the declarations of the models (lrm/privacy.py). It goes in batches, each its own transaction: a
night that is killed leaves what is gone gone, and the next one finds only the rest. What is on hold stays.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import models, transaction
from django.utils import timezone

from lrm.attempts import attempts
from lrm.privacy import LEFT, Privacy, privacy_of
from lrm.records import CUTS, rows_about
from lrm.records.ways import personal_models
from lrm.scope import unscoped
from profiles.models import AccessLog, District, Erasure, Learner, LearnerMerge, LegalHold, RetentionRun, RollOver
from profiles.services import access_log_months, keeping
from profiles.services.erasures.erasing import discard, erase, files_of
from profiles.services.erasures.hindrances import kept_by_holds, why_no_learner
from profiles.services.erasures.leaving import Leaving
from profiles.services.erasures.trouble import CannotErase

log = structlog.get_logger()
BATCH = 500
DISTRICTS = {"profiles.ImportedRows": "roster_import__district", "profiles.PublishedMember": "list__district"}
"""Ways of rows that declare none. Sessions and failed sign-ins are of no district."""
LEARNERS = "learners"
"""Among the counts: learners who are erased whole."""


@dataclass(frozen=True)
class Due:
    """rows: label of a model -> rows that go; learners: who is erased whole."""

    rows: Counter
    learners: int


def due(district: District, *, on: date) -> Due:
    """What would go on that day; changes nothing."""
    rows: Counter = Counter()
    for model, old in _old_rows(district, on):
        if n := old.count():
            rows[model._meta.label] += n
    leaving, whole = _left(district, on)
    alike = defaultdict(list)
    for learner, categories in leaving:
        alike[tuple(categories)].append(learner.pk)
    for over, learner_ids in alike.items():
        rows += count_rows(learner_ids, over)
    return Due(rows, sum(1 for learner in whole if not why_no_learner(learner)))


def count_rows(learner_ids: list[int], categories: Collection[str]) -> Counter:
    """Label of a model -> rows about these learners, and those made one with them, that go with these kinds.

    Drafts and the like that hang on such a row go with it and are not counted.
    """
    rows: Counter = Counter()
    for first in range(0, len(learner_ids), BATCH):
        some = learner_ids[first : first + BATCH]
        merged = LearnerMerge.objects.standing().filter(kept__in=some)
        ids = [*some, *merged.values_list("merged_id", flat=True)]
        for model in _models_of(categories):
            if n := rows_about(model, ids).count():
                rows[model._meta.label] += n
    return rows


def run(district: District, *, on: date, say: Callable[[str], None] = lambda said: None) -> RetentionRun:
    """Do it. A day that is through does nothing again; the scope of the district is open.

    Raises NotAllDone, once all else is gone, where some rows or a learner's could not be taken away; the day is not
    through then.
    """
    night, _is_new = RetentionRun.objects.get_or_create(district=district, day=on)
    if night.finished_at is not None:
        return night
    in_use = _drop_months(district, on)
    night.refresh_from_db(fields=["counts"])
    with attempts("not_taken_away") as attempt:
        for model, old in _old_rows(district, on):
            if model is AccessLog and in_use:
                continue
            with attempt(rows=model._meta.label):
                _delete(model, old, night)
                say(model._meta.label)
        leaving, whole = _left(district, on)
        for learner, categories in leaving:
            with attempt(learner=learner.pk):
                _count(night, _take_away(learner, categories))
        for learner in whole:
            with attempt(learner=learner.pk):
                if _erase_whole(learner, district):
                    _count(night, {LEARNERS: 1})
    if in_use:
        return night  # an hour later it goes on
    night.finished_at = timezone.now()
    night.save(update_fields=["finished_at"])
    log.info("retention", district=district.pk, day=on.isoformat(), **{"rows": sum(night.counts.values())})
    return night


def _delete(model: type[models.Model], old: models.QuerySet, night: RetentionRun) -> None:
    while pks := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            _all, gone = model._base_manager.filter(pk__in=pks).delete()
            dated = {each._meta.label for each in _dated()}
            _count(night, {label: n for label, n in gone.items() if label in dated})


def _count(night: RetentionRun, gone: dict[str, int]) -> None:
    night.counts = dict(sorted((Counter(night.counts) + Counter(gone)).items()))
    night.save(update_fields=["counts"])


def _old_rows(district: District, on: date) -> Iterator[tuple[type[models.Model], models.QuerySet]]:
    """Models with a time of their own, and their rows of this district whose time is over on that day."""
    zone = ZoneInfo(district.time_zone)
    for model in _dated():
        keep = privacy_of(model).keep
        assert keep is not None  # by _dated
        assert keep.days is not None
        last = on - timedelta(days=keep.days)
        before: date | datetime = last if _is_day(model, keep.since) else datetime.combine(last, time(), zone)
        if model is AccessLog:
            before = _first_look_kept(district, on)
        rows = model._base_manager.filter(**{f"{keep.since}__lt": before})
        if scope := getattr(model, "scope_field", None) or DISTRICTS.get(model._meta.label):
            rows = rows.filter(**{scope: district})
        for held in _held(model):
            rows = rows.exclude(held)
        yield model, rows


def _dated() -> Iterator[type[models.Model]]:
    for model in personal_models():
        keep = privacy_of(model).keep
        if keep is not None and keep.days is not None:
            yield model


def _first_look_kept(district: District, on: date) -> datetime:
    keep = privacy_of(AccessLog).keep
    assert keep is not None  # it declares them
    assert keep.days is not None
    midnight = datetime.combine(on - timedelta(days=keep.days), time(), ZoneInfo(district.time_zone))
    return access_log_months.first_kept(midnight)


def _drop_months(district: District, on: date) -> bool:
    """Months of the access log that are over go whole, for all districts; each counts its own lines.

    -> is one of them in use, so that it has to be tried again?
    """
    with unscoped("a month of the access log holds lines of every district"):
        gone, in_use = access_log_months.drop(_first_look_kept(district, on), _ids_on_hold())
        for each in District.objects.filter(pk__in=gone):
            night, _is_new = RetentionRun.objects.get_or_create(district=each, day=on)
            _count(night, {AccessLog._meta.label: gone[each.pk]})
    return in_use


def _is_day(model: type[models.Model], since: str) -> bool:
    first, *others = since.split("__")
    field = model._meta.get_field(first)
    for name in others:
        field = field.related_model._meta.get_field(name)  # type: ignore[union-attr]  # a lookup along foreign keys
    return not isinstance(field, models.DateTimeField)


def _held(model: type[models.Model]) -> Iterator[models.Q]:
    """Rows that name a learner on hold themselves, or that would take along rows that do."""
    if model is AccessLog:
        yield models.Q(learner_ids__overlap=_ids_on_hold())
    if model is RollOver:
        yield models.Q(learners__has_any_keys=[str(pk) for pk in _ids_on_hold()])
    held = LegalHold.objects.standing().values("learner")
    going = [(each.related_model, f"{each.field.related_query_name()}__") for each in _taken_along(model)]
    for each, way in ((model, ""), *going):
        if any(one.name == "learner" and one.related_model is Learner for one in each._meta.concrete_fields):
            yield models.Q(**{f"{way}learner__in": held})


def _taken_along(model: type[models.Model]) -> list[models.ForeignObjectRel]:
    return [each for each in model._meta.related_objects if each.on_delete is models.CASCADE]


def _ids_on_hold() -> list[int]:
    """Of learners on hold, and of rows that were made one with them: who looked at those stays under their own ids."""
    held = list(LegalHold.objects.standing().values_list("learner_id", flat=True))
    merged = LearnerMerge.objects.standing().filter(kept__in=held)
    return [*held, *merged.values_list("merged_id", flat=True)]


def _left(district: District, on: date) -> tuple[list[tuple[Learner, list[str]]], list[Learner]]:
    """Learners who left, with the kinds whose time is over for them; and those whose whole time is over.

    By the days of the school that they were at home in last.
    """
    kept = keeping.kept_on(district, on=on)
    rows = Learner.objects.named().filter(district=district, left_on__lt=on - timedelta(days=kept.shortest))
    parts, whole = [], []
    for learner in rows.exclude(pk__in=kept_by_holds()).order_by("left_on", "pk"):
        assert learner.left_on is not None  # of those who left
        days = kept.of(learner.home_school_id)
        over = [key for key, n in days.items() if learner.left_on < on - timedelta(days=n)]
        if keeping.LAST in over:
            whole.append(learner)
        elif over:
            parts.append((learner, over))
    return parts, whole


def _models_of(categories: Collection[str]) -> Iterator[type[models.Model]]:
    for model in personal_models():
        if _goes_by_kind(privacy_of(model)) and privacy_of(model).category in categories:
            yield model


def _goes_by_kind(declared: Privacy) -> bool:
    """What is counted from leaving and goes by itself; what stays under a key waits for the whole."""
    keep = declared.keep
    return keep is not None and keep.since == LEFT and declared.in_erasure.how == "deleted"


def _take_away(learner: Learner, categories: list[str]) -> Counter:
    """Kinds of one learner; whoever came back meanwhile keeps everything."""
    with transaction.atomic():
        row = Learner.objects.select_for_update(of=("self",)).filter(pk=learner.pk, left_on=learner.left_on).first()
        if row is None or row.pk in kept_by_holds():
            return Counter()
        leaving, gone = Leaving(row), count_rows([row.pk], categories)
        chosen = list(_models_of(categories))
        files = files_of(leaving, {model._meta.label for model in chosen})
        for model in personal_models():
            declared = privacy_of(model)
            is_shared = declared.in_erasure.how == "cut" and declared.category in categories
            if is_shared and declared.keep is not None and declared.keep.since == LEFT:
                CUTS[model._meta.label](leaving)
        for model in chosen:
            rows_about(model, leaving.ids).delete()
        transaction.on_commit(lambda: discard(files), robust=True)
    return gone


def _erase_whole(learner: Learner, district: District) -> bool:
    """As an erasure that nobody in person has asked for."""
    if why_no_learner(learner):
        return False
    today = timezone.localdate(timezone=ZoneInfo(district.time_zone))
    found = Erasure.objects.open().filter(learner=learner).first() or Erasure.objects.create(
        district=district, learner=learner, learner_uuid=learner.uuid, by_retention=True, alone_from=today
    )
    try:
        erase(found, tell=lambda said: None, finish=lambda: None)
    except CannotErase:
        return False
    return True
