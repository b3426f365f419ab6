"""What the matched comparison makes of learners among whom nothing happened, and of the same with 6.7 points given.

A pseudo-trial (engine.md 5.1): of those with at most one of their first three answers right 70 % are called treated, of
the others 15 %, by a seeded draw; nobody did anything. A cell is one learner on one standard: its first three results,
what the evidence tree expected after them, and its next three. On real answers where they lie beside the repository,
with learners dealt to forty sections, and always on simulated ones, whose sections differ.
"""

import sys
from dataclasses import dataclass

import numpy as np

from assessments.impact.matched import compare, make_units
from assessments.mastery.calibration import calibrate
from assessments.mastery.events import History, history
from assessments.mastery.scale import DEFAULT_SCALE
from assessments.mastery.tree_replay import replay_traced
from bench.responses import FOLDER, ITEMS_2009, SEQUENCES_2015, read

TRUE_EFFECTS = {"nothing": 0.0, "6.7_points": 1 / 15}
DRAWS, SMALL_DRAWS = 100, 20
SECTIONS = 40
IN_NEED, OTHERS = 0.70, 0.15
EARLIER = LATER = 3
WITHIN_POINTS = 1.0
COVERED = (0.88, 0.97)
SHORT = {ITEMS_2009: "a09", SEQUENCES_2015: "a15"}
MOST_CELLS = 6000


@dataclass(frozen=True)
class Cells:
    """(cells,) each: mean of the first three scores, what was expected then, and the mean of the next three."""

    learner: np.ndarray
    first: np.ndarray
    expected: np.ndarray
    observed: np.ndarray

    def __len__(self):
        return len(self.learner)

    def take(self, rows):
        return Cells(*(column[rows] for column in vars(self).values()))


def rows(small, folder=FOLDER):
    """Yield the rows of each set; a message where the real data are absent."""
    for name in (ITEMS_2009, SEQUENCES_2015):
        if not (folder / name).exists():
            print(f"impact: skipped {name}, which is not under ../shared/data/responses", file=sys.stderr)
        elif not small or name == ITEMS_2009:
            yield from measure(SHORT[name], cells_of(read(name, folder)), small=small)
    yield from measure("simulated", cells_of(simulated(600 if small else 1500)), section_of=taught_in, small=small)


def cells_of(responses: History) -> Cells:
    """Every learner and standard with six results. Offsets are calibrated on all results, items are left alone."""
    responses = History(**(vars(responses) | {"item": np.full(len(responses), -1)}))
    version = calibrate(responses, scale=DEFAULT_SCALE)
    _, trace = replay_traced(responses, scale=DEFAULT_SCALE, **version.terms(responses)._asdict())
    order = np.lexsort((np.arange(len(responses)), responses.standard, responses.learner))
    learner, standard = responses.learner[order], responses.standard[order]
    new = np.append(True, (learner[1:] != learner[:-1]) | (standard[1:] != standard[:-1]))
    starts = np.flatnonzero(new)
    long = starts[np.diff(np.append(starts, len(order))) >= EARLIER + LATER]
    at = order[long[:, None] + np.arange(EARLIER + LATER)]
    scores = responses.scores(DEFAULT_SCALE)[at]
    return Cells(
        learner[long],
        scores[:, :EARLIER].mean(axis=1),
        trace.estimate[at[:, EARLIER - 1]],
        scores[:, EARLIER:].mean(axis=1),
    )


def taught_in(learner):
    """The sections of simulated learners."""
    return learner % SECTIONS


def simulated(learners: int, *, standards: int = 4, seed: int = 2026) -> History:
    """Answers of invented learners in forty sections that teach a little better or worse; right or wrong, six each."""
    rng = np.random.default_rng(seed)
    per_cell = EARLIER + LATER
    ability = rng.normal(0, 0.95, learners) + rng.normal(0, 0.1, SECTIONS)[taught_in(np.arange(learners))]
    hardness = rng.normal(-0.4, 0.6, standards)
    bent = rng.normal(0, 0.55, (learners, standards))
    learning = 0.05 * np.arange(per_cell)
    shown = (ability[:, None] + bent - hardness)[:, :, None] + learning
    right = rng.random(shown.shape) < 1 / (1 + np.exp(-shown))
    who, which, _ = np.indices(shown.shape)
    return history(
        learner=who.ravel(), standard=which.ravel(), ts=0.0, points=right.ravel().astype(float), possible=1.0
    )


def measure(name, cells, *, section_of=None, small=False, seed=2026):
    """Rows of one set of cells: how far off, and how often the interval holds the truth.

    section_of: learners -> their sections; without it they are dealt to forty anew in each draw.
    """
    draws = SMALL_DRAWS if small else DRAWS
    if len(cells) > MOST_CELLS:
        cells = cells.take(np.sort(np.random.default_rng(seed).choice(len(cells), MOST_CELLS, replace=False)))
    size = f"{len(cells):,} cells of {len(np.unique(cells.learner)):,} learners, {draws} draws"
    for truth, added in TRUE_EFFECTS.items():
        tried = [_trial(cells, added, seed + draw, section_of) for draw in range(draws)]
        found = np.array([(one.effect, one.lo, one.hi, one.naive) for one in tried])
        points = 100 * added
        off = abs(found[:, 0].mean() - points)
        covered = ((found[:, 1] <= points) & (points <= found[:, 2])).mean()
        yield _row(f"{name}.{truth}.off_by", size, off, "points", WITHIN_POINTS, off / WITHIN_POINTS)
        yield _row(
            f"{name}.{truth}.covered", size, covered, "share", "88 to 97 %", None if small else _outside(covered)
        )
        yield _row(f"{name}.{truth}.naive_gain", size, found[:, 3].mean(), "points", None, None)
        yield _row(f"{name}.{truth}.interval", size, (found[:, 2] - found[:, 1]).mean(), "points wide", None, None)


def _trial(cells, added, seed, section_of):
    """Who is called treated, and the effect that is found. Raises ValueError where it is refused."""
    rng = np.random.default_rng(seed)
    sections = _dealt(cells.learner, rng) if section_of is None else section_of(cells.learner)
    is_treated = rng.random(len(cells)) < np.where(cells.first < 0.5, IN_NEED, OTHERS)
    # Scores end at 1, so the effect closes a share of what is open: `added` in the mean of the treated.
    open_share = 1 - cells.observed
    share = added / open_share[is_treated].mean()
    found = compare(
        make_units(
            learner=cells.learner,
            section=sections,
            is_treated=is_treated,
            observed=cells.observed + share * open_share * is_treated,
            expected=cells.expected,
            first=cells.first,
        ),
        seed=seed,
    )
    if found.effect is None:
        raise ValueError(f"The comparison was refused: {found.refused}")
    return found.effect


def _dealt(learner, rng):
    """A section for each learner, the same for all of their cells."""
    known, number = np.unique(learner, return_inverse=True)
    return (rng.permutation(len(known)) % SECTIONS)[number]


def _outside(covered):
    """1 at either end of what is wanted, less inside, more outside."""
    middle, reach = sum(COVERED) / 2, (COVERED[1] - COVERED[0]) / 2
    return abs(covered - middle) / reach


def _row(name, size, value, unit, limit, ratio):
    return {
        "name": f"impact.{name}",
        "size": size,
        "value": round(float(value), 4),
        "unit": unit,
        "limit": limit,
        "ratio": None if ratio is None else round(float(ratio), 3),
    }
