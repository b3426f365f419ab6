"""Lines of the policy: from their day on and not before, for a district or a school; the page that shows them all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from assessments.models import MasteryPolicy, Publication
from lrm import wording
from lrm.intake import AUDIO
from paths.services.hand_in_limits import kinds_allowed
from paths.services.talks.policy import reads_along
from profiles.models import Account, PolicyRule
from profiles.models.retention import shipped_days
from profiles.policy_values import Line
from profiles.services import keeping, policy_rules
from profiles.services.policy_rules import RuleRefused
from profiles.services.speaking import speaking_to, speech_of
from tests.factories.policy import let_in, make_rule
from tests.factories.profiles import make_district_admin, make_learner, make_school, make_school_admin
from tests.factories.standards import make_framework

SECTION = {"class": "section", "student": "learner", "family": "guardian"}
PAGE = reverse("policy_today")


def url(line: str) -> str:
    return reverse("policy_line", args=[line])


def in_days(n: int):
    return timezone.localdate() + timedelta(days=n)


def sent(**changes) -> dict:
    base = {"school": "", "audio": "on", "video": "off", "starts_on": in_days(0).isoformat(), "why": "Families agreed."}
    return base | changes


@pytest.fixture
def office(classroom, as_account):
    return as_account(make_district_admin(classroom.district, given_name="Noor", family_name="Haddad"))


@pytest.fixture
def principal(classroom, as_account):
    return as_account(make_school_admin(classroom.school))


def begin(rule: PolicyRule, day) -> None:
    """Let time pass: what was written for a day to come began on that day."""
    PolicyRule.objects.filter(pk=rule.pk).update(starts_on=day)


def test_uploads_count_from_their_day_on_and_a_school_comes_before_the_district(classroom):
    school, other = classroom.school, make_school(classroom.district)
    for_all = make_rule(
        Line.UPLOADS, {"audio": True, "video": False}, district=classroom.district, starts_on=in_days(1)
    )
    assert AUDIO not in kinds_allowed(school.pk)
    begin(for_all, in_days(0))
    assert AUDIO in kinds_allowed(school.pk)
    let_in(school)
    assert AUDIO not in kinds_allowed(school.pk)
    assert AUDIO in kinds_allowed(other.pk)
    make_rule(Line.UPLOADS, None, school=school)
    assert AUDIO in kinds_allowed(school.pk), "a school that ends its own goes by the district"


def test_an_older_day_is_read_by_the_rule_of_that_day(classroom):
    older = make_rule(Line.FAMILY_READS, "09", district=classroom.district)
    begin(older, in_days(-9))
    make_rule(Line.FAMILY_READS, "", district=classroom.district)
    learner = classroom.learner
    learner.grade = "07"
    assert [reads_along(learner, on=in_days(n)) for n in (-10, -9, -1, 0)] == [False, True, True, False]


def test_words_are_said_from_their_day_on(classroom, office):
    rule = make_rule(Line.WORDS, SECTION, district=classroom.district, starts_on=in_days(1))
    assert "Students" in office.get(PAGE).content.decode()
    begin(rule, in_days(0))
    policy_rules._tell(classroom.district)
    page = office.get(PAGE).content.decode()
    assert 'class="' in page, "marks stay as they are"
    assert "Learners" in page
    assert "Student" not in page.replace("In place of “student”", "")
    form = office.get(url("words")).content.decode()
    assert "In place of “student”" in form
    assert '<option value="student">student</option>' in form
    # Whoever speaks after it, of another district or to nobody, says the usual words.
    assert translation.gettext("Students") == "Students"


def words_to(account: Account) -> wording.Words:
    return speech_of(Account.objects.select_related("district").get(pk=account.pk))[1]


def test_words_of_one_school_are_said_to_its_people_only(classroom):
    make_rule(Line.WORDS, SECTION, school=classroom.school)
    other = make_learner(make_school(classroom.district), account=True)
    assert words_to(classroom.account) == wording.words_of(SECTION)
    assert words_to(classroom.teacher) == wording.words_of(SECTION)
    assert words_to(make_district_admin(classroom.district)) == words_to(other.account) == ()


@pytest.mark.parametrize(
    ("usual", "worded"),
    [
        ("Class", "Section"),
        ("CLASSES", "SECTIONS"),
        ("%(n)s students of %(class)s", "%(n)s learners of %(class)s"),
        ('<span class="x">a student’s family</span>', '<span class="x">a learner’s guardian</span>'),
        ("classmates, family name, student information system", "classmates, family name, student information system"),
        ("families", "guardians"),
    ],
)
def test_words_are_whole_words_and_spare_marks_and_places(usual, worded):
    with wording.speaking("en", wording.words_of(SECTION)):
        assert translation.gettext(usual) == worded
        assert translation.ngettext("%(n)s student", "%(n)s students", 2) == "%(n)s learners"
        assert translation.pgettext(wording.AS_A_WORD, "class") == "class"
        assert translation.pgettext("another", "class") == "section"
    assert translation.gettext(usual) == usual


def test_mails_and_jobs_speak_like_pages(classroom):
    make_rule(Line.WORDS, SECTION, district=classroom.district)
    classroom.account.district.refresh_from_db()
    with speaking_to(classroom.account):
        assert translation.gettext("Students") == "Learners"
    assert translation.gettext("Students") == "Students"


def test_language_is_for_whoever_has_chosen_none(classroom, as_account):
    make_rule(Line.LANGUAGE, "es", district=classroom.district)
    account = classroom.account
    account.district.refresh_from_db()
    assert speech_of(account)[:2] == ("es", ())
    page = as_account(account).get(reverse("goals"))
    assert (page.headers["Content-Language"], '<html lang="es"' in page.content.decode()) == ("es", True)
    assert speech_of(account, chosen="en")[:2] == ("en", ())
    account.language = "en"
    assert speech_of(account)[:2] == ("en", ())


def test_a_district_without_rules_costs_no_statement(classroom, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert speech_of(classroom.account) == ("", (), None)
    make_rule(Line.WORDS, SECTION, district=classroom.district)
    classroom.account.district.refresh_from_db()
    speech_of(classroom.account)
    with django_assert_num_queries(0):
        speech_of(classroom.account)


def test_page_says_what_counts_where_it_comes_from_and_what_is_planned(classroom, office, principal):
    let_in(classroom.school, audio=True)
    make_rule(Line.UPLOADS, {"audio": False, "video": True}, district=classroom.district, starts_on=in_days(30))
    text = office.get(PAGE).content.decode()
    assert "Sound and video are off" in text
    assert "As LRM comes" in text
    assert "Sound is on, video is off" in text, "the school's own is named"
    assert "Video is on, sound is off" in text, "what is planned"
    of_school = office.get(PAGE, {"school": classroom.school.pk}).content.decode()
    assert f"Decided by {classroom.school.name}" in of_school
    later = office.get(PAGE, {"on": in_days(30).isoformat()}).content.decode()
    assert "Decided by the district" in later
    assert principal.get(PAGE).status_code == 200
    assert office.get(PAGE, {"school": "0"}).status_code == 404
    wrong = office.get(PAGE, {"on": "soon"})
    assert (wrong.status_code, "Write the day as year" in wrong.content.decode()) == (422, True)


def test_page_says_of_a_framework_its_own_names_and_who_asks_for_the_largest_number(classroom, office):
    own = make_framework(classroom.district, title="Music")
    words = {"cuts": [0.4, 0.65, 0.85], "level_words": ["Low", "Mid", "Firm", "Top"], "why": "Music is small."}
    of_levels(classroom.district, framework=own, minimum_n=20, **words)
    make_rule(Line.LEVEL_WORDS, ["Seed", "Sprout", "Plant", "Tree"], school=classroom.school)

    def card(title, **of):
        lines = office.get(PAGE, of).context["lines"]
        return next(line for line in lines if line.title == title)

    small, at_school = card("Small figures").said, {"school": classroom.school.pk}
    assert (small.value, small.of, small.why) == ("Hidden below 20 students", "Music", "Music is small.")
    assert card("Names of levels", **at_school).said.value == "1 Seed, 2 Sprout, 3 Plant, 4 Tree"
    names = card("Names of levels", framework=own.pk, **at_school)
    assert (names.said.value, names.said.of, names.others) == ("1 Low, 2 Mid, 3 Firm, 4 Top", "Music", [])
    assert card("Names of levels", framework=own.pk).others == [], "nobody reads a school's names there"


def test_page_costs_the_same_with_many_rules(classroom, office, django_assert_max_num_queries):
    schools = [make_school(classroom.district) for _ in range(5)]
    with CaptureQueriesContext(connection) as few:
        office.get(PAGE)
    n = len(few)
    for school in schools:
        let_in(school, audio=True)
        make_rule(Line.UPLOADS, {"audio": True, "video": True}, school=school, starts_on=in_days(9))
    office.get(PAGE)
    with django_assert_max_num_queries(n):
        office.get(PAGE)


def test_looking_saves_nothing_and_says_whom_it_concerns(classroom, office):
    make_learner(make_school(classroom.district))
    text = office.get(url("uploads"), {"look": "1", **sent()}).content.decode()
    assert "2 students may hand in sound from then on." in text
    assert "“Sound is on, video is off” in place of “Sound and video are off”." in text
    assert not PolicyRule.objects.exists()
    let_in(classroom.school, audio=True)
    text = office.get(url("uploads"), {"look": "1", **sent()}).content.decode()
    assert "1 student may hand in sound" in text, "a school that has decided for itself is not concerned"
    below = {"below": "09", "starts_on": in_days(3).isoformat(), "why": "Asked for."}
    assert "read along by default" in office.get(url("family_reads"), {"look": "1", **below}).content.decode()
    small = {"look": "1", "minimum_n": "12", "school": classroom.school.pk, "starts_on": in_days(0).isoformat()}
    small |= {"why": "We are small."}
    assert "counts from the first publication of that day" in office.get(url("minimum_n"), small).text
    Publication.objects.create(district=classroom.district, day=in_days(0), minimum_n=10, cells={}, counts={})
    assert "counts from the next publication on" in office.get(url("minimum_n"), small).text


def test_language_says_where_there_is_nothing_to_choose(office, monkeypatch):
    assert "LRM is written in English alone so far" in office.get(url("language")).text
    both = [("en", "English"), ("es", "Spanish")]
    monkeypatch.setattr("paths.forms.policy_lines.written_languages", lambda: both)
    assert "so far" not in office.get(url("language")).text


def test_writing_withdrawing_and_putting_back(classroom, office):
    day = in_days(5).isoformat()
    page = office.post(url("uploads"), sent(starts_on=day), follow=True).content.decode()
    assert "until then it can be withdrawn" in page
    rule = PolicyRule.objects.get()
    assert (rule.value, rule.why, rule.created_by.name) == (
        {"audio": True, "video": False},
        "Families agreed.",
        "Noor Haddad",
    )
    back = reverse("policy_rule_withdraw", args=[rule.pk])
    assert "Withdrawn" in office.post(back, {"act": "withdraw"}, follow=True).content.decode()
    assert "Somebody else did that first" in office.post(back, {"act": "withdraw"}, follow=True).content.decode()
    assert "Put back" in office.post(back, {"act": "restore"}, follow=True).content.decode()
    assert PolicyRule.objects.in_force(in_days(5)).get() == rule


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"starts_on": "2020-01-01"}, 422, "This day is over"),
        ({"starts_on": "soon"}, 422, "Write the day as year, month and day"),
        ({"why": ""}, 422, "required"),
        ({"why": "x" * 201}, 422, "200"),
        ({"why": "a\x00b"}, 422, "Null"),
        ({"audio": "loud"}, 422, "Select a valid choice"),
        ({"school": "999999"}, 422, "Select a valid choice"),
        ({"audio": "off"}, 409, "counts there already"),
        ({"starts_on": 7}, 409, "Another rule for the same begins"),
        ({"drawn_at": "2020-01-01T00:00:00+00:00", "starts_on": 8}, 409, "Somebody else wrote"),
    ],
)
def test_bad_input_is_told_and_changes_nothing(classroom, office, changes, status, says):
    """A day that is a number comes in so many days."""
    changes = {name: in_days(value).isoformat() if isinstance(value, int) else value for name, value in changes.items()}
    make_rule(Line.UPLOADS, {"audio": False, "video": True}, district=classroom.district, starts_on=in_days(7))
    before = PolicyRule.objects.count()
    answer = office.post(url("uploads"), sent(**changes))
    assert (answer.status_code, says in answer.content.decode()) == (status, True)
    assert PolicyRule.objects.count() == before


def test_principals_write_for_their_school_what_is_theirs_to_write(classroom, principal):
    school = classroom.school
    assert principal.post(url("uploads"), sent(school=school.pk)).status_code == 302
    assert PolicyRule.objects.get().school == school
    other = make_school(classroom.district)
    assert principal.post(url("uploads"), sent(school=other.pk)).status_code == 422
    assert principal.post(url("uploads"), sent()).status_code == 422, "not for the district"
    below = {"below": "09", "school": school.pk, "starts_on": in_days(3).isoformat(), "why": "Asked for."}
    page = principal.post(url("family_reads"), below).content.decode()
    assert "The district’s administrators write this one" in page
    assert PolicyRule.objects.count() == 1
    assert principal.get(url("nothing")).status_code == 404


def of_levels(district, **fields):
    return MasteryPolicy.objects.create(district=district, starts_on=in_days(0), **fields)


def days_of_talks(district):
    days = shipped_days() | {"talks": 300}
    return keeping.begin(district, days=days, starts_on=in_days(5), by=make_district_admin(district))


NAMES = {f"name_{level}": name for level, name in enumerate(("Seed", "Sprout", "Plant", "Tree"), start=1)}


@pytest.mark.parametrize(
    ("line", "typed", "status", "change", "was", "now"),
    [
        (
            "uploads", {"audio": "on", "video": "on"}, 409,
            lambda district: make_rule(Line.UPLOADS, {"audio": True, "video": False}, district=district),
            "Sound and video are off", "Sound is on, video is off",
        ),
        (
            "level_words", NAMES, 409, lambda district: of_levels(district, level_words=["a", "b", "c", "d"]),
            "1 Starting, 2 Building, 3 Secure, 4 Extending", "1 a, 2 b, 3 c, 4 d",
        ),
        (
            "minimum_n", {"minimum_n": "12"}, 422, lambda district: of_levels(district, minimum_n=20),
            "Hidden below 10 students", "Hidden below 20 students",
        ),
        (
            "keeping", {"talks": "60"}, 409, days_of_talks, "days", "300 days",
        ),
    ],
    ids=["uploads", "level_words", "minimum_n", "keeping"],
)  # fmt: skip
def test_district_that_decides_while_a_form_of_a_school_is_open_is_told_at_saving(
    classroom, office, principal, line, typed, status, change, was, now
):
    client = office if line == "keeping" else principal
    drawn_at = client.get(url(line)).context["form"]["drawn_at"].value()
    first_day = in_days(7 if line == "keeping" else 0)
    mine = {"school": classroom.school.pk, "starts_on": first_day.isoformat(), "why": "We are small.", **typed}
    found = change(classroom.district)
    answer = client.post(url(line), mine | {"drawn_at": drawn_at})
    form = answer.context["form"]
    said = " ".join(form.non_field_errors())
    assert (answer.status_code, f"{now}" in said, f"it was “{was}”" in said or line == "keeping") == (
        status,
        True,
        True,
    )
    assert {name: form[name].value() for name in typed} == typed
    assert not PolicyRule.objects.filter(school=classroom.school).exists()
    told = form["drawn_at"].value()
    if status == 409:
        assert client.post(url(line), mine | {"drawn_at": told}).status_code == 302
    else:
        enough = mine | {"drawn_at": told, "minimum_n": "25"}
        type(found).objects.filter(pk=found.pk).update(withdrawn_at=timezone.now())
        again = client.post(url(line), enough)
        assert (again.status_code, "is now “Hidden below 10 students”" in again.text) == (409, True), "taken back, too"


def test_line_on_levels_for_a_later_day_is_written_on_what_the_district_says_by_then(classroom, principal):
    of_levels(classroom.district, minimum_n=20)
    fewer = {"cuts": [0.5, 0.8], "level_words": ["Not yet", "Nearly", "Met"], "mastery_level": 2, "minimum_n": 10}
    MasteryPolicy.objects.create(district=classroom.district, starts_on=in_days(5), **fewer)
    then = {"school": classroom.school.pk, "starts_on": in_days(7).isoformat(), "why": "We are small."}
    assert principal.post(url("minimum_n"), then | {"minimum_n": "12"}).status_code == 302
    drawn_for_today = principal.post(url("level_words"), then | NAMES)
    assert (drawn_for_today.status_code, "scale has 3 levels" in drawn_for_today.text) == (422, True)
    assert "in the district “Met”" in drawn_for_today.text
    three = {name: NAMES[name] for name in list(NAMES)[:3]}
    assert principal.post(url("level_words"), then | three).status_code == 302
    for_today = then | three | {"starts_on": in_days(0).isoformat()}
    assert "name_4" in principal.post(url("level_words"), for_today).context["form"].errors
    ends = {"starts_on": in_days(9).isoformat(), "follows": "on"}
    for line, typed in (("minimum_n", {"minimum_n": "2"}), ("level_words", NAMES)):
        assert principal.post(url(line), then | typed | ends).status_code == 302


def test_a_value_that_a_line_cannot_say_is_refused_whoever_writes_it(classroom):
    wrong = [(Line.UPLOADS, {"audio": 1}), (Line.FAMILY_READS, "99"), (Line.WORDS, {}), (Line.LANGUAGE, "x")]
    for line, value in wrong:
        with pytest.raises(RuleRefused, match="value"):
            make_rule(line, value, district=classroom.district)
    assert not PolicyRule.objects.exists()
