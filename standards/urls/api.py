"""Routes of the API, below /api/v1/: frameworks and standards."""

from django.urls import URLPattern, path

from lrm.api.later import LaterView

urlpatterns: list[URLPattern] = [
    path("frameworks/", LaterView("standards.api.views.Frameworks"), name="api_frameworks"),
    path("frameworks/<int:pk>/", LaterView("standards.api.views.OneFramework"), name="api_framework"),
    path("standards/", LaterView("standards.api.views.Standards"), name="api_standards"),
    path("standards/<int:pk>/", LaterView("standards.api.views.OneStandard"), name="api_standard"),
]
