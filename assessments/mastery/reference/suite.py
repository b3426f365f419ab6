"""Running the cases of a suite against an engine: which answers agree, which differ, and for which listed reason."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any

ALMOST = 1e-9
"""How far numbers may lie apart where a case states no "tolerance"."""


@dataclass(frozen=True)
class Outcome:
    """What became of one case.  agrees: the answer is the expected one.  reason: why it may differ, "" for none.

    problem: what kept the engine from answering, "" where it did.
    """

    case: str
    expected: Any
    answer: Any
    agrees: bool
    reason: str = ""
    problem: str = ""

    @property
    def failed(self) -> bool:
        return not self.agrees and not self.reason


def run(
    cases: Iterable[dict[str, Any]],
    answer: Callable[[dict[str, Any]], Any],
    *,
    reason_for: Callable[[dict[str, Any], Any], str | None] | None = None,
    listed: Mapping[str, str] | None = None,
) -> list[Outcome]:
    """One outcome a case, in their order.

    answer: of the engine to a case; an exception that it raises is the case's problem and ends nothing.
    reason_for(case, answer), listed (by case id): why an answer differs on purpose.
    """
    found = []
    for case in cases:
        name, expected = str(case["id"]), _expected(case)
        try:
            said = answer(case)
        except Exception as error:  # whatever another engine raises: the suite goes on, and the case has failed
            found.append(Outcome(name, expected, None, agrees=False, problem=f"{type(error).__name__}: {error}"))
            continue
        agrees = same(expected, said, case.get("tolerance", ALMOST))
        reason = "" if agrees else (listed or {}).get(name) or (reason_for and reason_for(case, said)) or ""
        found.append(Outcome(name, expected, said, agrees, reason))
    return found


def same(expected: Any, said: Any, tolerance: float = ALMOST) -> bool:
    """Whether an answer is the expected one: numbers within the tolerance, lists and objects part by part.

    Parts that the case describes in words, where the answer has numbers, are not compared; nor are parts that only
    the answer has. True and 1 are not the same, and nothing is like null but null.
    """
    if isinstance(expected, dict):
        if not isinstance(said, dict) or not expected.keys() <= said.keys():
            return False
        return all(same(value, said[key], tolerance) or _is_prose(value, said[key]) for key, value in expected.items())
    if isinstance(expected, list):
        if not isinstance(said, list | tuple) or len(expected) != len(said):
            return False
        return all(same(one, other, tolerance) for one, other in zip(expected, said, strict=True))
    if isinstance(expected, bool) or isinstance(said, bool) or expected is None or said is None:
        return expected is said
    if isinstance(expected, int | float):
        return isinstance(said, Real | Decimal) and abs(expected - float(said)) <= tolerance
    return bool(expected == said)


def _is_prose(expected: Any, said: Any) -> bool:
    return isinstance(expected, str) and not isinstance(said, str)


def _expected(case: dict[str, Any]) -> Any:
    """What the case expects; tracing cases name it "expected_after_each"."""
    return case["expected"] if "expected" in case else case["expected_after_each"]
