import pytest
from django.db import connection, transaction

from tests.budgets import assert_statements

pytestmark = pytest.mark.django_db


def one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def spend_two(at_most: int) -> None:
    with assert_statements(at_most):
        one()
        one()


def test_assert_statements_leaves_out_savepoints():
    with assert_statements(exactly=2):
        one()
        with transaction.atomic():
            one()


def test_assert_statements_one_too_many_lists_them():
    with pytest.raises(AssertionError, match=r"2 statements, at most 1:\n  1\. SELECT 1"):
        spend_two(at_most=1)


def test_assert_statements_exactly_fails_when_fewer():
    with pytest.raises(AssertionError, match="1 statements, exactly 2"), assert_statements(exactly=2):
        one()
