from django.urls import URLPattern, path

from lrm.later import LaterViews

views = LaterViews("assessments.views.carrying")

urlpatterns: list[URLPattern] = [
    path("standards/frameworks/<uuid:uuid>/carry/", views.carry_results, name="carry_results"),
    path("standards/carried/<int:pk>/undo/", views.carry_undo, name="carry_undo"),
]
