from paths.models.artifact import Artifact, ArtifactReply, ArtifactRevision
from paths.models.cheer import Cheer, SharedMoment
from paths.models.conference import Conference, ConferenceStaffNotes, NextStep, TalkPoint
from paths.models.data_check_in import DataCheckIn, DataCheckInMember, DataCheckInReader, DataDecision
from paths.models.digest import DigestChoice
from paths.models.goal import CheckIn, Feedback, Goal, GoalRevision, GoalStep, Reflection
from paths.models.goal_edit import GoalEdit
from paths.models.goal_template import GoalTemplate
from paths.models.impact import ImpactQuestion
from paths.models.message import Message, MessageReport
from paths.models.news_told import NewsTold
from paths.models.next_step import DismissedStep
from paths.models.path import Path, Step
from paths.models.peer import PeerClass, PeerMatch, PeerNote
from paths.models.peer_report import PeerReport
from paths.models.place import Opening, Place, Seat, Worked
from paths.models.poll import Poll, PollAnswer, PollHand, Unmasking
from paths.models.poll_file import PollFile
from paths.models.project import Project, ProjectClosing, ProjectEvent, ProjectStep, ProjectTime
from paths.models.proposal import StepProposal
from paths.models.review import ReviewLater
from paths.models.shown_at_home import ShownAtHome
from paths.models.starter import StarterSet
from paths.models.suggestion import SuggestionMark
from paths.models.talk import Talk, TalkDraft, TalkSeen
from paths.models.talk_widening import TalkWidening
from paths.models.template import PathTemplate, TemplateStep
from paths.models.today import TodaySnooze
from paths.models.try_request import TryPlace, TryRequest
from paths.models.week import WeekItem
from paths.models.why import WhyRead, WhyText

__all__ = [
    "Artifact",
    "ArtifactReply",
    "ArtifactRevision",
    "CheckIn",
    "Cheer",
    "Conference",
    "ConferenceStaffNotes",
    "DataCheckIn",
    "DataCheckInMember",
    "DataCheckInReader",
    "DataDecision",
    "DigestChoice",
    "DismissedStep",
    "Feedback",
    "Goal",
    "GoalEdit",
    "GoalRevision",
    "GoalStep",
    "GoalTemplate",
    "ImpactQuestion",
    "Message",
    "MessageReport",
    "NewsTold",
    "NextStep",
    "Opening",
    "Path",
    "PathTemplate",
    "PeerClass",
    "PeerMatch",
    "PeerNote",
    "PeerReport",
    "Place",
    "Poll",
    "PollAnswer",
    "PollFile",
    "PollHand",
    "Project",
    "ProjectClosing",
    "ProjectEvent",
    "ProjectStep",
    "ProjectTime",
    "Reflection",
    "ReviewLater",
    "Seat",
    "SharedMoment",
    "ShownAtHome",
    "StarterSet",
    "Step",
    "StepProposal",
    "SuggestionMark",
    "Talk",
    "TalkDraft",
    "TalkPoint",
    "TalkSeen",
    "TalkWidening",
    "TemplateStep",
    "TodaySnooze",
    "TryPlace",
    "TryRequest",
    "Unmasking",
    "WeekItem",
    "WhyRead",
    "WhyText",
    "Worked",
]
