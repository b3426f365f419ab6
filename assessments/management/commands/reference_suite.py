"""manage.py reference_suite [FILE ..] [--adapter package.module:function] [--reasons FILE]"""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.mastery import reference
from assessments.mastery.reference.suite import Outcome, run

OWN_CASES = Path(reference.__file__).parent / "cases"
OWN_ENGINE = "assessments.mastery.reference:answer"


class Command(BaseCommand):
    help = (
        "Run the cases of reference suites against this engine, or against another through an adapter. "
        "Fails, and names the case, where an answer differs without a listed reason. See docs/reference.md."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="JSON with cases; our own without any")
        parser.add_argument(
            "--adapter",
            default=OWN_ENGINE,
            metavar="PACKAGE.MODULE:FUNCTION",
            help="answers a case, given as a dict; this engine without it",
        )
        parser.add_argument("--reasons", type=Path, metavar="FILE", help="JSON: id of a case to why it may differ")

    def handle(self, *args: Any, **options: Any) -> None:
        answer, reason_for = _engine(options["adapter"])
        listed = _read(options["reasons"], dict) if options["reasons"] else {}
        failed = False
        for path in options["files"] or sorted(OWN_CASES.glob("*.json")):
            outcomes = run(_cases(path), answer, reason_for=reason_for, listed=listed)
            for outcome in outcomes:
                if not outcome.agrees:
                    self.stdout.write(f"{outcome.case}: {_say(outcome)}")
            self.stdout.write(f"{path.name}: {_sum(outcomes)}")
            failed |= any(outcome.failed for outcome in outcomes)
        if failed:
            sys.exit(1)


def _say(outcome: Outcome) -> str:
    if outcome.problem:
        return f"no answer ({outcome.problem}), expected {json.dumps(outcome.expected)}"
    said = f"answered {json.dumps(outcome.answer, default=str)}, expected {json.dumps(outcome.expected)}"
    return f"{said}. {outcome.reason or 'No reason is listed.'}"


def _sum(outcomes: list[Outcome]) -> str:
    agree = sum(outcome.agrees for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    reasoned = len(outcomes) - agree - failed
    cases = "1 case" if len(outcomes) == 1 else f"{len(outcomes)} cases"
    return f"{cases}, {agree} agree, {reasoned} differ for a listed reason, {failed} differ."


def _engine(name: str) -> tuple[Callable[[dict[str, Any]], Any], Callable[[dict[str, Any], Any], str | None] | None]:
    """The adapter, and the `reason_for` that may stand beside it."""
    module_name, found, function_name = name.partition(":")
    if not found:
        raise CommandError(f"An adapter is named like package.module:function, not {name}.")
    try:
        module = import_module(module_name)
    except ImportError as error:
        raise CommandError(f"The adapter {name} cannot be imported: {error}.") from error
    answer = getattr(module, function_name, None)
    if not callable(answer):
        raise CommandError(f"{module_name} has no function {function_name}.")
    return answer, getattr(module, "reason_for", None)


def _cases(path: Path) -> list[dict[str, Any]]:
    cases = _read(path, dict).get("cases")
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise CommandError(f'{path} has no list of "cases".')
    for number, case in enumerate(cases, start=1):
        if "id" not in case:
            raise CommandError(f"{path}: case {number} has no id.")
        if not {"expected", "expected_after_each"} & case.keys():
            raise CommandError(f"{path}: case {case['id']} expects nothing.")
    return cases


def _read(path: Path, kind: type) -> Any:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, kind):
        raise CommandError(f"{path} holds no JSON object.")
    return found
