from paths.models.goal import CheckIn, Feedback, Goal, GoalRevision, GoalStep, Reflection
from paths.models.path import Path, Step
from paths.models.today import TodaySnooze

__all__ = ["CheckIn", "Feedback", "Goal", "GoalRevision", "GoalStep", "Path", "Reflection", "Step", "TodaySnooze"]
