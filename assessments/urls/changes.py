from django.urls import URLPattern, path

from assessments.views import changes

urlpatterns: list[URLPattern] = [
    path("changes/<str:ticket>/", changes.class_version, name="class_version"),
]
