from django.urls import URLPattern, path

from assessments.views.gradebook import gradebook

urlpatterns: list[URLPattern] = [path("gradebook/", gradebook, name="gradebook")]
