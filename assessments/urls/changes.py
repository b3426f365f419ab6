from django.urls import URLPattern, path

from lrm.later import LaterViews

changes = LaterViews("assessments.views.changes")

urlpatterns: list[URLPattern] = [
    path("changes/<str:ticket>/", changes.class_version, name="class_version"),
]
