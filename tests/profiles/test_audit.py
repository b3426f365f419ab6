"""Every change of a class list, an account, a role and a result is accounted for: who, when, what from and to, how."""

import json
import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence
from lrm import imsx
from lrm.acting import API, COMMAND, DATABASE, IMPORT, PAGE, TASK, Actor, acting
from lrm.api import problems
from lrm.jobs import running
from lrm.jobs.models import Job
from lrm.scope import district_scope, unscoped
from profiles.models import Account, AuditEntry, Enrollment, Guardianship, Learner, RetentionRun, Upload
from profiles.services import retention
from profiles.services.api_tokens import find_token
from profiles.services.audit import forgetting
from profiles.services.roster_import import deciding, working
from tests.factories.assessments import make_assessment
from tests.factories.profiles import (
    enroll,
    make_district,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard
from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_rows import GET
from tests.lrm.matrix_scene import build_scene
from tests.lrm.matrix_walk import ALLOWED, Walker, cases, quick_pages, route_of
from tests.profiles.audit_watch import entries_since, snapshot, unaccounted
from tests.profiles.oneroster.packages import zipped
from tests.profiles.roster_import.generated import bulk, changed_roster, roster_of

pytestmark = pytest.mark.django_db
WRITES = int(os.environ.get("LRM_WRITES", 2_000 if os.environ.get("LRM_LAWS") else 30))
WRITERS = (
    *("api_section_results", "api_token_revoke", "badge_revoke", "block_end", "block_place", "class_new"),
    *("enrollment_last_day", "enrollment_withdraw", "integration_end", "integration_revoke", "learners_merge"),
    *("learners_merge_undo", "observe_seen", "roster_act_undo", "roster_add", "roster_badges_change"),
    *("roster_class_code", "roster_staff_add", "section_levels", "section_observe", "set_level"),
    *("staff_account_change", "staff_account_role", "staff_invite", "undo_levels"),
)
"""Routes with data in the rights matrix that change what is watched. Each route was asked once: no other one does."""


def watched(act, *, way, what, by):
    """Do it, and say whether anything that is watched was changed."""
    before = snapshot()
    act()
    after = snapshot()
    assert unaccounted(before, after, way=way, what=what, by=by) == [], (way, what)
    return before != after


class Routes:
    """Routes by page and by API, each as whoever may; what one writes is rolled back."""

    def __init__(self, random):
        self.random = random
        with unscoped("the scene of the matrix spans districts"):
            self.scene = build_scene()
        self.walker = Walker(self.scene)
        rows = {key: row for key, row in EXPECTATIONS.items() if route_of(key) in WRITERS}
        people = {*self.scene.people, *self.scene.systems}
        self.cases = [case for case in cases(rows, people) if case.verb != GET and case.expected == ALLOWED]

    def draw(self):
        case = self.random.choice(self.cases)
        client, address = self.walker.clients[case.persona], self.walker._address(case)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        way = API if address.startswith((problems.PREFIX, imsx.PREFIX)) else PAGE
        account = self.scene.people.get(case.persona)
        if case.persona in self.scene.systems:
            account = find_token(self.scene.systems[case.persona]).account
        with transaction.atomic():
            is_change = watched(
                lambda: client.generic(case.verb, address, **self.walker._body(case)),
                **{"way": way, "what": case.route, "by": account and account.pk},
            )
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies)
        return is_change


class Files:
    """Rosters drawn at random, each from the one before, taken over by a worker."""

    def __init__(self, random):
        self.random, self.roster = random, roster_of(random)
        self.district = make_district()
        self.admin = make_district_admin(self.district)

    def draw(self):
        self.roster = changed_roster(self.random, self.roster)
        with district_scope(self.district.pk):
            upload = Upload.objects.create(
                district=self.district, account=self.admin, kind="roster", name="r.zip", data=zipped(bulk(self.roster))
            )
            deciding.look(upload)
            deciding.keep(upload)
            job = working.apply(upload, by=self.admin, release_brake=True)
            is_change = watched(lambda: running.run(job.pk), way=IMPORT, what=working.IMPORT, by=self.admin.pk)
            assert Job.objects.get(pk=job.pk).state == Job.State.DONE
        return is_change


