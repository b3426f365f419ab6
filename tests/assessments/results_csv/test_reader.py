import datetime
from decimal import Decimal

import pytest

from assessments.results_csv.reader import ResultRow, read_results

HEADING = "learner,standard,assessment,date,score,possible,level,kind,excused,item,attempt,comment\n"


def read(*lines, heading=HEADING, **options):
    return read_results((heading + "\n".join(lines)).encode(), **options)


def problems(*lines, **options):
    return [(p.code, p.line, p.field, p.value) for p in read(*lines, **options).blocking]


def test_row_is_read_whole():
    found = read("L7,5.NF.1,Exit ticket,2026-10-09T10:30,3.5,4,,summative,,q1,2,Show your work").rows
    assert found == [
        ResultRow(
            line=2,
            learner="L7",
            standard="5.NF.1",
            assessment="Exit ticket",
            observed_on=datetime.date(2026, 10, 9),
            observed_time=datetime.time(10, 30),
            points=Decimal("3.5"),
            possible=Decimal("4"),
            level=None,
            kind="summative",
            is_excused=False,
            item="q1",
            attempt=2,
            comment="Show your work",
        )
    ]


def test_fewest_columns_and_the_headings_of_other_tools():
    read_file = read("a@b.example;5.NF.1;Quiz;2026-10-09;3", heading="E-mail;Standard_Code;Quiz;Given on;Rating\n")
    assert read_file.problems == []
    row = read_file.rows[0]
    assert (row.learner, row.level, row.kind, row.attempt, row.observed_time) == (
        "a@b.example",
        3,
        "formative",
        1,
        None,
    )


def test_zero_is_a_result_and_empty_is_none():
    read_file = read("L1,S,A,2026-10-09,0,4,,,,,,", "L2,S,A,2026-10-09,,4,,,,,,", "L3,S,A,2026-10-09,,,,,yes,,,")
    assert [(row.learner, row.points, row.is_excused) for row in read_file.rows] == [
        ("L1", Decimal(0), False),
        ("L3", None, True),
    ]
    assert [(p.code, p.line, p.field) for p in read_file.blocking] == [("neither", 3, "score")]


@pytest.mark.parametrize(
    ("cells", "code", "column", "value"),
    [
        (",S,A,2026-10-09,1,4,,,,,,", "missing", "learner", ""),
        ("L,S,,2026-10-09,1,4,,,,,,", "missing", "assessment", ""),
        ("L,S,A,10/9/2026,1,4,,,,,,", "slashed_date", "observed", "10/9/2026"),
        ("L,S,A,2026-13-09,1,4,,,,,,", "no_such_month", "observed", "2026-13-09"),
        ("L,S,A,2026-10-09 25:00,1,4,,,,,,", "not_a_date", "observed", "2026-10-09 25:00"),
        ("L,S,A,2026-10-09,three,4,,,,,,", "decimal", "score", "three"),
        ("L,S,A,2026-10-09,nan,4,,,,,,", "decimal", "score", "nan"),
        ("L,S,A,2026-10-09,1e3,4,,,,,,", "decimal", "score", "1e3"),
        ("L,S,A,2026-10-09,-1,4,,,,,,", "negative", "score", "-1"),
        ("L,S,A,2026-10-09,11,10,,,,,,", "over", "score", "11"),
        ("L,S,A,2026-10-09,0,0,,,,,,", "not_possible", "possible", "0"),
        ("L,S,A,2026-10-09,3,,,,,,,", "possible_missing", "possible", ""),
        ("L,S,A,2026-10-09,,,2.5,,,,,", "level", "level", "2.5"),
        ("L,S,A,2026-10-09,,,0,,,,,", "level", "level", "0"),
        ("L,S,A,2026-10-09,3,4,3,,,,,", "score_and_level", "level", "3"),
        ("L,S,A,2026-10-09,3,4,,,yes,,,", "excused_and_scored", "excused", "yes"),
        ("L,S,A,2026-10-09,3,4,,,perhaps,,,", "boolean", "excused", "perhaps"),
        ("L,S,A,2026-10-09,3,4,,homework,,,,", "kind", "kind", "homework"),
        ("L,S,A,2026-10-09,3,4,,,,,0,", "attempt", "attempt", "0"),
    ],
)
def test_line_is_refused_with_column_and_value(cells, code, column, value):
    assert problems(cells) == [(code, 2, column, value)]


def test_points_above_what_is_possible_say_how_many_there_are():
    assert read("L,S,A,2026-10-09,11,10,,,,,,").blocking[0].why == "There are only 10 points to have."


def test_one_line_tells_all_that_is_wrong_with_it():
    assert [code for code, *_ in problems("L,,A,2026-13-09,three,4,,,,,,")] == ["missing", "no_such_month", "decimal"]


def test_same_result_twice_is_refused_unless_tries_are_numbered():
    line = "L,S,A,2026-10-09,3,4,,,,,{},"
    assert problems(line.format(""), line.format(1)) == [("twice", 3, "learner", "L")]
    assert len(read(line.format(1), line.format(2)).rows) == 2


def test_one_assessment_has_one_kind():
    assert problems("L,S,A,2026-10-09,3,4,,pre,,,,", "M,S,A,2026-10-09,3,4,,summative,,,,") == [
        ("kinds_differ", 3, "kind", "summative")
    ]


def test_decimal_comma_is_read_where_the_comma_parts_no_cells():
    rows = read("L;S;A;2026-10-09;3,5;4,0", heading="learner;standard;assessment;date;score;possible\n").rows
    assert (rows[0].points, rows[0].possible) == (Decimal("3.5"), Decimal("4.0"))


def test_slashed_dates_are_read_in_the_order_that_was_named():
    rows = read("L,S,A,10/9/2026,3,4,,,,,,", date_order="mdy").rows
    assert rows[0].observed_on == datetime.date(2026, 10, 9)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (b"", ["empty"]),
        (HEADING.encode(), ["empty"]),
        (b"\x81\x8d\x81", ["not_text"]),
        (b"learner,standard,date,score\nL,S,2026-10-09,3\n", ["column_missing"]),
        (b"learner,standard,title,date\nL,S,A,2026-10-09\n", ["no_score_column"]),
        (b"learner,student,standard,title,date,score\nL,L,S,A,2026-10-09,3\n", ["column_twice"]),
    ],
)
def test_file_is_refused_as_a_whole(text, codes):
    assert [p.code for p in read_results(text).blocking] == codes


def test_columns_of_ones_own_are_told_and_passed_over():
    read_file = read("L,S,A,2026-10-09,3,4,blue", heading="learner,standard,assessment,date,score,possible,colour\n")
    assert len(read_file.rows) == 1
    assert [(p.code, p.value, p.blocking) for p in read_file.problems] == [("own_columns", "colour", False)]


def test_broken_quote_is_refused_in_its_line():
    assert problems('L,S,A"B,2026-10-09,3,4,,,,,,', "M,S,A,2026-10-09,3,4,,,,,,") == [("stray_quote", 2, "", "")]
