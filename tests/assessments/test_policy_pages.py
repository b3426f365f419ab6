"""Pages of the policy: what is in force, what a new version would change, saving it, taking it back."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import MasteryPolicy, StaleMark
from assessments.views import policy_trial
from profiles.models import AccessLog
from tests.assessments.policy_place import in_days, policy_for, rows_everywhere, today
from tests.factories.profiles import make_district_admin, make_school, make_school_admin
from tests.factories.standards import make_framework
from tests.fresh_code import with_fresh_code

NEW, SAVE = reverse("policy_new"), reverse("policy_save")


@pytest.fixture
def client(marked, as_account):
    office = make_district_admin(marked.section.district, given_name="Noor", family_name="Haddad")
    return with_fresh_code(as_account(office))


def sent(**changes):
    return {
        "try": "1",
        "starts_on": in_days(10).isoformat(),
        "method": "highest",
        "newest_weight": "65",
        "word_1": "Starting",
        "word_2": "Building",
        "cut_2": "40",
        "word_3": "Secure",
        "cut_3": "65",
        "word_4": "Extending",
        "cut_4": "85",
        "mastery_level": "3",
        "minimum_n": "10",
    } | changes


def test_page_without_any_policy_says_what_counts(client):
    text = client.get(reverse("policy")).content.decode()
    assert "Newest counts most, 65 %" in text
    assert "As LRM comes" in text
    assert "1 Starting, 2 Building from 40 %, 3 Secure from 65 %, 4 Extending from 85 %" in text


def test_form_is_filled_with_what_is_in_force(client, marked):
    policy_for(marked, starts_on=in_days(-5), method="mean", cuts=[0.5, 0.625], level_words=["A", "B", "C"]).save()
    form = client.get(NEW).context["form"]
    assert form["method"].value() == "mean"
    assert [(row["word"].value(), row["cut"] and row["cut"].value()) for row in form.levels()] == [
        ("A", None),
        ("B", "50"),
        ("C", "62.5"),
        (None, None),
    ]


def test_trial_lists_students_and_saves_nothing_but_the_look(client, marked):
    ana, ben, _cam = marked.learners
    client.get(reverse("policy"))
    before = rows_everywhere()
    page = client.get(NEW, sent())
    after = rows_everywhere()
    assert after.pop("profiles.AccessLog") == before.pop("profiles.AccessLog") + 1
    assert after == before
    assert list(AccessLog._base_manager.get().learner_ids) == sorted([ana.pk, ben.pk])
    text = page.content.decode()
    assert "It would change levels of 2 of 3 students" in text
    assert "Met now: 2, then: 3." in text
    assert page.context["difference"] == [("Method", "Highest; now: Newest counts most, 65 %")]
    assert [(row.learner.pk, row.before, row.before_word, row.after) for row in page.context["rows"]] == [
        (ana.pk, 2, "Building", 4),
        (ben.pk, 3, "Secure", 4),
    ]


def test_trial_without_a_change_says_so(client):
    text = client.get(NEW, sent(method="decaying")).text
    assert ("It would change no level of 3 students" in text, "It says what counts already." in text) == (True, True)


def test_trial_of_a_district_goes_on_where_the_last_part_ended(client, monkeypatch):
    monkeypatch.setattr("assessments.services.policy_preview.LEARNERS_A_BLOCK", 1)
    monkeypatch.setattr(policy_trial, "PART_SECONDS", 0)
    page, listed, asked = client.get(NEW, sent()), [], 0
    while True:
        listed += [row.learner.pk for row in page.context["rows"]]
        if page.context["is_end"]:
            break
        asked += 1
        page = client.get(page.context["next_url"], headers={"HX-Request": "true"})
    assert asked == 3
    assert len(listed) == 2
    assert page.context["figures"].students == 3
    assert "It would change levels of 2 of 3 students" in page.content.decode()


def test_list_as_a_file_holds_every_change(client, marked):
    answer = client.get(reverse("policy_csv"), sent())
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["Student"], row["Level now"], row["Word now"], row["Level then"]) for row in rows] == [
        ("Learner 01 Ruiz", "2", "Building", "4"),
        ("Learner 02 Ruiz", "3", "Secure", "4"),
    ]
    assert list(AccessLog._base_manager.get().learner_ids) == sorted(one.pk for one in marked.learners[:2])


def test_file_of_a_large_district_asks_for_a_school(client, monkeypatch):
    monkeypatch.setattr(policy_trial, "MOST_IN_FILE", 2)
    answer = client.get(reverse("policy_csv"), sent())
    assert (answer.status_code, "Choose a school first" in answer.content.decode()) == (400, True)
    assert "For the list as a file choose a school" in client.get(NEW, sent()).content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"starts_on": "2020-01-01"}, "starts_on", "This day is over"),
        ({"starts_on": "soon"}, "starts_on", "valid date"),
        ({"method": "magic"}, "method", "magic"),
        ({"method": "decaying", "newest_weight": ""}, "newest_weight", "needs a number"),
        ({"newest_weight": "40"}, "newest_weight", "50"),
        ({"cut_3": "30"}, "cut_3", "Level 3 begins above 40 % and below 100 %."),
        ({"cut_3": ""}, "cut_3", "Say at how many percent level 3 begins."),
        ({"word_2": ""}, "word_2", "Level 2 needs a word."),
        ({"word_4": "", "cut_4": "", "mastery_level": "4"}, "mastery_level", "ends at level 3"),
        ({"framework": "999999"}, "framework", "valid choice"),
        ({"minimum_n": "2"}, "minimum_n", "5"),
    ],
)
def test_wrong_input_is_said_at_its_field_and_nothing_is_saved(client, changes, field, said):
    for answer in (client.get(NEW, sent(**changes)), client.post(SAVE, sent(**changes))):
        assert answer.status_code == 422
        assert said in " ".join(answer.context["form"].errors[field])
    assert client.get(reverse("policy_csv"), sent(**changes)).status_code == 400
    assert not MasteryPolicy.objects.exists()


def test_saved_version_waits_for_its_day_and_is_withdrawn_and_put_back(client):
    page = client.post(SAVE, sent(), follow=True).content.decode()
    version = MasteryPolicy.objects.get()
    assert (version.method, version.created_by.family_name, version.level_words) == ("highest", "Haddad", [])
    assert "until then you can withdraw it" in page
    assert StaleMark.objects.filter(due_at__gt=timezone.now() + timedelta(days=8)).count() == 3
    url = reverse("policy_withdraw", args=[version.pk])
    assert "Put back" in client.post(url, {"act": "withdraw"}, follow=True).content.decode()
    assert "Somebody else did that first" in client.post(url, {"act": "withdraw"}, follow=True).content.decode()
    assert "Put back. It begins" in client.post(url, {"act": "restore"}, follow=True).content.decode()


def test_second_version_of_a_day_is_refused_with_what_was_typed(client):
    client.post(SAVE, sent())
    answer = client.post(SAVE, sent(method="mean", word_1="Seed"))
    assert answer.status_code == 409
    assert "Another version begins on" in answer.content.decode()
    assert answer.context["form"]["word_1"].value() == "Seed"
    assert MasteryPolicy.objects.count() == 1


def test_version_that_was_saved_meanwhile_is_not_replaced_unseen(client):
    drawn_at = client.get(NEW).context["form"]["drawn_at"].value()
    client.post(SAVE, sent(starts_on=today().isoformat()))
    mine = sent(starts_on=today().isoformat(), method="mean", drawn_at=drawn_at)

    answer = client.post(SAVE, mine)

    text = answer.content.decode()
    assert (answer.status_code, "Somebody else saved a version while you worked" in text) == (409, True)
    assert [policy.method for policy in MasteryPolicy.objects.all()] == ["highest"]
    told = client.post(SAVE, mine | {"drawn_at": answer.context["form"]["drawn_at"].value()})
    assert (told.status_code, MasteryPolicy.objects.count()) == (302, 2)


def test_story_names_every_version_and_how_it_ended(client, marked):
    for days, method in ((-30, "mean"), (-20, "latest"), (-20, "mode")):
        policy_for(marked, starts_on=in_days(days), method=method).save()
    page = client.get(reverse("policy"))
    assert [row["policy"].method for row in page.context["now"]] == ["mode"]
    assert [(row["policy"].method, row["until"]) for row in page.context["past"]] == [
        ("latest", in_days(-20)),
        ("mean", in_days(-20)),
    ]
    assert "replaced the same day" in page.content.decode()


def test_what_is_in_force_stands_from_the_whole_district_to_a_school(client, marked):
    district, school = marked.section.district, marked.learners[0].home_school
    policy_for(marked, starts_on=in_days(-5), method="mean").save()
    line = {"district": district, "school": school, "cuts": [0.4, 0.65, 0.85], "method": "highest"}
    MasteryPolicy.objects.create(starts_on=in_days(-4), **line)
    for title in ("Zoology", "Algebra"):
        policy_for(marked, framework=make_framework(district, title=title), starts_on=in_days(-3)).save()
    whose = [row["whose"] for row in client.get(reverse("policy")).context["now"]]
    assert whose == ["all frameworks", "Algebra", "Zoology", f"{school.name}: all frameworks"]


def test_principal_tries_for_the_own_school_and_saves_nothing(marked, as_account):
    principal = as_account(make_school_admin(marked.learners[0].home_school))
    page = principal.get(NEW, sent())
    assert page.context["figures"].changed == 2
    assert "Save, begin" not in page.content.decode()
    assert principal.post(SAVE, sent()).status_code == 404
    away = make_school(marked.section.district)
    assert principal.get(NEW, sent(school=away.pk)).status_code == 422
    elsewhere = as_account(make_school_admin(away))
    assert elsewhere.get(NEW, sent()).context["figures"].students == 0


def test_rule_of_a_standard_above_others_is_asked_for_and_said(client, marked):
    answer = client.post(SAVE, sent(starts_on=today().isoformat(), parent_rule="met", parent_share="80"))
    assert answer.status_code == 302
    policy = MasteryPolicy.objects.get(parent_rule="met")
    assert float(policy.parent_share) == 0.8
    assert "whether 80 % of the standards below it are met" in client.get(reverse("policy")).content.decode()
    form = client.get(NEW).context["form"]
    assert (form["parent_rule"].value(), form["parent_share"].value()) == ("met", 80)
    refused = client.get(NEW, sent(parent_rule="met", parent_share=""))
    assert "This rule needs a number here." in refused.content.decode()
