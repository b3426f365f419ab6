import pytest

from lrm.scope import district_scope
from standards.case.reader import read_package
from standards.models import Standard
from standards.services.importing import import_package
from standards.services.searching import search
from tests.budgets import assert_statements
from tests.factories.profiles import make_district
from tests.standards.case.test_reader import item, package

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    district = make_district()
    items = [
        item(1, humanCodingScheme="5.NF.1", fullStatement="Add fractions with unlike denominators."),
        item(2, humanCodingScheme="5.NF.10", fullStatement="Divide whole numbers."),
        item(3, humanCodingScheme="CCSS.Math.Content.5.NF.A.1", fullStatement="<p>Adding &amp; subtracting</p>"),
        item(4, fullStatement="Escribe oraciones completas.", language="es"),
        item(5, humanCodingScheme="100%_odd", fullStatement="Odd code"),
    ]
    with district_scope(district.pk):
        import_package(read_package(package(items)), district_id=district.pk)
        yield Standard.objects.in_force()


def found(standards, query):
    return [int(str(row.uuid)[-12:]) for row in search(standards, query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("5.NF.1", [1, 2, 3]),
        ("5.nf", [1, 2, 3]),
        ("ccss math 5 nf", [3]),
        ("adding", [3, 1]),
        ("add fraction", [1]),
        ("fractions denominators", [1]),
        ("divid", [2]),
        ("oración", [4]),
        ("completas", [4]),
        ("100%_", [5]),
        ("%", []),
        ("", []),
        ("' | !(:*", []),
        ("zebra", []),
    ],
)
def test_search_finds_by_code_and_by_words(library, query, expected):
    assert sorted(found(library, query)) == sorted(expected)


def test_search_puts_the_exact_code_first_then_codes_that_begin_like_it(library):
    assert found(library, "5.nf.1") == [1, 2, 3]


def test_search_is_one_statement_and_stays_in_the_given_standards(library):
    with assert_statements(exactly=1):
        assert found(library.exclude(code="5.NF.1"), "5.nf") == [2, 3]
