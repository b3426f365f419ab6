"""`python -m bench [NAME ..] [--json] [--small]`: how fast and how good, each line beside limits of the same run.

With --json one object a line: name, size, value, unit, limit, ratio (value to limit, 1 is the limit).
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable

PAGES = (
    *("wall", "wall_poll", "save_one", "save_class_set", "today", "learner_page", "accept_groups"),
    *("dashboard", "search"),
)
SCHOOL = (*PAGES, "bulk_results", "import_people", "start")
DISTRICT = ("recompute_district", "recompute_one")
KINDS = (
    SCHOOL,
    ("import_roster",),
    ("entry_load",),
    DISTRICT,
    ("publication",),
    ("engine",),
    ("grouping",),
    ("quality",),
    ("impact",),
)
"""Each kind is a process of its own, with a scratch database of its own where it has one."""
NAMES = tuple(name for kind in KINDS for name in kind)


def main(words: list[str] | None = None) -> int:
    """0, or 1 where a measure is over its limit."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; all without any")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--small", action="store_true", help="fewer rounds and less data around the same pages")
    parser.add_argument(
        "--learners", type=int, metavar="N", help="so many in the district to recompute, and in one around the pages"
    )
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in NAMES]:
        parser.error(f"no measure is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    kinds = [found for kind in KINDS if (found := [name for name in kind if name in (asked.names or NAMES)])]
    if len(kinds) > 1:
        return max(subprocess.run(_words(kind, asked), check=False).returncode for kind in kinds)
    over = False
    for row in measure(kinds[0], small=asked.small, learners=asked.learners):
        over |= (row["ratio"] or 0) > 1
        sys.stdout.write((json.dumps(row) if asked.json else say(row)) + "\n")
        sys.stdout.flush()
    return int(over)


def _words(names: list[str], asked: argparse.Namespace) -> list[str]:
    flags = ["--json"] * asked.json + ["--small"] * asked.small
    flags += ["--learners", str(asked.learners)] if asked.learners else []
    return [sys.executable, "-m", "bench", *names, *flags]


def measure(names: list[str], *, small: bool, learners: int | None = None) -> Iterable[dict]:
    """Measures of one kind.

    learners: of the district to recompute, and of another one that stands beside the measured school; None is the usual
    number for the one and no other district for the other.
    """
    # What is measured is imported where it is: the pure measures need no services, models none before Django is set up.
    if names[0] == "engine":
        from bench import engine

        yield from engine.rows(small=small)
    elif names[0] == "grouping":
        from bench import grouping

        yield from grouping.rows(small)
    elif names[0] == "quality":
        from bench import quality

        yield from quality.rows(small)
    elif names[0] == "impact":
        from bench import impact

        yield from impact.rows(small)
    else:
        from bench.place import scratch_database

        with scratch_database():
            yield from _with_database(names, small, learners)


def _with_database(names: list[str], small: bool, learners: int | None) -> Iterable[dict]:
    if names[0] in DISTRICT:
        from bench import recompute

        yield from recompute.rows(tuple(names), small=small, learners=learners)
        return
    if names[0] == "import_roster":
        from bench import rostering

        yield from rostering.rows(small=small)
        return
    if names[0] == "publication":
        from bench import publication

        yield from publication.rows(small=small)
        return
    if names[0] == "entry_load":
        from bench import entry_load

        yield from entry_load.rows(small=small)
        return
    if learners:
        from bench.standing import stand

        stand(learners, workers=os.cpu_count() or 1)
    if pages := tuple(name for name in PAGES if name in names):
        from bench import pages as page_measures

        yield from page_measures.rows(pages, small=small)
    if "bulk_results" in names:
        from bench import bulk

        yield from bulk.rows(small=small)
    if "import_people" in names:
        from bench import importing

        yield from importing.rows(small=small)
    if "start" in names:
        from bench import starting

        yield from starting.rows(small=small)


def say(row: dict) -> str:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:6.2f} of "
    limit = "" if row["limit"] is None else row["limit"]
    return f"{row['name']:28} {row['value']:>10} {row['unit']:12} {ratio}{limit}  ({row['size']})"


if __name__ == "__main__":
    sys.exit(main())
