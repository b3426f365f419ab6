"""Every route x every persona x every place x every verb, against expectations written by hand.

One walk serves all tests here: it is kept for the process, and these tests share an xdist group.
"""

from collections.abc import Sequence
from contextlib import nullcontext

import pytest

from tests.lrm.conftest import Walk
from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_expectations.people import ANYONE, READERS
from tests.lrm.matrix_offers import forms_without_token, refused_offers
from tests.lrm.matrix_places import PLACES, person_word
from tests.lrm.matrix_rights import RIGHTS, faults_of_right, right_of, rights
from tests.lrm.matrix_rows import GET, VERBS
from tests.lrm.matrix_walk import ALLOWED, CROSSED, REFUSED, Case, Walker, faults, route_of
from tests.routes import routes

# django_db makes pytest-django build the database; the scene itself lives in a transaction around the module.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix"), pytest.mark.timeout(1200)]

# Standards are readable all over their district, where the scope alone already keeps other districts out; so for
# these the mutant is a queryset without even the scope. So it is with what the office of a district keeps.
WHOLE_DISTRICT = {
    "CarryOverQuerySet",
    "DeviceQuerySet",
    "ErasureQuerySet",
    "FrameworkQuerySet",
    "IntegrationQuerySet",
    "JobQuerySet",
    "RosterImportQuerySet",
    "StandardQuerySet",
    "SubgroupQuerySet",
    "WebhookQuerySet",
}


# Rights behind which, or before which, another one stands on every route; a walk of the routes cannot miss them.
SECOND_NETS = {
    "AssessmentQuerySet.visible_to",
    "ConferenceStaffNotesQuerySet.visible_to",
    "MasteryQuerySet.visible_to",
    "MessageQuerySet.visible_to",
    "OpeningQuerySet.visible_to",
    "PathQuerySet.visible_to",
    "PeerMatchQuerySet.visible_to",
    "PeerNoteQuerySet.visible_to",
    "PlaceQuerySet.editable_by",
    "PollQuerySet.asking",
    "ProfileEntryQuerySet.visible_to",
    "RosterActQuerySet.visible_to",
    "SharedMomentQuerySet.visible_to",
    "ShownAtHomeQuerySet.visible_to",
    "StaffNoteQuerySet.visible_to",
    "StepProposalQuerySet.visible_to",
    "StepQuerySet.visible_to",
    "SuggestionMarkQuerySet.visible_to",
    "SupportQuerySet.visible_to",
    "TalkPointQuerySet.visible_to",
    "TryPlaceQuerySet.visible_to",
    "TryRequestQuerySet.of",
}


def test_every_route_has_an_expectation():
    missing = sorted({route.name for route in routes()} - {route_of(key) for key in EXPECTATIONS})
    lines = "\n".join(f'    "{name}": at(SECTION_STAFF, GET, pk="section"),' for name in missing)
    assert missing == [], (
        "Say in tests/lrm/matrix_expectations/ who may use these routes, such as the lines below; "
        f"docs/access.md says how to choose.\n{lines}"
    )


def test_every_expectation_is_of_a_route_that_exists():
    assert sorted({route_of(key) for key in EXPECTATIONS} - {route.name for route in routes()}) == []


def test_expectations_name_people_and_places_that_exist(walker: Walker):
    people = set(walker.scene.people)
    assert people == ANYONE
    assert set(READERS) == set(PLACES)
    for route, row in EXPECTATIONS.items():
        assert row.personas() <= people, route
        assert all(set(places) <= set(PLACES) for places in row.verbs.values()), route


def test_every_persona_meets_what_the_table_says(walk: Walk):
    found = [fault for visit in walk.visits for fault in faults(visit)]
    assert found == [], f"{len(found)} of {len(walk.visits)} answers are not as expected"


def test_no_page_offers_what_is_refused_to_its_reader(walk: Walk):
    assert refused_offers(walk.visits, EXPECTATIONS) == []


def test_every_form_that_sends_carries_its_token(walk: Walk):
    assert forms_without_token(walk.visits) == []


def test_the_walk_covers_strangers_neighbours_and_other_schools(walk: Walk):
    assert {visit.case.persona for visit in walk.visits} == ANYONE
    assert {visit.case.verb for visit in walk.visits} == set(VERBS)
    assert {visit.case.place for visit in walk.visits} == set(PLACES)


def test_what_is_hidden_exists_and_is_read_by_somebody(walk: Walk):
    markup = "".join(visit.markup for visit in walk.visits)
    assert [place for place in PLACES if person_word(place) not in markup] == []


@pytest.mark.parametrize(("key", "verb"), [(key, min(row.verbs)) for key, row in EXPECTATIONS.items() if row.scoped])
def test_a_route_about_learners_without_a_scope_raises(key: str, verb: str, walker: Walker, monkeypatch):
    monkeypatch.setattr("lrm.middleware.scope.district_scope", lambda district_id: nullcontext())
    row = EXPECTATIONS[key]
    place = next(place for place in PLACES if row.verbs[verb].get(place))
    persona = min(row.verbs[verb][place])
    visit = walker.visit(Case(route_of(key), row, persona, place, verb, ALLOWED))
    assert visit.error.startswith("UnscopedQuery("), (
        f"{verb} as {persona} answered {visit.status} {visit.error}. If this route reads nothing about learners, "
        "say scoped=False in its expectation."
    )


def test_every_right_has_a_table():
    missing = {f"{queryset.__name__}.{name}" for queryset, name in rights()} - {right_of(key) for key in RIGHTS}
    assert sorted(missing) == [], "Say in tests/lrm/matrix_rights.py who gets which rows."


@pytest.mark.parametrize("key", RIGHTS)
def test_a_right_answers_the_rows_of_its_table(key: str, walker: Walker):
    assert faults_of_right(key, walker.scene) == []


@pytest.mark.parametrize(("queryset", "name"), rights(), ids=lambda part: getattr(part, "__name__", part))
def test_a_right_that_answers_all_rows_fails_the_matrix(
    queryset: type, name: str, walk: Walk, walker: Walker, monkeypatch
):
    def all_rows(self, account, **arguments):
        if queryset.__name__ in WHOLE_DISTRICT:
            return queryset(model=self.model, using=self._db)
        return self.all()

    monkeypatch.setattr(queryset, name, all_rows)
    right = f"{queryset.__name__}.{name}"
    lines = [key for key in RIGHTS if right_of(key) == right]
    assert any(faults_of_right(key, walker.scene) for key in lines)
    if right not in SECOND_NETS:
        # A case that never asked for the right cannot notice that it answers something else.
        assert first_fault(walker, walk.askers[right], {RIGHTS[key][0] for key in lines}) is not None, (
            f"{right} can be replaced by all() and no route notices: either no route uses it, or the expectations do "
            "not tell the places apart. If another right always stands before it, name it in SECOND_NETS."
        )


def first_fault(walker: Walker, askers: Sequence[Case], nouns: set[str]) -> str | None:
    """The first fault that a walk of these cases finds, likeliest first: routes of these things, and whoever may be
    there.
    """

    def likelihood(case: Case) -> tuple[bool, bool, bool, bool]:
        has_rights = case.persona in case.row.personas()
        is_about = bool(nouns.intersection(noun for noun in case.row.ids.values() if isinstance(noun, str)))
        return not is_about, not has_rights, case.expected not in (REFUSED, CROSSED), case.verb != GET

    for case in sorted(askers, key=likelihood):
        found = faults(walker.visit(case))
        if found:
            return found[0]
    return None