class Desk:
    """A teacher in the entry grid and with a file of results; the office with a family."""

    def __init__(self, random, client_of):
        self.random = random
        section = make_section()
        self.section, school = section, section.roster.school
        self.learners = [make_learner(school, key=f"desk-{number}", account=True) for number in range(4)]
        for learner in self.learners:
            enroll(learner, section.roster)
        framework = make_framework(section.district)
        self.standards = [make_standard(framework), make_standard(framework)]
        self.assessment = make_assessment(section, self.standards)
        self.teacher, self.office = make_teacher(section.roster), make_school_admin(school)
        self.desk, self.counter = client_of(self.teacher), client_of(self.office)
        self.acts = (self.grid, self.file, self.invite, self.change)

    def draw(self):
        with district_scope(self.section.district_id):
            return self.random.choice(self.acts)()

    def grid(self):
        cells = [
            {"learner": learner.pk, "standard": standard.pk, "text": self.random.choice(("1", "2", "3", "4", "x"))}
            for learner in self.learners
            for standard in self.standards
            if self.random.random() < 0.4
        ]
        newest = {(row.learner_id, row.standard_id): row.pk for row in Evidence.objects.order_by("pk")}
        body = [cell | {"replaces": newest.get((cell["learner"], cell["standard"]))} for cell in cells]
        return self._post(
            *(self.desk, self.teacher, "assessment_cells", [self.assessment.pk]),
            *(json.dumps({"cells": body}), "application/json"),
        )

    def file(self):
        lines = [
            f"{learner.key},{standard.code},Quiz {self.random.randint(1, 9)},{timezone.localdate()},"
            f"{self.random.randint(0, 10)},10"
            for learner in self.learners
            for standard in self.standards[: self.random.randint(1, 2)]
        ]
        data = "\n".join(["learner,standard,assessment,date,score,possible", *lines]).encode()
        sent = {"file": SimpleUploadedFile("r.csv", data), "default_kind": "formative", "date_order": ""}
        check = self.desk.post(reverse("section_results_import", args=[self.section.pk]), sent)
        upload = Upload.objects.latest("pk")
        assert check.status_code == 302
        return self._post(self.desk, self.teacher, "section_results_apply", [self.section.pk, upload.uuid])

    def invite(self):
        word = f"person{self.random.randrange(10**9)}"
        person = {"given_name": word, "family_name": "Okafor", "email": f"{word}@example.org", "relation": "Mom"}
        days = {"starts_on": str(timezone.localdate()), "ends_on": ""}
        who = self.random.choice(((self.desk, self.teacher), (self.counter, self.office)))
        return self._post(*who, "learner_family", [self.random.choice(self.learners).pk], person | days)

    def change(self):
        rows = list(Guardianship.objects.filter(learner__in=self.learners))
        if not rows:
            return self.invite()
        act = {"act": self.random.choice(("confirm", "end", "undo", "dates")), "starts_on": str(timezone.localdate())}
        return self._post(self.counter, self.office, "guardian_change", [self.random.choice(rows).pk], act)

    def _post(self, client, by, route, ids, *body):
        def post():
            answer = client.post(reverse(route, args=ids), *body)
            assert answer.status_code in (200, 302), (route, answer.status_code)

        return watched(post, way=PAGE, what=route, by=by.pk)


class Bulk:
    """What a command or somebody at the database does to many rows at once, past every service."""

    def __init__(self, random):
        self.random, self.roster = random, make_roster()
        self.teacher = make_teacher(self.roster)
        self.acts = (self.enroll, self.rename, self.end, self.delete, self.rights, self.by_hand)

    def draw(self):
        act = self.random.choice(self.acts)
        with district_scope(self.roster.district_id):
            if self.random.random() < 0.3:
                return watched(act, way=DATABASE, what="", by=None)
            with acting(Actor(COMMAND, act.__name__)):
                return watched(act, way=COMMAND, what=act.__name__, by=None)

    def enroll(self):
        new = [make_learner(self.roster.school) for _each in range(self.random.randint(1, 3))]
        day = timezone.localdate()
        places = [Enrollment(roster=self.roster, learner=each, role="learner", starts_on=day) for each in new]
        Enrollment.objects.bulk_create(places)

    def some(self, model):
        rows = model.objects.order_by("pk").values_list("pk", flat=True)
        return model.objects.filter(pk__in=[pk for pk in rows if self.random.random() < 0.4])

    def rename(self):
        self.some(Learner).update(given_name=f"Zoë {self.random.random()}", number=None)

    def end(self):
        day = timezone.localdate() + timedelta(days=self.random.randint(0, 300))
        changed = list(self.some(Enrollment))
        for row in changed:
            row.ends_on = day
        Enrollment.objects.bulk_update(changed, ["ends_on"])

    def delete(self):
        self.some(Enrollment).filter(account=None).delete()

    def rights(self):
        self.teacher.admin_roles.create(school=self.roster.school, kind="school_admin", starts_on=timezone.localdate())
        Account.objects.filter(pk=self.teacher.pk).update(is_active=self.random.random() < 0.5, password="x")

    def by_hand(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH gone AS (DELETE FROM profiles_adminrole WHERE school_id = %s RETURNING account_id)"
                " UPDATE profiles_account SET family_name = family_name || '-', last_login = now()"
                " WHERE id IN (SELECT account_id FROM gone)",
                [self.roster.school_id],
            )


