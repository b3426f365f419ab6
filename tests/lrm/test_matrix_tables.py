"""The tables of the rights matrix are one: no route stands in two of them."""

import pytest

from tests.lrm.matrix_expectations import EXPECTATIONS, home, merged, rosters


def test_tables_are_merged_into_one():
    assert merged([rosters.ROWS, home.ROWS]) == {**rosters.ROWS, **home.ROWS}
    assert rosters.ROWS.items() <= EXPECTATIONS.items()


def test_a_route_in_two_tables_is_refused():
    with pytest.raises(ValueError, match="In two tables: today"):
        merged([home.ROWS, {"today": home.ROWS["today"]}])
