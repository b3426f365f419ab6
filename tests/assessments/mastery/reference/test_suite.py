"""Running suites: what counts as the same answer, other engines, and the command."""

import json
from decimal import Decimal

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from assessments.mastery.reference.suite import run, same


@pytest.mark.parametrize(
    ("expected", "said", "alike"),
    [
        (2.5, 2.5, True),
        (2.5, 2.5 + 1e-10, True),
        (2.5, 2.51, False),
        (4, 4.0, True),
        (4, np.float64(4), True),
        (4, np.int64(4), True),
        (2.65, Decimal("2.65"), True),
        (None, None, True),
        (None, 0, False),
        (0, None, False),
        (True, True, True),
        (True, 1, False),
        (0, False, False),
        ([1, 2], (1, 2), True),
        ([1, 2], [1], False),
        ([], None, False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ({"a": "in words"}, {"a": [0.5]}, True),
        ({"a": "x"}, {"a": "y"}, False),
        ("x", "x", True),
        (2.5, "2.5", False),
    ],
)
def test_same_answer(expected, said, alike):
    assert same(expected, said) is alike


def test_tolerance_is_the_case_s_own():
    cases = [{"id": "near", "expected": 1.0, "tolerance": 0.1}, {"id": "far", "expected": 1.0}]
    assert [outcome.agrees for outcome in run(cases, lambda case: 1.05)] == [True, False]


def test_engine_that_raises_fails_that_case_only():
    found = run([{"id": 1, "expected": 2, "x": 0}, {"id": 2, "expected": 2, "x": 1}], lambda case: 2 / case["x"])
    assert [(outcome.case, outcome.failed) for outcome in found] == [("1", True), ("2", False)]
    assert found[0].problem == "ZeroDivisionError: division by zero"


def test_listed_reason_excuses_a_difference():
    found = run([{"id": "a", "expected": 1}, {"id": "b", "expected": 1}], lambda case: 2, listed={"a": "We do."})
    assert [(outcome.failed, outcome.reason) for outcome in found] == [(False, "We do."), (True, "")]


# The command


@pytest.fixture
def suite(tmp_path):
    def write(*cases, name="suite.json"):
        path = tmp_path / name
        path.write_text(json.dumps({"cases": cases}))
        return path

    return write


def case(name, expected, **changed):
    return {"id": name, "method": "latest", "points_possible": 4, "scores": [1, 3], "expected": expected} | changed


def test_command_runs_our_own_cases_without_a_file(capsys):
    call_command("reference_suite")
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == ["histories.json", "parents.json", "scores.json", "tree.json"]
    assert all(line.endswith("0 differ for a listed reason, 0 differ.") for line in said)


def test_command_names_the_case_that_differs_and_fails(suite, capsys):
    path = suite(case("right", 3), case("wrong", 2), case("unknown", 2, method="median"))
    with pytest.raises(SystemExit) as ended:
        call_command("reference_suite", path)
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "wrong: answered 3.0, expected 2. No reason is listed.",
        "unknown: no answer (KeyError: 'median'), expected 2",
        "suite.json: 3 cases, 1 agree, 0 differ for a listed reason, 2 differ.",
    ]


def test_command_takes_listed_reasons(suite, tmp_path, capsys):
    reasons = tmp_path / "reasons.json"
    reasons.write_text('{"wrong": "Ours is the latest."}')
    call_command("reference_suite", suite(case("wrong", 2)), "--reasons", reasons)
    assert capsys.readouterr().out.splitlines() == [
        "wrong: answered 3.0, expected 2. Ours is the latest.",
        "suite.json: 1 case, 0 agree, 1 differ for a listed reason, 0 differ.",
    ]


def test_command_asks_another_engine_through_an_adapter(suite, tmp_path, monkeypatch, capsys):
    (tmp_path / "always_three.py").write_text(
        "def answer(case):\n    return 3\n\n\ndef reason_for(case, answer):\n    return 'We like three.'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    call_command("reference_suite", suite(case("a", 3), case("b", 1)), "--adapter", "always_three:answer")
    assert capsys.readouterr().out.splitlines() == [
        "b: answered 3, expected 1. We like three.",
        "suite.json: 2 cases, 1 agree, 1 differ for a listed reason, 0 differ.",
    ]


@pytest.mark.parametrize(
    ("adapter", "said"),
    [
        ("bench.bkt", "named like package.module:function, not bench.bkt"),
        ("no_such_module:answer", "no_such_module:answer cannot be imported"),
        ("bench.bkt:predict", "bench.bkt has no function predict"),
    ],
)
def test_adapter_that_is_not_there_is_named(suite, adapter, said):
    with pytest.raises(CommandError, match=said):
        call_command("reference_suite", suite(case("a", 3)), "--adapter", adapter)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "holds no JSON object"),
        ("{}", 'has no list of "cases"'),
        ('{"cases": [1]}', 'has no list of "cases"'),
        ('{"cases": [{"expected": 1}]}', "case 1 has no id"),
        ('{"cases": [{"id": "x"}]}', "case x expects nothing"),
    ],
)
def test_file_that_is_no_suite_is_refused(tmp_path, text, said):
    path = tmp_path / "suite.json"
    path.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("reference_suite", path)


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"none\.json cannot be read"):
        call_command("reference_suite", tmp_path / "none.json")