class Nights:
    """What the clock does: whoever left long ago loses records, then the name."""

    def __init__(self, random):
        self.random, self.school = random, make_school()

    def draw(self):
        with district_scope(self.school.district_id):
            pair = [make_learner(self.school) for _each in range(2)]
            roster = make_roster(self.school)
            for learner in pair:
                enroll(learner, roster)
            ended = timezone.localdate() - timedelta(days=self.random.choice((1, 400, 1200)))
            Enrollment.objects.filter(learner__in=pair).update(starts_on=ended, ends_on=ended)
            Learner.objects.filter(pk=pair[0].pk).update(left_on=ended)
            RetentionRun.objects.all().delete()  # a night is done once a day
            before = snapshot()
            with acting(Actor(TASK, "keep_to_time")):
                retention.run(self.school.district, on=timezone.localdate())
            after = snapshot()
            if before.people == after.people:
                return False
            # The names are gone from the audit too; that something was changed, and by what, is not.
            entries = entries_since(before)
            assert {(entry.way, entry.what) for entry in entries} == {(TASK, "keep_to_time")}
            places = Counter(key[0] for key in before.people.keys() ^ after.people.keys())
            assert Counter(entry.place for entry in entries if entry.act != "changed") == places
            assert all(entry.before is entry.after is None for entry in entries if entry.act == "removed")
            return True


@pytest.mark.laws
@pytest.mark.timeout(7200)
def test_random_writes_by_page_api_import_task_and_command_are_all_accounted_for(as_account):
    random, done = Random(WRITES), Counter()
    desk = Desk(random, as_account)
    while done.total() < WRITES * 0.3:  # what quick pages remember would not hold: nothing of it is rolled back
        done[Desk] += desk.draw()
    with quick_pages():
        ways = {Routes(random): 8, Files(random): 2, Bulk(random): 2, Nights(random): 1}
        for way in ways:  # each at least once
            while not way.draw():
                pass
            done[type(way)] += 1
        while done.total() < WRITES:
            (way,) = random.choices(list(ways), list(ways.values()))
            done[type(way)] += way.draw()
    assert set(done) == {Routes, Desk, Files, Bulk, Nights}


def test_who_asks_for_it_is_read_from_the_statement_and_nothing_else():
    learner = make_learner(make_school())
    with district_scope(learner.district_id):
        with acting(Actor(PAGE, "x*/ y", 7)):
            Learner.objects.filter(pk=learner.pk).update(given_name="/*lrm api forged 1*/ Robert")
        Learner.objects.filter(pk=learner.pk).update(given_name="/*lrm api forged 1*/ Bobby")
        said = [(entry.way, entry.what, entry.by_id) for entry in AuditEntry.objects.filter(act="changed")]
    assert said == [(DATABASE, "", None), (PAGE, "x___y", 7)]


@pytest.mark.parametrize("sql", ["UPDATE profiles_auditentry SET way = 'page'", "DELETE FROM profiles_auditentry"])
def test_nobody_rewrites_it_and_the_role_of_the_site_cannot_even_write_it(sql):
    make_learner(make_school())
    with pytest.raises(ProgrammingError, match="stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    with pytest.raises(ProgrammingError, match="stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE profiles_auditentry")
    site = connection.copy()  # the test's own connection belongs to the owner
    site.settings_dict = connection.settings_dict | {"USER": settings.RUNTIME_ROLE}
    insert = "INSERT INTO profiles_auditentry SELECT * FROM profiles_auditentry"
    try:
        with site.cursor() as cursor:
            cursor.execute("SET lrm.rewrite_ledger = 'on'")
            for words in (sql, insert):
                with pytest.raises(ProgrammingError, match="permission denied"):
                    cursor.execute(words)
    finally:
        site.close()


def test_whoever_is_here_is_not_taken_out_of_it():
    learner, teacher = make_learner(make_school()), make_teacher(make_roster())
    for people in (([learner.pk], []), ([], [teacher.pk])):
        with pytest.raises(ProgrammingError, match="forgets only"), transaction.atomic():
            forgetting.forget(*people)
