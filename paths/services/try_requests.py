"""The learner's side of trying again: to ask with proof of practice, to change it, to give a place back."""

import uuid as uuids
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from assessments.models import SectionStandard
from paths.models import Artifact, TryPlace, TryRequest
from paths.services.errors import NotNow, UuidTaken
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard

State = TryRequest.State


class AlreadyAsked(Exception):
    """A request for this standard is open; `request` is it, and nothing was stored."""

    def __init__(self, request: TryRequest) -> None:
        super().__init__(f"Request {request.pk} is open.")
        self.request = request


class NoClass(Exception):
    """The learner is in no class today to which a request could go."""


@dataclass(frozen=True)
class Proof:
    """practiced: what the learner says about it.  work_ids: own pieces of work; others are left out."""

    practiced: str
    link: str = ""
    work_ids: tuple[int, ...] = ()


@transaction.atomic
def ask_to_try(
    *, learner: Learner, standard: Standard, uuid: uuids.UUID, proof: Proof, by: Account, now: datetime
) -> TryRequest:
    """Ask for a new try. Raises AlreadyAsked, NoClass, UuidTaken (the form belongs to somebody else's request)."""
    found = TryRequest.objects.filter(uuid=uuid).first()
    if found:
        if found.learner_id != learner.pk:
            raise UuidTaken
        return found
    section = section_for(learner, standard)
    if section is None:
        raise NoClass
    try:
        with transaction.atomic():
            request = TryRequest.objects.create(
                uuid=uuid,
                learner=learner,
                standard=standard,
                section=section,
                practiced=proof.practiced,
                link=proof.link,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError:
        raise AlreadyAsked(TryRequest.objects.open().get(learner=learner, standard=standard)) from None
    _attach(request, proof.work_ids, by)
    return request


@transaction.atomic
def show_more(*, request_id: int, proof: Proof, by: Account, now: datetime) -> TryRequest:
    """Other words or more proof; an answered request waits for the teacher again. Raises NotNow: placed or over."""
    request = _locked(request_id)
    if request.state not in (State.ASKED, State.ANSWERED):
        raise NotNow
    request.practiced, request.link = proof.practiced, proof.link
    request.state, request.updated_at = State.ASKED, now
    request.save(update_fields=["practiced", "link", "state", "updated_at"])
    _attach(request, proof.work_ids, by)
    return request


@transaction.atomic
def withdraw(*, request_id: int, now: datetime) -> TryRequest:
    """Take the request back; a place that it had is free again. What is over stays as it is."""
    request = _locked(request_id)
    if request.closed_at is None:
        request.state, request.place = State.WITHDRAWN, None
        request.closed_at = request.updated_at = now
        request.save(update_fields=["state", "place", "closed_at", "updated_at"])
    return request


@transaction.atomic
def give_place_back(*, request_id: int, now: datetime) -> TryRequest:
    """The place is free for others, and the request waits for another one. Without a place nothing changes."""
    request = _locked(request_id)
    if request.state == State.PLACED:
        request.state, request.place, request.updated_at = State.ASKED, None, now
        request.save(update_fields=["state", "place", "updated_at"])
    return request


@transaction.atomic
def take_place(*, request_id: int, place_id: int, now: datetime) -> TryRequest:
    """Take a free seat. Raises NotNow: it is of another class or standard, full by now, made or over."""
    place = TryPlace.objects.select_for_update().get(pk=place_id)
    request = _locked(request_id)
    fits = (place.section_id, place.standard_id) == (request.section_id, request.standard_id)
    taken = place.requests.filter(closed_at=None).count()
    if not fits or place.closed_at or taken >= place.seats or request.state not in (State.ASKED, State.ANSWERED):
        raise NotNow
    request.state, request.place, request.updated_at = State.PLACED, place, now
    request.save(update_fields=["state", "place", "updated_at"])
    return request


def free_places(request: TryRequest) -> QuerySet[TryPlace]:
    """Places of the class for this standard that have a seat left and are still to come."""
    return (
        TryPlace.objects.filter(section=request.section_id, standard=request.standard_id, closed_at=None)
        .filter(Q(day__isnull=True) | Q(day__gte=timezone.localdate()))
        .annotate(taken=Count("requests", filter=Q(requests__closed_at=None)))
        .filter(taken__lt=F("seats"))
    )


def section_for(learner: Learner, standard: Standard) -> Section | None:
    """The class that a request goes to: one that teaches the standard, else one of its subject, else any of today."""
    rosters = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=learner).values("roster")
    sections = list(Section.objects.filter(roster__in=rosters, archived_at=None).order_by("pk"))
    rows = SectionStandard.objects.filter(section__in=sections, standard__subject=standard.subject_id)
    taught = {(section, found == standard.pk) for section, found in rows.values_list("section_id", "standard_id")}
    of_standard = (row for row in sections if (row.pk, True) in taught)
    of_subject = (row for row in sections if (row.pk, False) in taught)
    return next(of_standard, None) or next(of_subject, None) or next(iter(sections), None)


def _attach(request: TryRequest, work_ids: Collection[int], by: Account) -> None:
    work = Artifact.objects.visible_to(by).handed_in().filter(learner=request.learner_id, pk__in=work_ids)
    request.work.set(work)


def _locked(request_id: int) -> TryRequest:
    return TryRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
