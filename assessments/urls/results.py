from django.urls import URLPattern, path

from lrm.later import LaterViews

AT = "sections/<int:pk>/results/import/"

views = LaterViews("assessments.views.results_file")

urlpatterns: list[URLPattern] = [
    path(AT, views.section_results_import, name="section_results_import"),
    path(AT + "<uuid:uuid>/", views.section_results_check, name="section_results_check"),
    path(AT + "<uuid:uuid>/apply/", views.section_results_apply, name="section_results_apply"),
    path(AT + "<uuid:uuid>/discard/", views.section_results_discard, name="section_results_discard"),
    path(AT + "<uuid:uuid>/refused.csv", views.section_results_refused, name="section_results_refused"),
]
