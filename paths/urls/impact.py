from django.urls import URLPattern, path

from lrm.later import LaterViews

impact = LaterViews("paths.views.impact")

urlpatterns: list[URLPattern] = [
    path("impact/", impact.impact_questions, name="impact"),
    path("impact/ask/", impact.impact_ask, name="impact_ask"),
    path("impact/<uuid:uuid>/", impact.impact_answer, name="impact_answer"),
    path("impact/<uuid:uuid>/progress/", impact.impact_progress, name="impact_progress"),
    path("impact/<uuid:uuid>/again/", impact.impact_again, name="impact_again"),
    path("impact/<uuid:uuid>/withdraw/", impact.impact_withdraw, name="impact_withdraw"),
    path("impact/<uuid:uuid>/answer.csv", impact.impact_csv, name="impact_csv"),
]
