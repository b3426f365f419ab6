"""Levels as every page shows them, and the account of each."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.mastery_serializers import (
    LevelQuerySerializer,
    LevelSerializer,
    ReceiptQuerySerializer,
    ReceiptSerializer,
)
from assessments.mastery.rounding import MICRO
from assessments.models import Mastery, MasteryDay
from assessments.receipt_words import say_method_of, say_outlook
from assessments.services.receipts import LevelAccount, read_account, read_sureness
from assessments.views.receipts import serves
from lrm.api.pages import OldestFirst
from lrm.api.scopes import MASTERY_READ
from lrm.api.views import ApiView, ListView, filled
from lrm.looked import looked_at
from lrm.policy import EVERYBODY, allow
from profiles.models import Enrollment, Learner, Objection, Section
from standards.models import Standard


class ByLearner(OldestFirst):
    """The cursor stands at a learner; pairs of one learner follow each other by standard."""

    ordering = ("learner_id", "standard_id")  # type: ignore[assignment]  # the base takes both


@allow(*EVERYBODY)
class Levels(ListView):
    query = LevelQuerySerializer
    scopes = {"GET": MASTERY_READ}
    pagination_class = ByLearner

    @extend_schema(responses=LevelSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Levels of learners whom you may see, by learner and standard. A pair without any result is not there."""
        day = _closed(self.asked.get("as_of"))
        if day is not None and "computed_since" in self.asked:
            raise ValidationError({"computed_since": _("A day that is over does not change. Ask for one of the two.")})
        rows = Mastery.objects.all() if day is None else _as_of(day)
        found = rows.filter(
            learner__in=_learners(request, self.asked),
            **filled(
                self.asked, "learner", "standard", framework="standard__framework", computed_since="computed_at__gte"
            ),
        )

        def tell(shown: list[Any]) -> list[Any]:
            _looked(request, {row.learner_id for row in shown})
            return shown

        return self.answer_page(request, found, tell, LevelSerializer)


@allow(*EVERYBODY)
class OneReceipt(ApiView):
    query = ReceiptQuerySerializer
    scopes = {"GET": MASTERY_READ}

    @extend_schema(responses=ReceiptSerializer)
    def get(self, request: Request, pk: int, standard_id: int) -> Response:
        """The account of one learner's level on one standard.

        A pair without any result has one too: no level and no lines. Levels follow results within seconds: `is_current`
        says whether they have.
        """
        day = _closed(self.asked.get("as_of"))
        learner = get_object_or_404(Learner.objects.visible_to(request.user).select_related("district"), pk=pk)
        standard = get_object_or_404(Standard.objects.visible_to(request.user), pk=standard_id)
        account = read_account(learner, standard, past=day)
        is_staff = serves(request, learner)
        _looked(request, {learner.pk})
        told = _told(account, exact=is_staff) | {
            "learner": learner.pk,
            "standard": standard.pk,
            "as_of": day,
            "outlook": say_outlook(account, own=request.user.access.learner_id == pk, name=learner.first_name),
            "sureness": _sureness(learner, standard, account) if is_staff and day is None else None,
        }
        return Response(ReceiptSerializer(told).data)


def _closed(day: date | None) -> date | None:
    """A day that is over, or None for now. Raises ValidationError: one that is still to come."""
    today = timezone.localdate()
    if day is not None and day > today:
        raise ValidationError({"as_of": _("This day is still to come.")})
    return None if day == today else day


def _as_of(day: date) -> QuerySet[MasteryDay]:
    """The last row of each pair up to that day."""
    newer = MasteryDay.objects.filter(
        learner=OuterRef("learner"), standard=OuterRef("standard"), day__gt=OuterRef("day"), day__lte=day
    )
    return MasteryDay.objects.filter(~Exists(newer), day__lte=day)


def _learners(request: Request, asked: Any) -> QuerySet[Learner]:
    learners = Learner.objects.visible_to(request.user)
    if "section" in asked:
        section = Section.objects.visible_to(request.user).filter(pk=asked["section"])
        today = Enrollment.objects.on(timezone.localdate()).filter(roster__in=section.values("roster_id"))
        learners = learners.filter(pk__in=today.values("learner_id"))
    return learners


def _looked(request: Request, learner_ids: set[int]) -> None:
    """A learner's look at the own levels is nobody's look."""
    looked_at(request, learner_ids - {request.user.access.learner_id})


def _told(account: LevelAccount, *, exact: bool) -> dict[str, Any]:
    receipt, policy = account.receipt, account.policy
    unit = MICRO if exact or receipt is None else 10**receipt.short_places
    part = "part_micro" if exact else "part_short"
    value = None
    if receipt is not None:
        value = receipt.value_micro if exact else receipt.value_short
    return {
        "level": account.shown_level,
        "word": policy.word(account.shown_level),
        "levels": [str(word) for word in policy.words],
        "level_of_results": None if receipt is None else receipt.computed_level,
        "unit": unit,
        "value": value,
        "is_current": account.is_current,
        "computed_at": account.computed_at,
        "method": {
            "name": policy.method.name,
            "said": say_method_of(account),
            "policy": policy.policy_id,
            "school": policy.school_id,
        },
        "lines": [vars(line) | {"part": getattr(line, part)} for line in account.lines],
        "terms": [asdict(term) | {"part": getattr(term, part)} for term in (receipt.terms if receipt else ())],
        "left_out": account.left_out,
        "override": account.override,
    }


def _sureness(learner: Learner, standard: Standard, account: LevelAccount) -> dict[str, Any] | None:
    if Objection.objects.standing().filter(learner=learner).exists():
        return None
    found = read_sureness(learner, standard, account)
    return {
        "verdict": found.verdict,
        "reason": found.reason,
        "estimate": found.with_results_micro / MICRO,
        "low": found.lo_micro / MICRO,
        "high": found.hi_micro / MICRO,
    }
