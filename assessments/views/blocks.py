"""Tutoring blocks: the list of them, one of them, setting one up, changing and ending it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.blocks import BlockForm
from assessments.models import SectionStandard
from assessments.running_page import running_groups
from assessments.services import block_page, blocks
from assessments.slot_words import said_slots
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import STAFF, TEACHER, allow
from profiles.models import Account, Block, Enrollment, School, Section
from profiles.services import blocks as rosters
from standards.models import Standard


@allow(*STAFF)
@require_safe
def block_list(request: Request) -> HttpResponse:
    """The account's own blocks or those of its schools, and blocks of others in which its learners are."""
    request.nav = here(request)
    today = timezone.localdate()
    lines, ended = block_page.read_lines(request.user, on=today)
    elsewhere = block_page.read_elsewhere(request.user, on=today)
    looked_at(request, [pk for found in elsewhere for pk, _name in found.people])
    context = {
        "lines": [_said(line) for line in lines],
        "ended": [_said(line) for line in ended],
        "elsewhere": [{"found": found, "when": said_slots(found.slots)} for found in elsewhere],
        "may_set_up": Section.objects.drawable_by(request.user).exists(),
    }
    return render(request, "assessments/blocks.html", context)


@allow(*STAFF)
@require_safe
def block(request: Request, pk: int) -> HttpResponse:
    request.nav = here(request)
    today = timezone.localdate()
    found = get_object_or_404(Block.objects.visible_to(request.user).select_related("section", "roster__school"), pk=pk)
    may_edit = Block.objects.editable_by(request.user).filter(pk=pk).exists()
    sections = list(drawable(request, found)) if may_edit else []
    people = block_page.read_people(found, sections=sections, may_edit=may_edit, on=today)
    looked_at(request, [person.pk for person in people])
    inside = [person for person in people if person.is_in]
    context = {
        # Inside a template's own blocks "block" is taken.
        "tutoring": found,
        "line": block_page.read_line(found, on=today),
        "when": said_slots(found.slots),
        "people": inside,
        "out": [person for person in people if not person.is_in],
        "standards": standards_of(found),
        "running": running_groups(found.section, on=today).annotate(n=Count("members")),
        "may_edit": may_edit,
        "may_draw": may_edit and bool(sections) and found.ends_on >= today,
        "leads": Section.objects.taught_by(request.user).filter(pk=found.section_id).exists(),
        "is_over": found.ends_on < today,
        "read_until": rosters.last_day_of(found),
    }
    return render(request, "assessments/block.html", context)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def block_new(request: Request) -> HttpResponse:
    """?school= where the account may set blocks up at several."""
    request.nav = here(request)
    today = timezone.localdate()
    drawn = Section.objects.drawable_by(request.user).select_related("roster__school", "session")
    schools = list(School.objects.filter(pk__in=drawn.values("roster__school")).order_by("name"))
    asked = request.GET.get("school", "")
    school = next((row for row in schools if str(row.pk) == asked), schools[0] if len(schools) == 1 else None)
    if school is None:
        choose = [{"name": row.name, "url": f"?school={row.pk}"} for row in schools]
        return render(request, "assessments/block_where.html", {"choose": choose})
    sections = list(drawn.filter(roster__school=school, session__ends_on__gte=today))
    form = _form(request, school, today=today)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        like = blocks.class_like(sections, facts["standards"])
        if like is None:
            form.add_error(None, NOBODY_WORKS_ON)
        else:
            made = blocks.set_up(like=like, by=request.user, on=today, **facts)
            messages.success(request, _("%(name)s is set up. Now draw its students.") % {"name": facts["name"]})
            return redirect("block_draw" if made.ends_on >= today else "block", pk=made.pk)
    context = {"school": school, "schools": schools, **_drawn_form(request, form, sections)}
    return render(request, "assessments/block_form.html", context, status=422 if form.errors else 200)


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def block_change(request: Request, pk: int) -> HttpResponse:
    request.nav = here(request)
    today = timezone.localdate()
    found = editable(request, pk)
    form = _form(request, found.roster.school, today=today, block=found)
    if request.method == "POST" and form.is_valid():
        blocks.change(block=found, by=request.user, on=today, **form.facts())
        messages.success(request, _("Changed."))
        return redirect("block", pk=pk)
    context = {"tutoring": found, **_drawn_form(request, form, list(drawable(request, found)), found)}
    return render(request, "assessments/block_form.html", context, status=422 if form.errors else 200)


