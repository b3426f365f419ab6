from django.urls import URLPattern, path

from lrm.later import Later

gradebook = Later("assessments.views.gradebook.gradebook")

urlpatterns: list[URLPattern] = [path("gradebook/", gradebook, name="gradebook")]
