from django.urls import URLPattern, path

from lrm.later import LaterViews

proposals = LaterViews("paths.views.proposals")
templates = LaterViews("paths.views.templates")

urlpatterns: list[URLPattern] = [
    path("path-templates/", templates.path_templates, name="path_templates"),
    path("path-templates/new/", templates.path_template_new, name="path_template_new"),
    path("path-templates/<int:pk>/", templates.path_template, name="path_template"),
    path("path-templates/<int:pk>/give/", templates.path_template_give, name="path_template_give"),
    path("path-templates/<int:pk>/update/", templates.path_template_update, name="path_template_update"),
    path("path-templates/<int:pk>/archive/", templates.path_template_archive, name="path_template_archive"),
    path("path-acts/<uuid:act_uuid>/undo/", templates.path_template_take_back, name="path_template_take_back"),
    path("path/propose/", proposals.step_propose, name="step_propose"),
    path("step-proposals/", proposals.step_proposals, name="step_proposals"),
    path("step-proposals/<int:pk>/take-back/", proposals.proposal_take_back, name="proposal_take_back"),
    path("step-proposals/<int:pk>/answer/", proposals.proposal_answer, name="proposal_answer"),
]
