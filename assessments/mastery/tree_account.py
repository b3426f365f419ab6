"""What the tree's belief about one standard is made of: the pull of each result, practice, a teacher's judgement."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.mastery.calibration import Calibration
from assessments.mastery.events import History
from assessments.mastery.scale import Scale
from assessments.mastery.tree import DEFAULT_CONSTANTS, Constants, LearnerState, new_state, replay_steps


@dataclass(frozen=True)
class PairAccount:
    """The parts of the standard's own deviation m_k right after the last row, in logits; they sum to it.

    state: of the learner.    pulls: by ledger record, after all later fading, oldest first.
    practice: what each result added by itself.
    override, override_record: what is left of the newest level set by a teacher, which holds all that came before it.
    """

    state: LearnerState
    pulls: dict[int, float]
    practice: float
    override: float
    override_record: int | None


def account_of(
    rows: History,
    *,
    standard: int,
    scale: Scale,
    offsets: Mapping[int, float] | None = None,
    calibration: Calibration | None = None,
    constants: Constants = DEFAULT_CONSTANTS,
) -> PairAccount:
    """The account of one learner on one standard, from all of the learner's rows in the subject, in replay order.

    calibration: the version in force, instead of offsets; it brings the difficulty of items too.
    Raises ValueError: rows of more than one learner.
    """
    state = new_state(constants)
    pulls: dict[int, float] = {}
    practice, override, override_record = 0.0, 0.0, None
    terms = None if calibration is None else calibration.terms(rows)
    for row, step in replay_steps(state, rows, scale=scale, offsets=offsets, terms=terms, constants=constants):
        if rows.standard[row] != standard:
            continue
        if step is None:  # an override starts this standard anew: what was pulled before is in it
            pulls, practice = {}, 0.0
            override, override_record = state.standards[standard].m, int(rows.record[row])
            continue
        pulls = {record: pull * step.fade for record, pull in pulls.items()}
        record = int(rows.record[row])
        pulls[record] = pulls.get(record, 0.0) + step.pull
        practice = practice * step.fade + constants.practice
        override *= step.fade
    return PairAccount(state, pulls, practice, override, override_record)
