from assessments.models.assessment import Assessment, AssessmentStandard, SectionStandard
from assessments.models.calibration import CalibrationRun, CalibrationStart, CalibrationVersion
from assessments.models.carry_over import CarriedPair, CarryOver
from assessments.models.evidence import Evidence, EvidenceErasure, OverrideReason, ResultNote
from assessments.models.groups import Group, GroupMember, GroupSuggestion, GroupTask, KeptThought, OwnPath, Wish
from assessments.models.kept_counts import KeptCount, KeptCounts, KeptDomain
from assessments.models.mastery import Mastery, MasteryDay, ModelState, RosterVersion
from assessments.models.outbox import MarkFailure, StaleMark, StaleSection, SuggestionFailure
from assessments.models.parent_points import ParentPoints
from assessments.models.policy import MasteryPolicy
from assessments.models.rating import SelfRating
from assessments.models.rollup import Publication, Rollup, RollupDay, RollupDelta

__all__ = [
    "Assessment",
    "AssessmentStandard",
    "CalibrationRun",
    "CalibrationStart",
    "CalibrationVersion",
    "CarriedPair",
    "CarryOver",
    "Evidence",
    "EvidenceErasure",
    "Group",
    "GroupMember",
    "GroupSuggestion",
    "GroupTask",
    "KeptCount",
    "KeptCounts",
    "KeptDomain",
    "KeptThought",
    "MarkFailure",
    "Mastery",
    "MasteryDay",
    "MasteryPolicy",
    "ModelState",
    "OverrideReason",
    "OwnPath",
    "ParentPoints",
    "Publication",
    "ResultNote",
    "Rollup",
    "RollupDay",
    "RollupDelta",
    "RosterVersion",
    "SectionStandard",
    "SelfRating",
    "StaleMark",
    "StaleSection",
    "SuggestionFailure",
    "Wish",
]
