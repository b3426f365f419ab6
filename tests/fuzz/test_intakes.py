"""5,000 broken files, over every way in: none is a 500, none is half stored, none holds a process, each refusal names
its place. CI draws a few; LRM_LAWS=1 draws all. With -rP each intake says how long its longest request took."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.results_csv.reader import read_results
from assessments.services.results_file import import_results, plan_results
from lrm.scope import district_scope
from profiles.models import Upload
from profiles.oneroster.reader import read_roster
from profiles.services import pasted_list, uploads
from profiles.services.roster_import.applying import import_roster
from standards.case.reader import read_package
from standards.models import PackageUpload
from standards.services.importing import import_package
from standards.services.planning import plan_import
from tests.factories.profiles import (
    enroll,
    make_district,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard
from tests.fuzz import mutants
from tests.fuzz.judging import WAITING, Trial, longest, try_out
from tests.fuzz.mutants import DOCUMENTS, PACKAGES, TABLES, Mutant, Way, mutate
from tests.profiles.oneroster.packages import V1P1, V1P2, zipped
from tests.profiles.roster_import.generated import MOMENT, bulk, changed_roster, delta, roster_of
from tests.standards.case.test_reader import DOCUMENT, item, link, package
from tests.standards.test_prerequisites import TABLE, a_map
from tests.standards.test_tables import canvas, opensalt
from tests.tables import everything_stored

pytestmark = [pytest.mark.django_db, pytest.mark.laws, pytest.mark.timeout(3600)]
IS_FULL = bool(os.environ.get("LRM_LAWS"))
EACH = {"roster": 1400, "results": 900, "pasted": 400, "case": 900, "canvas": 500, "opensalt": 500, "coherence": 400}
"""Mutants of each intake where all are drawn, 5,000 together; else six of each."""
HUGE = tuple(
    partial(way, **{name: number})
    for way, name, number in (
        (mutants.long_cell, "letters", 18_000_000),
        (mutants.many_lines, "lines", 300_000),
    )
)
"""Of a hundred mutants one is as large as the form takes."""


def faults_of(intake: str, client: Client, ways: Sequence[Way], base: Callable[[Random], bytes], judge, huge=HUGE):
    found = []
    before = everything_stored(WAITING)
    requests, jobs = [], []
    for seed in range(EACH[intake] if IS_FULL else 6):
        random = Random(f"{intake} {seed}")
        is_huge = IS_FULL and seed % 100 == 99 and huge
        mutant = mutate(random, base(random), huge if is_huge else ways)
        for fault in try_out(Trial(client, mutant, before, requests, jobs), judge):
            found.append(f"{intake} {seed} ({mutant.how}): {fault}")
    sys.stdout.write(f"{intake}: requests {longest(requests)}; jobs {longest(jobs)}\n")
    return "\n".join(found)


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        yield district


# A OneRoster zip


ROSTER = roster_of(Random(5))
SENT = (
    zipped(V1P1),
    zipped(V1P2),
    zipped(bulk(ROSTER)),
    zipped(delta(ROSTER, changed_roster(Random(6), ROSTER), MOMENT)),
)


def test_roster(client, district):
    client.force_login(make_district_admin(district))
    import_roster(read_roster(zipped(bulk(ROSTER))), district=district)
    huge = (partial(mutants.bomb, megabytes=300), *(partial(in_users, way=way) for way in HUGE))
    judge = partial(judge_roster, district=district)
    assert faults_of("roster", client, PACKAGES, lambda random: random.choice(SENT), judge, huge) == ""


def in_users(random: Random, data: bytes, *, way: Way) -> Mutant:
    files = mutants._entries(data)
    found = way(random, files["users.csv"])
    return Mutant(mutants.packed([*(files | {"users.csv": found.data}).items()]), found.how)


def judge_roster(trial: Trial, *, district) -> None:
    with trial.nothing_written():
        sent = SimpleUploadedFile("roster.zip", trial.mutant.data)
        answer = trial.post(reverse("roster_import"), {"package": sent})
        if answer.status_code == 422:
            trial.expect(len(answer.context["form"].errors["package"][0]) > 10, "refused without a reason")
            return
        job = trial.work()
        upload = Upload._base_manager.get()
        if job is not None and job.error:
            trial.expect(len(job.error) > 10, "refused without a reason")
            trial.get(answer.url)
            return
        page = trial.get(answer.url)
        trial.get(reverse("roster_import_report", args=[upload.uuid]))
        trial.get(reverse("roster_import_refused", args=[upload.uuid]))
    seen = upload.checked
    for one in seen["problems"]:
        trial.expect(bool(one["file"] and one["why"] and one["fix"]), f"a refusal without its place: {one}")
    if trial.mutant.line:
        lines = [one["line"] for one in seen["problems"]]
        trial.expect(trial.mutant.line in lines or not all(lines), f"line {trial.mutant.line} is not among {lines}")
    apply, asked = reverse("roster_import_apply", args=[upload.uuid]), {"release": "yes"}
    trial.expect(page.status_code == 200, "no page for the file")
    done = []
    with trial.nothing_written(unless=lambda: bool(done)):
        trial.post(apply, asked)
        job = trial.work()
        if job is not None and not job.error:
            done.append(job)
    trial.expect(bool(done) == (not seen["need_you"]), f"waits for {seen['need_you']}, and applied is {bool(done)}")
    if done:
        again = import_roster(read_roster(trial.mutant.data), district=district, release_brake=True)
        trial.expect(again.is_unchanged, "the same file again changes something: it was not taken over whole")


# Results as CSV


def test_results(client, district):
    roster = make_roster(make_school(district))
    section = make_section(roster)
    for number in range(3):
        enroll(make_learner(roster.school, key=f"4001{number}"), roster)
    framework = make_framework(district)
    for code in ("5.NF.1", "5.NF.2"):
        make_standard(framework, code=code)
    client.force_login(make_teacher(roster))
    day = timezone.localdate()
    lines = ["learner,standard,assessment,date,score,possible,level,kind,excused,item,attempt,comment"]
    lines += [f"4001{n},5.NF.{1 + n % 2},Exit ticket,{day},{n + 5},10,,,,,,Well done" for n in range(3)]
    lines += [f"4001{n},5.NF.1,Talk,{day},,,{n + 1},formative,,,2," for n in range(3)]
    lines += [f"40010,5.NF.2,Quiz,{day},,,,summative,yes,,,"]
    base = ("\n".join(lines) + "\n").encode()
    judge = partial(judge_results, section=section)
    assert faults_of("results", client, TABLES, lambda random: base, judge) == ""


def judge_results(trial: Trial, *, section) -> None:
    with trial.nothing_written():
        sent = SimpleUploadedFile("results.csv", trial.mutant.data)
        url = reverse("section_results_import", args=[section.pk])
        answer = trial.post(url, {"file": sent, "default_kind": "formative", "date_order": ""})
        if answer.status_code == 422:
            trial.expect(bool(answer.context["form"].errors["file"][0]), "refused without a reason")
            return
        page = trial.get(answer.url)
        upload = Upload._base_manager.get()
        trial.get(reverse("section_results_refused", args=[section.pk, upload.uuid]))
    plan = plan_results(read_results(uploads.content(upload)), section=section)
    for one in plan.file.blocking:
        is_whole = one.code in ("not_text", "empty", "too_long")
        trial.expect(bool(one.line or is_whole) and bool(one.why), f"a refusal without its line: {one.code}")
    if trial.mutant.line:
        lines = [one.line for one in plan.file.blocking]
        trial.expect(trial.mutant.line in lines, f"line {trial.mutant.line} is not among {lines[:9]}")
    done = []
    with trial.nothing_written(unless=lambda: bool(done)):
        trial.post(reverse("section_results_apply", args=[section.pk, upload.uuid]), {})
        upload.refresh_from_db()
        if upload.applied_at is not None:
            done.append(upload)
    trial.expect(bool(done) == (not plan.file.blocking), "applied and refused do not fit together")
    trial.expect(page.status_code == 200, "no page for the file")
    if done:
        again = import_results(read_results(trial.mutant.data), section=section, by=None)
        trial.expect(again.count("new") == 0, "the same file again stores something: it was not taken over whole")


# A pasted list


def test_pasted(client, district):
    roster = make_roster(make_school(district))
    enroll(make_learner(roster.school, given_name="Nia", family_name="Adler", key="S-1"), roster)
    client.force_login(make_teacher(roster))
    base = "First name,Last name,ID,Grade\nNia,Adler,S-1,5\nBen,Marsh,S-2,5\nCem,Yılmaz,,04\nDana,O'Neil,S-4,KG\n"
    judge = partial(judge_pasted, roster=roster)
    huge = (partial(mutants.many_lines, lines=40_000), partial(mutants.long_cell, letters=1_000_000))
    assert faults_of("pasted", client, TABLES, lambda random: base.encode(), judge, huge) == ""


def judge_pasted(trial: Trial, *, roster) -> None:
    text = trial.mutant.data.decode("utf-8", "replace").replace(",", "\t")
    url = reverse("roster_paste", args=[roster.pk])
    with trial.nothing_written():
        answer = trial.post(url, {"names": text, "look": ""})
        if answer.status_code != 200:
            empty = "There is no name in it."
            trial.expect((answer.context["too_much"] or empty) in answer.text, "refused without a reason")
            return
        lines = answer.context["lines"]
        for line in lines:
            whole = f"left out: {line.problem}"
            trial.expect(not line.problem or line.problem in answer.text or "&" in answer.text, f"not told: {whole}")
    asked = {"names": text, "uuid": uuid4(), "add": ""}
    answer = trial.post(url, asked)
    trial.expect(answer.status_code in (200, 302, 422), f"adding answered {answer.status_code}")
    again = pasted_list.read_block(text)
    pasted_list.compare(again, roster=roster, account=answer.wsgi_request.user, on=timezone.localdate())
    left = [line.name for line in again if not line.problem and not line.is_here]
    trial.expect(not left, f"not all were added: {left[:3]}")


# Standards: CASE, Canvas, OpenSALT, the Coherence Map


def judge_standards(trial: Trial, *, district, name: str, framework=None) -> None:
    with trial.nothing_written():
        sent = SimpleUploadedFile(name, trial.mutant.data)
        said = {"file": sent, "title": "Sent", "framework": framework.pk if framework else ""}
        answer = trial.post(reverse("standards_import"), said)
        if answer.status_code == 422:
            trial.expect(bool(answer.context["form"].errors["file"][0]), "refused without a reason")
            lines = [one.line for one in answer.context["problems"]]
            trial.expect(all(lines), "a refusal without its line")
            if trial.mutant.line and lines:
                trial.expect(trial.mutant.line in lines, f"line {trial.mutant.line} is not among {lines[:9]}")
            return
        upload = PackageUpload._base_manager.get()
        page = trial.get(answer.url)
        trial.get(reverse("standards_import_csv", args=[upload.uuid]))
    plan = page.context["plan"]
    done = []
    with trial.nothing_written(unless=lambda: bool(done)):
        asked = {"drawn_from": plan.drawn_from, "sure": "on"}
        answer = trial.post(reverse("standards_import_apply", args=[upload.uuid]), asked)
        job = trial.work()
        if answer.status_code == 302 and not (job and job.error):
            done.append(answer)
    trial.expect(bool(done), "looked at and then refused")
    if done:
        again = plan_import(read_package(bytes(upload.data)), district_id=district.pk)
        trial.expect(again.is_unchanged, "the same file again changes something: it was not taken over whole")
        trial.get(answer.url)


@pytest.fixture
def office(client, district):
    client.force_login(make_district_admin(district))
    return client


def a_package() -> bytes:
    items = [
        item(1, humanCodingScheme="G", fullStatement="Geometry", subject=["Mathematics"], educationLevel=["05"]),
        item(2, humanCodingScheme="G.1", fullStatement="<p>Name shapes</p>", CFItemType="Standard", uri="https://x/2"),
        item(3, humanCodingScheme="G.2", fullStatement="Measure $a<b$", language="en", conceptKeywords=["a", "b"]),
        item(4, fullStatement="Nowhere", listEnumeration="4", lastChangeDateTime="2026-01-01T00:00:00Z"),
    ]
    links = [
        link(1, DOCUMENT, identifier=str(uuid4())),
        link(2, 1, sequenceNumber=1),
        link(3, 1, sequenceNumber=2),
        link(2, 3, "precedes"),
        link(2, "99999999-9999-4999-8999-999999999999", "exemplar"),
    ]
    defined = {"CFItemTypes": [{"identifier": str(uuid4()), "title": "Standard"}], "CFSubjects": []}
    document = {"creator": "We", "subject": ["Mathematics"], "language": "en", "licenseURI": {"title": "CC"}}
    return package(items, links, document, CFDefinitions=defined, CFRubrics=[])


def test_case(office, district):
    base = a_package()
    import_package(read_package(base), district_id=district.pk)
    judge = partial(judge_standards, district=district, name="package.json")
    huge = (partial(mutants.long_text, letters=20_000_000), chain, loops)
    assert faults_of("case", office, (*DOCUMENTS, small_chain), lambda random: base, judge, huge) == ""


def chain(random: Random, data: bytes, *, length: int = 12_000) -> Mutant:
    """Standards that prepare one another in a row, and stand below one another, or in a thousand rings."""
    items = [item(n, humanCodingScheme=f"C.{n}") for n in range(length)]
    kind, ring = random.choice(("precedes", "isChildOf")), random.choice((length, 2, 3, 50))
    links = [link(n, n + 1 if (n + 1) % ring else n + 1 - ring, kind) for n in range(length - 1)]
    return Mutant(package(items, links), f"{length} standards, {kind} in rings of {ring}")


small_chain = partial(chain, length=300)


def loops(random: Random, data: bytes) -> Mutant:
    items = [item(n) for n in range(3000)]
    links = [link(random.randrange(3000), random.randrange(3000)) for _ in range(12_000)]
    return Mutant(package(items, links), "parents at random")


def test_canvas(office, district):
    base = canvas(
        "a,group,M,Math,,,,,",
        "b,group,G,Geometry,,,active,a,",
        "c,outcome,C,<p>Draw</p>,decaying_average,40,active,a b,3,Best,1.5,Fair",
        "d,outcome,D,Old,n_mastery,3,,a,",
        "e,outcome,E,New,latest,,,b,2,Yes,1,No",
    )
    judge = partial(judge_standards, district=district, name="canvas.csv")
    assert faults_of("canvas", office, TABLES, lambda random: base, judge) == ""


def test_opensalt(office, district):
    base = opensalt(
        "i1,Number,N,1,,,",
        "i2,Count,N.1,1,N,,Ms Lee",
        "i3,Add,N.2,2,N,N.1,",
        ',Take away,N.3,3,N,"N.1|N.2",',
        ",Share,N.4,,N.3,,",
    )
    judge = partial(judge_standards, district=district, name="opensalt.csv")
    assert faults_of("opensalt", office, (*TABLES, same_codes), lambda random: base, judge) == ""


def same_codes(random: Random, data: bytes) -> Mutant:
    lines = [f"i{n},Same {n},A,{n},{random.choice(('', 'A', 'i1'))},," for n in range(2000)]
    return Mutant(opensalt(*lines), "one code for all")


def test_coherence(office, district):
    framework = make_framework(district)
    for code in ("1.G.A.1", "2.G.A.1", "2.G.A.2", "1.NBT.A.2.a", "A-SSE.B.1"):
        make_standard(framework, code=code)
    judge = partial(judge_standards, district=district, framework=framework)

    def either(trial: Trial) -> None:
        judge(trial, name="map.json" if trial.mutant.data[:1] == b"{" else "edges.csv")

    def way(random: Random, data: bytes) -> Mutant:
        return mutate(random, data, DOCUMENTS if data[:1] == b"{" else TABLES)

    assert faults_of("coherence", office, (way,), lambda random: random.choice((TABLE, a_map())), either, ()) == ""


def test_all_of_them_are_five_thousand():
    assert sum(EACH.values()) == 5000
    assert json.loads(a_package())["CFItems"]
