from django.urls import URLPattern, path

from assessments.views import assessments, entry, observe
from lrm.later import LaterViews

paper = LaterViews("assessments.views.paper")

urlpatterns: list[URLPattern] = [
    path("enter/", assessments.enter, name="enter"),
    path("sections/<int:pk>/enter/", assessments.enter, name="section_enter"),
    path("sections/<int:pk>/assessments/new/", assessments.assessment_new, name="assessment_new"),
    path("assessments/<int:pk>/edit/", assessments.assessment_edit, name="assessment_edit"),
    path("assessments/<int:pk>/archive/", assessments.assessment_archive, name="assessment_archive"),
    path("assessments/<int:pk>/enter/", entry.assessment_enter, name="assessment_enter"),
    path("assessments/<int:pk>/cells/", entry.assessment_cells, name="assessment_cells"),
    path("assessments/<int:pk>/note/", entry.result_note, name="result_note"),
    path("assessments/<int:pk>/paper/", paper.assessment_paper, name="assessment_paper"),
    path("observe/", observe.observe, name="observe"),
    path("sections/<int:pk>/observe/", observe.section_observe, name="section_observe"),
    path("sections/<int:pk>/observe/seen/", observe.observe_seen, name="observe_seen"),
]
