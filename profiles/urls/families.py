from django.urls import URLPattern, path

from lrm.later import LaterViews

families = LaterViews("profiles.views.families")

urlpatterns: list[URLPattern] = [
    path("families/", families.families, name="families"),
    path("families/<int:pk>/", families.guardian_change, name="guardian_change"),
    path("learners/<int:pk>/family/", families.family, name="learner_family"),
    path("learners/<int:pk>/looked/", families.who_looked, name="who_looked"),
]
