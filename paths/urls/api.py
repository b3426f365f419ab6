"""Routes of the API, below /api/v1/: goals and paths."""

from django.urls import URLPattern, path

from lrm.api.later import LaterView

urlpatterns: list[URLPattern] = [
    path("goals/", LaterView("paths.api.goals.Goals"), name="api_goals"),
    path("goals/<int:pk>/", LaterView("paths.api.goals.OneGoal"), name="api_goal"),
    path("goals/<int:pk>/check-ins/", LaterView("paths.api.goals.GoalCheckIns"), name="api_goal_check_ins"),
    path("learners/<int:pk>/goals/", LaterView("paths.api.goals.LearnerGoals"), name="api_learner_goals"),
    path("paths/", LaterView("paths.api.paths.Paths"), name="api_paths"),
    path("paths/<int:pk>/", LaterView("paths.api.paths.OnePath"), name="api_path"),
    path("steps/<int:pk>/done/", LaterView("paths.api.paths.StepDone"), name="api_step_done"),
]
