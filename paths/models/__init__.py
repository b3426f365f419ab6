from paths.models.goal import CheckIn, Goal, GoalRevision, GoalStep, Reflection
from paths.models.path import Path, Step

__all__ = ["CheckIn", "Goal", "GoalRevision", "GoalStep", "Path", "Reflection", "Step"]
