"""School-wide mastery: figures from rollups, lists from mastery, files of both."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from assessments.models import Mastery, MasteryPolicy, Rollup, RollupDelta
from assessments.models.rollup import ScopeKind
from assessments.services import rollups
from assessments.services.school_counts import Tally
from profiles.models import AccessLog
from tests.assessments.school_place import URL, before, figures, publish_both, rows_of
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import give_levels, learners_of
from tests.factories.standards import make_standard

pytestmark = pytest.mark.django_db


def test_page_before_any_result_says_how_it_fills(principal):
    assert "It fills as soon as teachers enter" in principal.get(URL).content.decode()


def test_real_results_show_pending_and_folded_alike(place, principal):
    section = place.teach(place.school, 3)
    assessment = make_assessment(section, [place.first, place.second])
    ana, ben, _cem = learners_of(section)
    for learner, standard, level in ((ana, place.first, 4), (ben, place.first, 2), (ana, place.second, 3)):
        give(assessment, learner, standard, level)
    work_off()
    assert RollupDelta.objects.exists()

    pending = figures(principal.get(URL))
    assert rollups.fold()
    folded = figures(principal.get(URL))

    # Three learners x two standards in use are six places; two of three results are 3 or 4.
    assert pending == {name: {"Fractions": (67, 3, 3)} for name in ("Alder Creek", "Grade 5")}
    assert folded == pending


def test_counts_never_come_from_mastery_or_the_ledger(place, principal):
    section = place.teach(place.school, 4)
    give_levels(learners_of(section), place.standards, counted=True)
    before = figures(principal.get(URL))
    Mastery._base_manager.all().delete()

    assert figures(principal.get(URL)) == before


def test_grade_shows_its_classes_and_a_class_itself(place, principal):
    section = place.teach(place.school, 4, title="5 Maple Math")
    give_levels(learners_of(section), [place.first], counted=True)
    for level, n in ((1, 1), (4, 3)):
        key = {"kind": ScopeKind.ROSTER, "scope_id": section.roster_id, "grade": "05", "level": level}
        Rollup.objects.create(standard_id=place.first.pk, n=n, **key)

    by_grade = figures(principal.get(URL, {"grade": "05"}))
    by_class = figures(principal.get(URL, {"section": section.pk}))

    assert by_grade["5 Maple Math"] == {"Fractions": (75, 4, 0)}
    assert by_class["5 Maple Math"] == by_grade["5 Maple Math"]


def test_domains_called_the_same_are_one_column_over_the_grades(place, principal):
    give_levels(learners_of(place.teach(place.school, 2)), [place.first], counted=True)
    fourth = make_standard(place.framework, code="4.NF", short_title="Fractions", is_leaf=False)
    below = make_standard(place.framework, domain=fourth)
    Rollup.objects.create(
        kind=ScopeKind.SCHOOL, scope_id=place.school.pk, grade="04", standard_id=below.pk, level=3, n=5
    )

    assert list(figures(principal.get(URL))["Alder Creek"]) == ["Fractions"]


def test_two_clicks_lead_to_the_list_and_the_list_is_noted(place, principal):
    section = place.teach(place.school, 4)
    learners = learners_of(section)
    give_levels(learners, [place.first], counted=True)
    low = [learner.pk for row, learner in enumerate(learners) if 1 + row * 7 % 4 < 3]
    principal.get(URL, {"at": place.at("g05")})
    assert not AccessLog._base_manager.exists()

    page = principal.get(URL, {"at": place.at("g05", place.first)})

    assert sorted(row.learner.pk for row in page.context["learners"]) == low
    assert [sorted(row.learner_ids) for row in AccessLog._base_manager.all()] == [low]


def test_panel_alone_answers_htmx(place, principal):
    give_levels(learners_of(place.teach(place.school, 2)), [place.first], counted=True)

    fragment = principal.get(URL, {"at": place.at("g05")}, headers={"hx-request": "true"}).content.decode()

    assert fragment.lstrip().startswith('<div class="panel-body">')


@pytest.mark.parametrize(
    "query", [{"school": "999999"}, {"subject": "x"}, {"at": "s1"}, {"at": "g05.1-1.1"}, {"section": "7"}]
)
def test_what_is_not_there_is_404(place, principal, query):
    give_levels(learners_of(place.teach(place.school, 2)), [place.first], counted=True)

    assert principal.get(URL, query).status_code == 404


def test_other_school_is_no_choice_of_a_principal(place, principal):
    place.teach(place.school, 1)

    assert principal.get(URL, {"school": place.other.pk}).status_code == 404


def test_district_reads_every_school_exactly(place, district_admin):
    give_levels(learners_of(place.teach(place.school, 4)), [place.first], counted=True)
    give_levels(learners_of(place.teach(place.other, 2)), [place.first], counted=True)

    found = figures(district_admin.get(URL))

    assert {name: row["Fractions"][1] for name, row in found.items()} == {
        "Both schools": 6,
        "Alder Creek": 4,
        "Birchwood": 2,
    }
    assert district_admin.get(URL).context["published"] is None


def test_a_figure_is_sent_without_the_indentation_of_its_place(place, district_admin):
    """A district of 125 schools has hundreds on its page; each took a kilobyte more with that of the template."""
    give_levels(learners_of(place.teach(place.school, 4)), place.standards, counted=True)
    page = district_admin.get(URL).content.decode()
    cells = re.findall(r'<a class="share-cell".*?</a>', page, re.DOTALL)
    assert cells
    assert max(re.findall(r" +", "".join(cells)), key=len) <= " " * 8
    assert len(max(cells, key=len)) < 1100


def test_csv_holds_what_the_page_shows(place, principal):
    publish_both(place, 60, 6)
    page = figures(principal.get(URL))

    rows = rows_of(principal.get(reverse("school_csv")))

    share, results, missing = page["Alder Creek"]["Fractions"]
    own = next(row for row in rows if row["Row"] == "Alder Creek")
    assert (own["Secure or more, %"], own["Results"], own["Left out"]) == (str(share), str(results), str(missing))
    assert next(row for row in rows if row["Row"] == "Birchwood")["Secure or more, %"] == "hidden (n < 10)"


def test_list_as_csv_escapes_formulas_and_notes_the_look(place, principal):
    section = place.teach(place.school, 1)
    (learner,) = learners_of(section)
    type(learner)._base_manager.filter(pk=learner.pk).update(given_name="=1+1")
    give_levels([learner], [place.first], counted=True)

    (row,) = rows_of(principal.get(reverse("school_list_csv"), {"at": place.at("g05", place.first)}))

    assert row["Student"].startswith("'=1+1")
    assert [list(looked.learner_ids) for looked in AccessLog._base_manager.all()] == [[learner.pk]]


def test_of_a_long_list_those_are_noted_who_stand_on_the_page_and_all_of_its_file(place, principal, monkeypatch):
    monkeypatch.setattr("assessments.views.school.MOST_LISTED", 2)
    learners = learners_of(place.teach(place.school, 6))
    give_levels(learners, [place.first], counted=True)
    asked = {"at": place.at("g05", place.first)}
    page = principal.get(URL, asked)
    rows_of(principal.get(reverse("school_list_csv"), asked))

    shown = [row.learner.pk for row in page.context["learners"]]
    assert (len(shown), page.context["found"], page.context["more"]) == (2, 3, 1)
    on_page, in_file = (set(looked.learner_ids) for looked in AccessLog._base_manager.order_by("pk"))
    assert on_page == set(shown)
    assert on_page < in_file
    assert len(in_file) == 3


def test_words_are_those_of_the_policy(place, principal):
    give_levels(learners_of(place.teach(place.school, 3)), [place.first], counted=True)
    words = {"cuts": [0.4, 0.7], "level_words": ["Seed", "Plant", "Tree"], "mastery_level": 2}
    MasteryPolicy.objects.create(district=place.school.district, starts_on=before(1), **words)

    page = principal.get(URL)

    assert page.context["counted"] == {
        "word": "Plant or more",
        "levels": [(2, "Plant"), (3, "Tree")],
        "bar": ["Tree", "Plant", "Seed"],
    }
    text = page.content.decode()
    assert [word for word in ("Secure", "Extending", "Building", "Starting") if word in text] == []
    assert "Plant or more, %" in rows_of(principal.get(reverse("school_csv")))[0]


def test_places_never_fall_below_the_results():
    tally = Tally(Counter({3: 5}), places=2)

    assert (tally.left_out, tally.share(3)) == (0, 100)
