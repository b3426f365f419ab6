"""Levels as each page and file shows them: read from what a browser gets, never from what the view was given.

Every surface answers {(learner id, standard id): level} of one class; a pair without a level is absent.
Raises AssertionError where a page says two things about one pair.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.test import Client
from django.urls import reverse

Levels = dict[tuple[int, int], int]

WALL_CELL = re.compile(r'<a href="\?at=(\d+)\.(\d+)[^"]*"(?: data-level=(\d))?[^>]*>([^<]*)</a>')
SET_CELL = re.compile(r"<label(?: data-level=(\d))?[^>]*><input type=checkbox name=cell value=(\d+)\.(\d+)\.")
ENTRY_CELL = re.compile(r'data-learner="(\d+)"\s+data-standard="(\d+)"[^>]*?data-shown="(\d?)"')
CHIP = re.compile(
    r'<a href="/learners/(\d+)/standards/(\d+)/receipt/"\s+class="level"\s+data-level="(\d)"[^>]*'
    r'aria-label="([^"]*)"[^>]*>(\d)</a>'
)
BOARD_LINE = re.compile(
    r'<li class="learner-line"[^>]*data-learner="(\d+)".*?(?:<span class="level" data-level="(\d)"|</li>)', re.S
)
HEAD = re.compile(r'class="receipt-head">.*?data-level="(\d)"', re.S)
PART = re.compile(r'<td class="receipt-part"><span>([^<]*)</span><span>([^<]*)</span></td>')
NUMBER = re.compile(r'<span class="receipt-number">([^<]*)</span>')


def one_each(found: Iterable[tuple[int, int, int]]) -> Levels:
    levels: Levels = {}
    for learner, standard, level in found:
        assert levels.setdefault((learner, standard), level) == level, (learner, standard, level, levels)
    return levels


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (answer.status_code, url)
    return answer.content.decode()


def wall(client: Client, section) -> Levels:
    def cells() -> Iterator[tuple[int, int, int]]:
        for learner, standard, level, said in WALL_CELL.findall(
            text(client, reverse("section_wall", args=[section.pk]))
        ):
            if level:
                assert said == level
                yield int(learner), int(standard), int(level)

    return one_each(cells())


def levels_to_set(client: Client, section) -> Levels:
    found = SET_CELL.findall(text(client, reverse("section_levels", args=[section.pk])))
    return one_each((int(learner), int(standard), int(level)) for level, learner, standard in found if level)


def wall_file(client: Client, section, learners, standards) -> Levels:
    by_key = {learner.key: learner.pk for learner in learners}
    by_label = {standard.label: standard.pk for standard in standards}
    rows = list(
        csv.reader(io.StringIO(text(client, reverse("section_wall_csv", args=[section.pk])).removeprefix("\ufeff")))
    )
    labels = rows[0][2:]
    return one_each(
        (by_key[row[1]], by_label[label], int(level))
        for row in rows[1:]
        for label, level in zip(labels, row[2:], strict=True)
        if level
    )


def entry_grid(client: Client, assessment) -> Levels:
    found = ENTRY_CELL.findall(text(client, reverse("assessment_enter", args=[assessment.pk])))
    return one_each((int(learner), int(standard), int(level)) for learner, standard, level in found if level)


def learner_page(client: Client, learner) -> Levels:
    """A chip that says what results alone say counts where no teacher has set the level."""
    shown, results = [], {}
    for who, standard, level, label, said in CHIP.findall(text(client, reverse("learner", args=[learner.pk]))):
        assert said == level
        if "results say" in label:
            results[int(who), int(standard)] = int(level)
        else:
            shown.append((int(who), int(standard), int(level)))
    return results | one_each(shown)


def receipt(client: Client, learner_id: int, standard_id: int) -> tuple[int | None, bool]:
    """The level of a receipt, and whether its printed parts add up to the printed number."""
    page = text(client, reverse("receipt", args=[learner_id, standard_id]))
    level = HEAD.search(page)
    *parts, together = [Decimal(whole + fraction) for whole, fraction in PART.findall(page)] or [Decimal(0)]
    return int(level[1]) if level else None, bool(parts) and sum(parts) == together


def board(client: Client, section) -> dict[int, int]:
    """Learner -> the level that the board of groups gives beside the name."""
    page = text(client, reverse("section_groups", args=[section.pk]))
    return {int(learner): int(level) for learner, level in BOARD_LINE.findall(page) if level}


def below_mastery(client: Client, school, standards) -> dict[int, Levels]:
    """By standard, the file of the students of a school who are not yet at mastery there."""
    found = {}
    for standard in standards:
        at = f"s{school.pk}.{standard.framework_id}-{standard.domain_id}.{standard.pk}"
        rows = csv.DictReader(io.StringIO(text(client, f"{reverse('school_list_csv')}?school={school.pk}&at={at}")[1:]))
        found[standard.pk] = {row["Key"]: int(row["Level"]) for row in rows}
    return found
