"""What is applied is what was previewed, over rosters drawn at random; and an undo goes back to where it began."""

import os
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Enrollment, Learner, RosterImport, Section
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import import undoing
from profiles.services.roster_import.applying import import_roster
from profiles.services.roster_import.digest import digest_of
from profiles.services.roster_import.planning import plan_import
from profiles.services.roster_import.previewing import preview_of
from tests.factories.profiles import make_district
from tests.profiles.oneroster.packages import zipped
from tests.profiles.roster_import.generated import MOMENT, bulk, changed_roster, delta, roster_of
from tests.profiles.roster_import.test_importing import everything

pytestmark = [pytest.mark.django_db, pytest.mark.laws, pytest.mark.timeout(3600)]
ROSTERS = 1000 if os.environ.get("LRM_LAWS") else 8


def state(district):
    """What a person would call the roster, without primary keys."""
    return {
        "learners": sorted(
            Learner.objects.filter(district=district, left_on=None).values_list(
                "key", "given_name", "grade", "account__key", "account__email"
            ),
            key=str,
        ),
        "sections": sorted(
            Section.objects.filter(district=district, archived_at=None).values_list("key", "title", "roster__title")
        ),
        "places": sorted(
            Enrollment.objects.filter(roster__district=district)
            .on(timezone.localdate())
            .values_list("key", "roster__key", "learner__key", "account__key", "role", "ends_on"),
            key=str,
        ),
    }


def step(district, files):
    """Preview, apply, and hold one against the other; what the preview said has become true, row for row."""
    seen = plan_import(read_roster(zipped(files)), district=district, today=timezone.localdate())
    before, preview = everything(), preview_of(seen)
    assert everything() == before, "a preview writes nothing"
    assert seen.roster.blocking == []
    done = import_roster(
        read_roster(zipped(files)), district=district, expect=digest_of(seen), release_brake=True, name="generated"
    )
    assert preview_of(done) == preview
    for name, wishes in seen.writes.items():
        stored = plan_import(read_roster(zipped(files)), district=district, today=timezone.localdate()).stored[name]
        for wish in wishes:
            kept = stored[wish.key].values
            assert {column: kept[column] for column in wish.values} == wish.values
    assert import_roster(read_roster(zipped(files)), district=district).is_unchanged, "and nothing twice"


@pytest.mark.parametrize("seed", range(ROSTERS))
def test_applied_equals_previewed_and_undo_goes_back(seed):
    random = Random(seed)
    first = roster_of(random)
    second = changed_roster(random, first)
    third = changed_roster(random, second)
    district = make_district()
    with district_scope(district.pk):
        step(district, bulk(first))
        step(district, bulk(second))
        before = everything()
        count = RosterImport.objects.count()
        step(district, delta(second, third, MOMENT))
        by_delta = state(district)
        if RosterImport.objects.count() > count:
            undoing.undo(RosterImport.objects.order_by("-pk")[0], by=None)
        assert everything() == before
        step(district, bulk(third))
        assert state(district) == by_delta
        change_by_hand(random, district)
        before, count = everything(), RosterImport.objects.count()
        step(district, bulk(third))
        assert state(district) == by_delta, "what a complete file says stands, whatever was done by hand to its places"
        if RosterImport.objects.count() > count:
            undoing.undo(RosterImport.objects.order_by("-pk")[0], by=None)
        assert everything() == before


def change_by_hand(random, district):
    """Some places end, and some of those begin again, as a school does it on its class list."""
    today = timezone.localdate()
    open_ones = Enrollment.objects.filter(roster__district=district, ends_on=None, role="learner")
    for row in [row for row in open_ones.order_by("pk") if random.random() < 0.4]:
        Enrollment.objects.filter(pk=row.pk).update(ends_on=today - timedelta(days=3))
        if random.random() < 0.6:
            again = {"roster_id": row.roster_id, "learner_id": row.learner_id, "role": row.role}
            Enrollment.objects.create(**again, starts_on=today - timedelta(days=random.randrange(3)))
