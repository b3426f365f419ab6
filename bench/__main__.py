"""`python -m bench [NAME ..] [--json] [--small]`: how fast and how good, each line beside limits of the same run.

With --json one object a line: name, size, value, unit, limit, ratio (value to limit, 1 is the limit).
"""

import argparse
import json
import sys
from collections.abc import Iterable

PAGES = (
    *("wall", "wall_poll", "save_one", "save_class_set", "today", "learner_page", "accept_groups"),
    *("dashboard", "search"),
)
DISTRICT = ("recompute_district", "recompute_one")
NAMES = (*PAGES, "entry_load", "bulk_results", "import_people", "start", *DISTRICT, "engine", "grouping", "quality")


def main(words: list[str] | None = None) -> int:
    """0, or 1 where a measure is over its limit."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; all without any")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--small", action="store_true", help="fewer rounds and less data around the same pages")
    parser.add_argument("--learners", type=int, metavar="N", help="so many learners in the district to recompute")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in NAMES]:
        parser.error(f"no measure is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    over = False
    for row in measure(asked.names or list(NAMES), small=asked.small, learners=asked.learners):
        over |= (row["ratio"] or 0) > 1
        sys.stdout.write((json.dumps(row) if asked.json else say(row)) + "\n")
        sys.stdout.flush()
    return int(over)


def measure(names: list[str], *, small: bool, learners: int | None = None) -> Iterable[dict]:
    """Every measure asked for; those with a database share a scratch one for each kind."""
    pages = tuple(name for name in PAGES if name in names)
    if pages or {"bulk_results", "import_people", "start"} & set(names):
        from bench.place import scratch_database  # a run of the pure measures needs no services

        with scratch_database():
            if pages:
                from bench import pages as page_measures  # models can be imported only now

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
    district = tuple(name for name in DISTRICT if name in names)
    if district:
        from bench.place import scratch_database

        with scratch_database():
            from bench import recompute

            yield from recompute.rows(district, small=small, learners=learners)
    if "entry_load" in names:
        from bench.place import scratch_database

        with scratch_database():
            from bench import entry_load

            yield from entry_load.rows(small=small)
    if "engine" in names:
        from bench import engine

        yield from engine.rows(small=small)
    if "grouping" in names:
        from bench import grouping

        yield from grouping.rows(small)
    if "quality" in names:
        from bench import quality

        yield from quality.rows(small)


def say(row: dict) -> str:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:6.2f} of "
    return f"{row['name']:28} {row['value']:>10} {row['unit']:12} {ratio}{row['limit'] or ''}  ({row['size']})"


if __name__ == "__main__":
    sys.exit(main())
