"""Routes of the API, below /api/v1/: schools, classes and people."""

from django.urls import URLPattern, path

from lrm.api.later import LaterView

urlpatterns: list[URLPattern] = [
    path("schools/", LaterView("profiles.api.schools.Schools"), name="api_schools"),
    path("schools/<int:pk>/", LaterView("profiles.api.schools.OneSchool"), name="api_school"),
    path("rosters/", LaterView("profiles.api.classes.Rosters"), name="api_rosters"),
    path("rosters/<int:pk>/", LaterView("profiles.api.classes.OneRoster"), name="api_roster"),
    path("sections/", LaterView("profiles.api.classes.Sections"), name="api_sections"),
    path("sections/<int:pk>/", LaterView("profiles.api.classes.OneSection"), name="api_section"),
    path("enrollments/", LaterView("profiles.api.people.Enrollments"), name="api_enrollments"),
    path("learners/", LaterView("profiles.api.people.Learners"), name="api_learners"),
    path("learners/<int:pk>/", LaterView("profiles.api.people.OneLearner"), name="api_learner"),
]
