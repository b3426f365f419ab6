"""How well the next response of an unseen learner is predicted: the evidence tree and every level method.

Learners are dealt into folds; each fold is predicted by what the other folds have taught (offsets and items of the
tree, the recalibration of a method), and each response from strictly earlier ones of that learner. A method reads one
standard alone: without an earlier result it says the base rate. Raw, its value counts as a chance as it stands.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from assessments.mastery.calibration import UNCALIBRATED, calibrate
from assessments.mastery.events import NONE
from assessments.mastery.methods import METHODS, Parameters, values_after_each
from assessments.mastery.scale import DEFAULT_SCALE
from assessments.mastery.tree_replay import replay_traced
from bench.measures import MEASURES, fit_recalibration
from bench.responses import FOLDER, ITEMS_2009, SEQUENCES_2015, read

FOLDS = 5
FIRST = 5
BASE_RATE = 0.65
SMALL = {ITEMS_2009: 400, SEQUENCES_2015: 1500}
LARGEST_ECE = 0.025
NEAR_ENOUGH = 0.005
PUBLISHED = {ITEMS_2009: 0.533, SEQUENCES_2015: 0.543}
"""Log-loss that the engine's specification states for the shipped defaults with calibrated offsets and items."""
SHORT = {ITEMS_2009: "a09", SEQUENCES_2015: "a15"}


@dataclass(frozen=True)
class Predicted:
    """The answers of one predictor to all responses, and what they are to be compared with."""

    name: str
    chance: np.ndarray
    limit: float | None = None


def rows(small, folder=FOLDER):
    """Yield one row for each data set, predictor, scope and measure; a message where the data are absent."""
    for name in (ITEMS_2009, SEQUENCES_2015):
        if not (folder / name).exists():
            print(f"quality: skipped {name}, which is not under ../shared/data/responses", file=sys.stderr)
            continue
        yield from measure(name, read(name, folder), most=SMALL[name] if small else None)


def measure(name, responses, *, most=None, seed=2026):
    """The rows of one data set.  most: how many learners at most, drawn by the seed; the limits hold for all only."""
    chance = np.random.default_rng(seed)
    learners = chance.permutation(np.unique(responses.learner))[:most]
    fold_of = dict(zip(learners.tolist(), (np.arange(len(learners)) % FOLDS).tolist(), strict=True))
    responses = responses.take(np.isin(responses.learner, learners))
    fold = np.array([fold_of[learner] for learner in responses.learner.tolist()])
    pairs = _Pairs.of(responses)
    right = responses.points
    size = f"{len(responses):,} responses of {len(learners):,} learners in {FOLDS} folds"
    scopes = {"all": slice(None), f"first_{FIRST}": pairs.position < FIRST}
    for predicted in _predictions(name, responses, fold, pairs, bounded=most is None):
        for scope, inside in scopes.items():
            for measured, (compute, unit) in MEASURES.items():
                value = compute(right[inside], predicted.chance[inside])
                limit = predicted.limit if (scope, measured) == ("all", "log_loss") else None
                yield _row(f"{SHORT[name]}.{predicted.name}.{scope}.{measured}", size, value, unit, limit)
        if predicted.name == "tree_without_items":
            ece = MEASURES["ece"][0](right, predicted.chance)
            yield _row(f"{SHORT[name]}.default_ece", size, ece, "share", LARGEST_ECE)


def _predictions(name, responses, fold, pairs, *, bounded):
    limit = PUBLISHED[name] + NEAR_ENOUGH if bounded else None
    without_items = replace(responses, item=np.full(len(responses), NONE))
    if (responses.item != NONE).any():
        yield Predicted("tree", _tree(responses, fold), limit)
        yield Predicted("tree_without_items", _tree(without_items, fold))
    else:
        yield Predicted("tree", (found := _tree(responses, fold)), limit)
        yield Predicted("tree_without_items", found)
    yield Predicted("tree_day_one", _tree(responses, fold, calibrated=False))
    for method in METHODS.values():
        raw = pairs.before(method)
        yield Predicted(f"{method.name}_raw", np.where(np.isnan(raw), BASE_RATE, raw))
        yield Predicted(method.name, _recalibrated(raw, pairs.position, responses.points, fold))


def _tree(responses, fold, *, calibrated=True):
    chance = np.full(len(responses), np.nan)
    for number in range(FOLDS):
        inside = fold == number
        version = calibrate(responses.take(~inside), scale=DEFAULT_SCALE) if calibrated else UNCALIBRATED
        own = responses.take(inside)
        _, trace = replay_traced(own, scale=DEFAULT_SCALE, **version.terms(own)._asdict())
        chance[inside] = trace.predicted
    return chance


def _recalibrated(raw, earlier, right, fold):
    chance = np.full(len(raw), np.nan)
    for number in range(FOLDS):
        inside = fold == number
        recalibrate = fit_recalibration(raw[~inside], earlier[~inside], right[~inside])
        chance[inside] = recalibrate(raw[inside], earlier[inside])
    return chance


@dataclass(frozen=True)
class _Pairs:
    """Responses by learner and standard. order: rows sorted by pair; position: of each row within its pair."""

    order: np.ndarray
    starts: np.ndarray
    position: np.ndarray
    points: np.ndarray

    @classmethod
    def of(cls, responses):
        order = np.lexsort((np.arange(len(responses)), responses.standard, responses.learner))
        learner, standard = responses.learner[order], responses.standard[order]
        new = np.append(True, (learner[1:] != learner[:-1]) | (standard[1:] != standard[:-1]))
        first = np.flatnonzero(new)
        starts = np.append(first, len(order))
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order)) - np.repeat(first, np.diff(starts))
        top = DEFAULT_SCALE.levels
        return cls(order, starts, position, 1.0 + (top - 1.0) * responses.points[order])

    def before(self, method):
        """(responses,) what the method said before each response, from 0 to 1; NaN without an earlier value.

        Right and wrong are the top and the bottom of the scale, and the value's place between them is the chance.
        """
        parameters = Parameters.on(DEFAULT_SCALE)
        after = values_after_each(method, self.points, np.ones(len(self.points)), self.starts, parameters)
        said = np.append(np.nan, after[:-1])
        said[self.starts[:-1]] = np.nan
        found = np.empty(len(said))
        found[self.order] = (said - 1.0) / (parameters.top - 1.0)
        return found


def _row(name, size, value, unit, limit):
    return {
        "name": f"quality.{name}",
        "size": size,
        "value": round(float(value), 4),
        "unit": unit,
        "limit": limit,
        "ratio": round(float(value) / limit, 3) if limit else None,
    }
