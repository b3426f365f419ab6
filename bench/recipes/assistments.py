"""Turn responses of the ASSISTments 2009 data into files that LRM imports: docs/recipes/assistments.md.

`python -m bench.recipes.assistments DATA ROSTER OUT [--first-day DAY]` writes OUT/roster.zip and OUT/results.csv, and
lists skills without a standard. Nothing of the data is in the repository.
"""

import argparse
import csv
import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from bench.recipes.assistments_skills import TEKS

ROWS = 20_000
A_DAY = 10
FIRST_DAY = date(2018, 9, 4)  # a Tuesday of the school year in the MockRoster package
YEAR_DAYS = 300
CLASS = "practice"
HEADING = ["learner", "standard", "assessment", "observed", "score", "possible", "item"]


def school_days(first: date) -> Iterator[date]:
    """Mondays to Fridays from a day on."""
    day = first
    while True:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def people(folder: Path, role: str, count: int) -> list[str]:
    """sourcedIds of the first people with a role in a OneRoster 1.1 users.csv, in the order of the file."""
    with (folder / "users.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = (row["sourcedId"] for row in csv.DictReader(file) if row["role"] == role)
        return list(islice(rows, count))


def with_practice_class(folder: Path, keys: Sequence[str], *, first_day: date = FIRST_DAY) -> bytes:
    """The package as a zip, with one class more: the learners of both schools practise together for a year."""
    year, last_day = f"{CLASS}-year", first_day + timedelta(days=YEAR_DAYS)
    teacher = people(folder, "teacher", 1)[0]
    with (folder / "orgs.csv").open(newline="", encoding="utf-8-sig") as file:
        school = next(row["sourcedId"] for row in csv.DictReader(file) if row["type"] == "school")
    more = {
        "academicSessions.csv": [f"{year},,,Practice year,schoolYear,{first_day},{last_day},,{last_day.year}"],
        "courses.csv": [f"{CLASS}-course,,,{year},Mathematics practice,MP,,{school},Mathematics,"],
        "classes.csv": [f"{CLASS},,,Mathematics practice,,{CLASS}-course,MP,scheduled,,{school},{year},Mathematics,,"],
        "enrollments.csv": [
            f"{CLASS}-teacher,,,{CLASS},{school},{teacher},teacher,true,{first_day},{last_day}",
            *(
                f"{CLASS}-{n},,,{CLASS},{school},{key},student,false,{first_day},{last_day}"
                for n, key in enumerate(keys)
            ),
        ],
    }
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("*.csv")):
            text = path.read_text(encoding="utf-8-sig").rstrip("\r\n")
            archive.writestr(path.name, "\r\n".join([text, *more.get(path.name, [])]) + "\r\n")
    return store.getvalue()


def responses(data: Path, count: int = ROWS) -> list[dict[str, str]]:
    """The first responses of the file: learner, order, skill_name, correct."""
    with gzip.open(data, "rt", newline="", encoding="utf-8") as file:
        return list(islice(csv.DictReader(file), count))


def results(
    rows: Iterable[dict[str, str]], keys: Sequence[str], *, first_day: date = FIRST_DAY
) -> tuple[list[list[str]], Counter[str]]:
    """Lines of the results file, and the skills without a standard with how many responses they had.

    The first learner of the data becomes the first key, and so on; each has ten results a school day, a minute apart,
    in the order of the data. Raises ValueError: more learners than keys.
    """
    places: dict[str, int] = {}
    taken: Counter[str] = Counter()
    unmapped: Counter[str] = Counter()
    days = list(islice(school_days(first_day), 400))
    lines = []
    for row in rows:
        place = places.setdefault(row["learner"], len(places))
        if place >= len(keys):
            raise ValueError(f"There are more than {len(keys)} learners in these responses.")
        code = TEKS.get(row["skill_name"])
        if code is None:
            unmapped[row["skill_name"]] += 1
            continue
        number = taken[row["learner"]]
        taken[row["learner"]] += 1
        day = days[number // A_DAY]
        moment = datetime.combine(day, time(9)) + timedelta(minutes=number % A_DAY)
        lines.append(
            [
                keys[place],
                code,
                f"Practice {day.isoformat()}",
                moment.isoformat(timespec="minutes"),
                row["correct"],
                "1",
                f"{row['skill_name']} {row['order']}",
            ]
        )
    return lines, unmapped


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADING)
    writer.writerows(lines)
    return text.getvalue().encode()


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.recipes.assistments", description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="assistments2009_named_skills.csv.gz")
    parser.add_argument("roster", type=Path, help="folder of the MockRoster package")
    parser.add_argument("out", type=Path, help="folder for roster.zip and results.csv")
    parser.add_argument("--first-day", type=date.fromisoformat, default=FIRST_DAY, metavar="YYYY-MM-DD")
    asked = parser.parse_args(words)
    rows = responses(asked.data)
    keys = people(asked.roster, "student", len({row["learner"] for row in rows}))
    lines, unmapped = results(rows, keys, first_day=asked.first_day)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "roster.zip").write_bytes(with_practice_class(asked.roster, keys, first_day=asked.first_day))
    (asked.out / "results.csv").write_bytes(as_csv(lines))
    print(f"{len(lines):,} results of {len({line[0] for line in lines})} learners, in {asked.out}.")
    print(f"{sum(unmapped.values()):,} responses on {len(unmapped)} skills without a standard:")
    for skill, count in sorted(unmapped.items()):
        print(f"  {count:5,}  {skill}")


if __name__ == "__main__":
    main()
