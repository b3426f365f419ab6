"""The page on which a school gets a way of its own: chosen, tried, saved, ended, taken back; and refused in words."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import MasteryPolicy
from assessments.services.policies import Policies
from profiles.models import School
from tests.assessments.school_policy_place import in_days, line
from tests.browsing import faults_of_look, pictures, sign_in, troubles
from tests.factories.profiles import make_district_admin, make_school_admin
from tests.fresh_code import with_fresh_code

NEW, SAVE, POLICY = reverse("policy_new"), reverse("policy_save"), reverse("policy")
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(taught):
    return make_district_admin(taught.section.district)


@pytest.fixture
def client(mixed, admin, as_account):
    return with_fresh_code(as_account(admin))


def sent(school, **changes):
    return {
        "try": "1",
        "for_school": str(school.pk),
        "starts_on": in_days(0).isoformat(),
        "method": "highest",
        "newest_weight": "65",
        "cut_2": "20",
        "cut_3": "45",
        "cut_4": "90",
        "why": "Agreed in May",
    } | changes


def without(fields, *names):
    return {name: value for name, value in fields.items() if name not in names}


def test_form_has_what_holds_at_the_school_and_no_field_for_what_is_the_districts(client, birch):
    page = client.get(NEW, {"for_school": birch.pk})
    form = page.context["form"]
    assert "Birch: a way of its own" in page.text
    assert not {"word_1", "mastery_level", "minimum_n", "parent_rule", "exact_matches"} & set(form.fields)
    assert [(row["said"], row["cut"] and row["cut"].value()) for row in form.levels()] == [
        ("Starting", None),
        ("Building", "40"),
        ("Secure", "65"),
        ("Extending", "85"),
    ]


def test_form_calls_levels_as_the_framework_does(client, mixed, birch):
    framework = mixed.standards[0].framework
    MasteryPolicy.objects.create(
        district=birch.district, framework=framework, starts_on=in_days(0), cuts=[0.5], level_words=["Not yet", "Met"],
        mastery_level=2,
    )  # fmt: skip
    form = client.get(NEW, {"for_school": birch.pk, "framework": framework.pk}).context["form"]
    assert [row["said"] for row in form.levels()] == ["Not yet", "Met"]
    page = client.get(NEW, sent(birch, framework=framework.pk))
    assert "number of levels (2)" in page.context["form"].non_field_errors()[0]


def test_trial_lists_students_of_the_school_alone_and_what_was_looked_at_is_saved(client, mixed, birch):
    cam = mixed.learners[2]
    page = client.get(NEW, sent(birch))
    rows = page.context["rows"]
    assert {row.learner for row in rows} == {cam}
    assert {(row.before, row.after) for row in rows} == {(2, 4), (2, 3)}
    assert "Birch only." in page.text
    answer = client.post(SAVE, dict(page.context["kept"]), follow=True)
    policy = MasteryPolicy.objects.get()
    assert (policy.school, policy.method, policy.cuts, policy.why) == (
        birch,
        "highest",
        [0.2, 0.45, 0.9],
        "Agreed in May",
    )
    assert "Birch: all frameworks" in answer.text
    assert "3 Secure from 45 %" in answer.text
    assert f"?for_school={birch.pk}" in answer.text


def test_file_of_the_trial_names_them_too(client, mixed, birch):
    text = b"".join(client.get(reverse("policy_csv"), without(sent(birch), "try") | {"try": "1"})).decode("utf-8-sig")
    assert mixed.learners[2].name in text
    assert mixed.learners[0].name not in text


@pytest.mark.parametrize(
    "more", [{"cut_5": "95"}, {"word_5": "Beyond"}, {"mastery_level": "2"}], ids=["cut", "word", "mark"]
)
def test_levels_and_mark_of_its_own_are_refused_in_words(client, birch, more):
    page = client.get(NEW, sent(birch, **more))
    assert page.status_code == 422
    assert "figures of the district add its schools up" in page.context["form"].non_field_errors()[0]
    assert client.post(SAVE, without(sent(birch, **more), "try")).status_code == 422
    assert not MasteryPolicy.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("cut_3", "15"), ("cut_3", ""), ("method", "nonsense"), ("cut_2", "x")])
def test_what_is_wrong_stands_at_its_field(client, birch, field, value):
    page = client.get(NEW, sent(birch, **{field: value}))
    assert page.status_code == 422
    assert field in page.context["form"].errors


@pytest.mark.parametrize("of", ["", "x", "0", "99999999999999999999", "-1"])
def test_school_that_is_not_there_is_not_found(client, of):
    assert client.get(NEW, {"for_school": of}).status_code == 404


def test_ending_goes_back_to_the_district(client, mixed, birch):
    page = client.get(NEW, sent(birch))
    client.post(SAVE, dict(page.context["kept"]))
    page = client.get(NEW, sent(birch, method=""))
    answer = client.post(SAVE, dict(page.context["kept"]), follow=True)
    assert MasteryPolicy.objects.latest("pk").method == ""
    assert not [row for row in answer.context["now"] if row["policy"].school]
    assert "as the district decides" in answer.text
    again = client.post(SAVE, dict(page.context["kept"]))
    assert again.status_code == 409


def test_one_framework_is_left_to_the_district_where_the_school_has_a_way_of_its_own_for_all(client, mixed, birch):
    framework = mixed.standards[0].framework
    line(birch).save(force_insert=True)
    of_it = sent(birch, method="", framework=framework.pk)
    page = client.get(NEW, of_it)
    assert {(row.before, row.after) for row in page.context["rows"]} == {(4, 2)}
    assert "As in the school’s other frameworks" not in page.text
    answer = client.post(SAVE, dict(page.context["kept"]), follow=True)
    assert f"Birch: {framework.title}" in answer.text
    assert "as the district decides" in answer.text
    found = Policies(birch.district_id)
    assert [found.on(one, in_days(0), school_id=birch.pk).school_id for one in (framework.pk, None)] == [None, birch.pk]
    again = client.post(SAVE, dict(page.context["kept"]))
    assert (again.status_code, "in force on" in again.text) == (409, True)
    back = client.get(NEW, sent(birch, method="school", framework=framework.pk))
    assert "As in the school’s other frameworks" in back.text
    client.post(SAVE, dict(back.context["kept"]))
    assert Policies(birch.district_id).on(framework.pk, in_days(0), school_id=birch.pk).school_id == birch.pk
    refused = client.get(NEW, sent(birch, method="school"))
    assert "Say for which framework" in refused.context["form"].errors["framework"][0]


def test_one_framework_is_left_to_the_district_ahead_of_a_line_for_all_and_not_where_it_decides_anyway(
    client, mixed, birch
):
    of_it = sent(birch, method="", framework=mixed.standards[0].framework_id)
    refused = client.post(SAVE, without(of_it, "try"))
    assert (refused.status_code, "in force on" in refused.text) == (409, True)
    line(birch, starts_on=in_days(9)).save(force_insert=True)
    assert client.post(SAVE, without(of_it, "try")).status_code == 302
    assert Policies(birch.district_id).on(None, in_days(9), school_id=birch.pk).school_id == birch.pk
    assert (
        Policies(birch.district_id).on(mixed.standards[0].framework_id, in_days(9), school_id=birch.pk).school_id
        is None
    )


def test_line_for_a_day_with_fewer_levels_is_written_on_the_levels_of_that_day(client, mixed, birch):
    fewer = {"cuts": [0.5, 0.8], "level_words": ["Not yet", "Nearly", "Met"], "mastery_level": 2}
    MasteryPolicy.objects.create(district=birch.district, starts_on=in_days(10), **fewer)
    then = {"starts_on": in_days(12).isoformat(), "cut_2": "20", "cut_3": "95"}
    drawn_for_today = client.get(NEW, sent(birch, **then))
    [said] = drawn_for_today.context["form"].non_field_errors()
    assert (drawn_for_today.status_code, "number of levels (3)" in said, "That is the number on" in said) == (422, 1, 1)
    assert [row["said"] for row in drawn_for_today.context["form"].levels()] == ["Not yet", "Nearly", "Met"]
    page = client.get(NEW, without(sent(birch, **then), "cut_4"))
    rows = {(row.before_word, row.after_word) for row in page.context["rows"]}
    assert rows == {("Nearly", "Met"), ("Not yet", "Nearly")}, "as of that day, on its levels"
    assert "another number of levels by then" in page.text
    assert client.post(SAVE, dict(page.context["kept"])).status_code == 302
    found = Policies(birch.district_id)
    assert [found.on(None, in_days(n), school_id=birch.pk).school_id for n in (11, 12)] == [None, birch.pk]
    for_today = client.get(NEW, without(sent(birch, **then), "cut_4") | {"starts_on": in_days(0).isoformat()})
    assert "Say at how many percent level 4 begins." in for_today.context["form"].errors["cut_4"]


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"method": "mean"}, 409, "Method: “Newest counts most, 65 %” is now “Mean of all”."),
        (
            {"cuts": [0.5, 0.8], "mastery_level": 2},
            422,
            "is now “1 Starting, 2 Building from 50 %, 3 Secure from 80 %”",
        ),
    ],
    ids=["method", "levels"],
)
def test_district_that_changes_under_an_open_form_is_told_at_saving(client, birch, changes, status, told):
    drawn_at = client.get(NEW, {"for_school": birch.pk}).context["form"]["drawn_at"].value()
    kept = dict(client.get(NEW, sent(birch, drawn_at=drawn_at)).context["kept"])
    MasteryPolicy.objects.create(district=birch.district, starts_on=in_days(0), **changes)
    answer = client.post(SAVE, kept)
    form = answer.context["form"]
    said = " ".join(form.non_field_errors())
    assert (answer.status_code, told in said, "Look again before you save" in said) == (status, True, True)
    assert (form["why"].value(), form["cut_2"].value(), form["method"].value()) == ("Agreed in May", "20", "highest")
    assert not MasteryPolicy.objects.exclude(school=None).exists()
    typed = without(sent(birch, drawn_at=form["drawn_at"].value()), *(["cut_4"] if status == 422 else []))
    again = client.get(NEW, typed)
    assert client.post(SAVE, dict(again.context["kept"])).status_code == 302


def test_what_rests_says_so(client, birch):
    line(birch).save(force_insert=True)
    MasteryPolicy.objects.create(district=birch.district, starts_on=in_days(0), cuts=[0.5, 0.8], mastery_level=2)
    assert "It was written for 4 levels, the scale has 3" in client.get(POLICY).text


def test_principal_tries_for_the_own_school_alone(mixed, birch, as_account):
    here = mixed.section.roster.school
    line(birch).save(force_insert=True)
    client = with_fresh_code(as_account(make_school_admin(here)))
    assert "Birch" not in client.get(POLICY).text
    assert {row.learner for row in client.get(NEW, sent(here)).context["rows"]} == set(mixed.learners[:2])
    assert client.get(NEW, {"for_school": birch.pk}).status_code == 404
    assert client.post(SAVE, sent(here)).status_code == 404


def test_whole_policy_of_a_day_says_what_a_school_has_of_its_own(client, birch):
    line(birch, starts_on=in_days(-3)).save(force_insert=True)
    line(birch, method="", starts_on=in_days(4)).save(force_insert=True)
    today = reverse("policy_today")
    levels = client.get(today, {"school": birch.pk}).context["lines"][0]
    assert (levels.said.of, levels.said.since) == ("Birch", in_days(-3))
    assert levels.said.value.startswith("Highest; 1 Starting")
    [(name, planned)] = levels.planned
    assert (name, planned.value) == ("Birch", "as the district decides")
    above = client.get(today).context["lines"][0]
    assert [name for name, _said in above.others] == ["Birch"]
    assert above.said.of == "as LRM comes"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_school_gets_its_own_way_by_keys(page, live_server, mixed, birch):
    """One visit: looked at wide and on a phone, walked by keys, axe and troubles heard."""
    heard = troubles(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, make_district_admin(birch.district))
    page.goto(live_server.url + POLICY)
    page.get_by_label("School", exact=True).select_option("Birch")
    page.get_by_role("button", name="Write for this school").press("Enter")
    page.get_by_role("radio", name="As the district decides").press(" ")
    expect(page.get_by_label("Level 2 begins at, %")).to_be_hidden()
    page.get_by_role("radio", name="Highest").press(" ")
    page.get_by_label("Level 3 begins at, %").fill("45")
    page.get_by_role("button", name="See who would change").press("Enter")
    expect(page.get_by_role("heading", name="It would change levels of 1 of 1 student")).to_be_visible()
    assert faults_of_look(page) == []
    pictures(page, "school-policy-tried")
    page.get_by_role("button", name="Save, begin").press("Enter")
    expect(page.get_by_role("heading", name="Birch: all frameworks")).to_be_visible()
    assert faults_of_look(page) == []
    pictures(page, "school-policy")
    assert heard == []
    assert MasteryPolicy._base_manager.get().school == School.objects.get(name="Birch")