@allow(*STAFF)
@require_POST
def block_end(request: Request, pk: int) -> HttpResponse:
    """Today is the last day of the block and of its groups; one that nobody was ever in goes altogether."""
    found = editable(request, pk)
    name = {"name": found.section.title}
    if blocks.end(block=found, by=request.user, on=timezone.localdate()):
        messages.success(request, _("%(name)s is gone; nobody was in it.") % name)
        return redirect("blocks")
    messages.success(
        request, _("%(name)s ends today, and its groups with it. A later last day takes that back.") % name
    )
    return redirect("block", pk=pk)


def here(request: Request) -> str:
    """Where in the navigation these pages stand: administrators have no page of groups."""
    return "groups" if TEACHER in request.user.roles else "school"


NOBODY_WORKS_ON = gettext_lazy(
    "No class from which you may draw students works on one of these standards. Choose others."
)


def editable(request: Request, pk: int) -> Block:
    rows = Block.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related("section__district", "roster__school"), pk=pk)


def drawable(request: Request, block: Block):
    """Sections of the block's school from which the account may draw, that work on one of its standards."""
    worked_on = SectionStandard.objects.filter(section=block.section_id).values("standard_id")
    at_work = SectionStandard.objects.filter(standard__in=worked_on).values("section_id")
    return Section.objects.drawable_by(request.user).filter(
        pk__in=at_work, roster__school=block.roster.school_id, session__ends_on__gte=timezone.localdate()
    )


def standards_of(block: Block) -> list[Standard]:
    rows = SectionStandard.objects.filter(section=block.section_id).select_related("standard").order_by("position")
    return [row.standard for row in rows]


def _said(line: block_page.Line) -> dict[str, Any]:
    return {"line": line, "block": line.block, "when": said_slots(line.block.slots)}


def _form(request: Request, school: School, *, today, block: Block | None = None) -> BlockForm:
    """With the staff of the school to choose from; whoever administers it may name others, and need not lead."""
    access = request.user.access
    administers = access.is_district_admin or school.pk in access.school_ids
    at_school = Enrollment.objects.on(today).of_staff().filter(roster__school=school)
    people = Account.objects.filter(
        Q(pk__in=at_school.values("account")) | Q(pk=request.user.pk), kind=Account.Kind.STAFF, is_active=True
    )
    return BlockForm(
        request.POST if request.method == "POST" else None,
        account=request.user,
        people=list(people),
        today=today,
        must_lead=not administers,
        may_name=administers,
        standard_ids=request.POST.getlist("standards"),
        block=block,
        leading=rosters.adults_of(block, on=today) if block else [],
    )


def _drawn_form(
    request: Request, form: BlockForm, sections: list[Section], block: Block | None = None
) -> dict[str, Any]:
    ids = [int(pk) for pk in request.POST.getlist("standards") if pk.isdecimal() and len(pk) < 19]
    if request.method != "POST" and block is not None:
        ids = [standard.pk for standard in standards_of(block)]
    found = Standard.objects.visible_to(request.user).in_bulk(ids)
    taught = Standard.objects.filter(
        pk__in=SectionStandard.objects.filter(section__in=sections).values("standard_id"), retired_at__isnull=True
    )
    return {
        "form": form,
        "chosen": [found[pk] for pk in ids if pk in found],
        "offered": taught.exclude(pk__in=ids).order_by("framework_id", "position"),
        "sections": sections,
    }
