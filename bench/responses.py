"""The response data beside the repository, as histories of results in the order in which they were given."""

import csv
import gzip
from pathlib import Path

import numpy as np

from assessments.mastery.events import NONE, History, history

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "responses"
ITEMS_2009, SEQUENCES_2015 = "assistments2009_items.csv.gz", "assistments2015_sequences_train_valid.csv.gz"
_LONGEST_CELL = 1 << 26


def read(name: str, folder: Path = FOLDER) -> History:
    """Every response of a file: score 0 or 1, one event each, sorted by learner, oldest first.

    The files state an order and no time, so that all of it happens at one instant. The 2015 file has no items.
    """
    reader = {ITEMS_2009: _items_2009, SEQUENCES_2015: _sequences_2015}[name]
    with gzip.open(folder / name, "rt", newline="") as file:
        learner, standard, item, score = (np.array(column) for column in zip(*reader(file), strict=True))
    order = np.argsort(learner, kind="stable")
    return history(
        learner=learner[order],
        standard=standard[order],
        ts=0.0,
        points=score[order],
        possible=1.0,
        item=item[order],
    )


def _items_2009(file):
    for row in csv.DictReader(file):
        yield int(row["user_id"]), int(row["skill_id"]), int(row["item_id"]), int(row["correct"])


def _sequences_2015(file):
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        for row in csv.DictReader(file):
            pairs = zip(row["concepts"].split(","), row["responses"].split(","), strict=True)
            yield from ((int(row["uid"]), int(skill), NONE, int(right)) for skill, right in pairs if skill != "-1")
    finally:
        csv.field_size_limit(limit)
