from paths.models.artifact import Artifact, ArtifactReply, ArtifactRevision, MediaRule
from paths.models.digest import DigestChoice
from paths.models.goal import CheckIn, Feedback, Goal, GoalRevision, GoalStep, Reflection
from paths.models.message import Message, MessageReport
from paths.models.path import Path, Step
from paths.models.review import ReviewLater
from paths.models.talk import Talk, TalkDraft, TalkSeen
from paths.models.talk_policy import TalkPolicy
from paths.models.today import TodaySnooze

__all__ = [
    "Artifact",
    "ArtifactReply",
    "ArtifactRevision",
    "CheckIn",
    "DigestChoice",
    "Feedback",
    "Goal",
    "GoalRevision",
    "GoalStep",
    "MediaRule",
    "Message",
    "MessageReport",
    "Path",
    "Reflection",
    "ReviewLater",
    "Step",
    "Talk",
    "TalkDraft",
    "TalkPolicy",
    "TalkSeen",
    "TodaySnooze",
]
