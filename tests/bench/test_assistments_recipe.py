"""The recipe of docs/recipes/assistments.md, end to end: roster, standards, 20,000 responses, levels."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from assessments.models import Assessment, Evidence, Mastery
from assessments.results_csv.reader import read_results
from assessments.services.results_file import import_results
from bench.recipes.assistments import A_DAY, as_csv, people, responses, results, with_practice_class
from bench.recipes.assistments_skills import TEKS
from lrm.scope import district_scope
from profiles.models import Section
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import.applying import import_roster
from standards.case.reader import read_package
from standards.services.importing import import_package
from tests.factories.profiles import make_district

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RESPONSES = DATA / "responses" / "assistments2009_named_skills.csv.gz"
ROSTER = DATA / "oneroster" / "samples" / "mockroster_v1p1"
PACKAGE = DATA / "standards" / "case" / "tx_teks_math_official.case.json"
needs_data = pytest.mark.skipif(not RESPONSES.is_file(), reason="../shared/data is not there")

UNMAPPED = {
    "Computation with Real Numbers": 2,
    "Divisibility Rules": 181,
    "Greatest Common Factor": 4,
    "Interior Angles Figures with More than 3 Sides": 45,
    "Least Common Multiple": 126,
    "Midpoint": 2,
    "Nets of 3D Figures": 32,
    "Reading a Ruler or Scale": 1,
}


@needs_data
def test_every_code_of_the_table_is_one_standard():
    items = read_package(PACKAGE.read_bytes()).items
    counts = Counter(item.code for item in items if item.is_leaf)
    assert {code: counts[code] for code in TEKS.values()} == dict.fromkeys(TEKS.values(), 1)


@needs_data
def test_lines_are_ten_a_school_day_in_the_order_of_the_data():
    rows = responses(RESPONSES)
    lines, unmapped = results(rows, [f"k{n}" for n in range(128)])
    assert dict(unmapped) == UNMAPPED
    assert len(lines) == 20_000 - sum(UNMAPPED.values())
    days = Counter((line[0], line[3][:10]) for line in lines)
    assert max(days.values()) == A_DAY
    assert {date.fromisoformat(day).weekday() for _, day in days} <= set(range(5))
    first = [line[3] for line in lines if line[0] == "k0"]
    assert first == sorted(first)


@needs_data
@pytest.mark.django_db
def test_20_000_responses_come_in_whole_and_again_change_nothing():
    district = make_district(time_zone="America/Chicago")
    with district_scope(district.pk):
        rows = responses(RESPONSES)
        keys = people(ROSTER, "student", 128)
        import_roster(read_roster(with_practice_class(ROSTER, keys)), district=district)
        import_package(read_package(PACKAGE.read_bytes()), district_id=district.pk)
        section = Section.objects.get(key="practice")
        data = as_csv(results(rows, keys)[0])
        plan = import_results(read_results(data), section=section, by=None)
        expected = 20_000 - sum(UNMAPPED.values())
        assert (plan.file.blocking, plan.count("new")) == ([], expected)
        assert Evidence.objects.count() == expected
        learners = {row["learner"] for row in rows if row["skill_name"] in TEKS}
        assert (len({row["learner"] for row in rows}), len(learners)) == (128, 127)  # one met unmapped skills only
        assert Evidence.objects.values("learner").distinct().count() == 127
        assert Assessment.objects.count() == len(plan.sittings)
        right = sum(int(row["correct"]) for row in rows if row["skill_name"] in TEKS)
        assert Evidence.objects.filter(points=1).count() == right
        again = import_results(read_results(data), section=section, by=None)
        assert (again.count("new"), again.count("same")) == (0, expected)
        assert Mastery.objects.count() == 0  # the workers have not come yet
