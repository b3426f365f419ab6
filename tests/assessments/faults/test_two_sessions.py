"""Two teachers type into the same cells at the same time: nobody's score disappears without somebody being told."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from bench.server import Client
from tests.assessments.faults.desk import Desk, Typed
from tests.assessments.faults.size import FULL
from tests.assessments.faults.storm import Storm, open_desk

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sites"), pytest.mark.timeout(600)]

EDITS = 500 if FULL else 120
CELLS = 5
LEDGER = "SELECT id, supersedes_id, trim_scale(points)::text FROM assessments_evidence WHERE assessment_id = %s"


@dataclass(frozen=True)
class Edit:
    """What one teacher typed over what she saw, and what the site answered."""

    text: str
    replaces: int | None
    said: dict


def test_interleaved_edits_of_the_same_cells_overwrite_nothing_silently(calm: Storm, school) -> None:
    assessment = max(assessment for assessment, _learner, _standard in calm.cells)
    cells = [cell for cell in calm.cells if cell[0] == assessment][:CELLS]
    already = {row[0] for row in calm.ask(LEDGER % assessment)}
    desks = [open_desk(calm.site, email) for email in (school[1].email, school[1].colleague)]
    with ThreadPoolExecutor(2) as pool:
        logs = list(pool.map(lambda number: edit(desks[number], cells, EDITS // 2, seed=number), range(2)))
    edits = [each for log in logs for each in log]
    stored = {pk: (supersedes, text) for pk, supersedes, text in calm.ask(LEDGER % assessment) if pk not in already}

    assert len(edits) == EDITS
    assert Counter(each.said["state"] for each in edits).keys() == {"saved", "conflict"}
    accepted = {each.said["id"]: each for each in edits if each.said["id"] in stored and is_own(each, stored)}
    assert accepted.keys() == stored.keys()
    assert [pk for pk, each in accepted.items() if stored[pk] != (each.replaces, each.text)] == []
    for told in (each.said["theirs"] for each in edits if each.said["state"] == "conflict"):
        assert told["by"]
        assert told["text"] == stored[told["id"]][1]
    replaced = Counter(supersedes for supersedes, _text in stored.values() if supersedes)
    assert set(replaced.values()) == {1}
    assert len(stored) - len(replaced) == CELLS  # one record in force a cell


def edit(desk: Desk, cells: list[tuple[int, int, int]], n: int, *, seed: int) -> list[Edit]:
    """Type over what was last seen; after a conflict what the other has stored is what is seen."""
    chance, client, seen, log = random.Random(seed), Client(desk.port, desk.cookies), {}, []
    for _ in range(n):
        cell = chance.choice(cells)
        text = str(chance.randint(1, 4))
        said = desk.send(client, Typed(*cell, text), text, seen.get(cell))
        log.append(Edit(text, seen.get(cell), said))
        seen[cell] = said["theirs"]["id"] if said["state"] == "conflict" else said["id"]
    return log


def is_own(each: Edit, stored: dict) -> bool:
    """Whether the answer is about a record that this edit made, and not about an equal one that stood already."""
    return each.said["state"] == "saved" and stored[each.said["id"]][0] == each.replaces
