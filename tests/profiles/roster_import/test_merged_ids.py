"""A roster file after two rows of one child were made one: it may name either id, or both."""

from uuid import uuid4

import pytest
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Enrollment, Learner
from profiles.oneroster.package import Options
from profiles.oneroster.reader import read_roster
from profiles.services import merging
from profiles.services.roster_import.applying import import_roster
from tests.factories.profiles import make_district, make_district_admin
from tests.profiles.oneroster.packages import V1P1, V1P2, changed, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        yield district


def load(district, files):
    read = read_roster(zipped(files), options=Options())
    return import_roster(read, district=district, release_brake=True)


def without(files, *beginnings):
    """Without the lines that begin so."""
    return {
        name: "\n".join(line for line in text.split("\n") if not line.startswith(beginnings))
        for name, text in files.items()
    }


def open_end(files):
    return changed(files, "enrollments.csv", "2026-08-24,2026-12-18", "2026-08-24,")


def here():
    return list(Learner.objects.filter(left_on=None).order_by("pk").values_list("key", flat=True))


def on_lists():
    rows = Enrollment.objects.on(timezone.localdate()).of_learners()
    return sorted(rows.values_list("learner__key", "roster__key"))


@pytest.fixture(params=[V1P1, V1P2], ids=["1.1", "1.2"])
def merged(request, district):
    """The files, after u3 has become part of u2."""
    files = open_end(request.param)
    load(district, files)
    kept, other = Learner.objects.get(key="u2"), Learner.objects.get(key="u3")
    merging.merge(kept=kept, merged=other, by=make_district_admin(district), uuid=uuid4())
    assert (here(), on_lists()) == (["u2"], [("u2", "k1")])
    return files


def test_file_with_both_ids_finds_one_child(district, merged):
    assert load(district, merged).leaving == []
    assert (here(), on_lists()) == (["u2"], [("u2", "k1")])


def test_file_with_the_kept_id_finds_the_child(district, merged):
    load(district, without(merged, "u3,", "e3,", "r3,"))
    assert (here(), on_lists()) == (["u2"], [("u2", "k1")])


def test_file_with_the_other_id_finds_the_same_child(district, merged):
    files = without(merged, "u2,", "e2,", "r2,")
    files["users.csv"] = files["users.csv"].replace("u2", "u3")  # the family names the child so too
    plan = load(district, files)
    assert [one.name for one in plan.leaving if one.what == "learners"] == []
    assert (here(), on_lists()) == (["u2"], [("u2", "k1")])
    assert Learner.objects.count() == 2
