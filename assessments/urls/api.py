"""Routes of the API, below /api/v1/."""

from django.urls import URLPattern, path

from lrm.api.later import LaterView

urlpatterns: list[URLPattern] = [
    path("assessments/", LaterView("assessments.api.assessments.Assessments"), name="api_assessments"),
    path("assessments/<int:pk>/", LaterView("assessments.api.assessments.OneAssessment"), name="api_assessment"),
    path(
        "assessments/<int:pk>/results/",
        LaterView("assessments.api.sending.AssessmentResults"),
        name="api_assessment_results",
    ),
    path(
        "sections/<int:pk>/assessments/",
        LaterView("assessments.api.sending.SectionAssessments"),
        name="api_section_assessments",
    ),
    path("sections/<int:pk>/results/", LaterView("assessments.api.sending.SectionResults"), name="api_section_results"),
    path("mastery/", LaterView("assessments.api.mastery.Levels"), name="api_mastery"),
    path(
        "learners/<int:pk>/mastery/<int:standard_id>/",
        LaterView("assessments.api.mastery.OneReceipt"),
        name="api_receipt",
    ),
    path("results/", LaterView("assessments.api.assessments.Results"), name="api_results"),
    path("sections/<int:pk>/groups/", LaterView("assessments.api.groups.SectionGroups"), name="api_section_groups"),
    path(
        "sections/<int:pk>/suggestion/",
        LaterView("assessments.api.suggestions.SectionSuggestion"),
        name="api_section_suggestion",
    ),
    path(
        "sections/<int:pk>/suggestion/accept/",
        LaterView("assessments.api.suggestions.SuggestionAccept"),
        name="api_suggestion_accept",
    ),
    path("groups/<int:pk>/", LaterView("assessments.api.groups.OneGroup"), name="api_group"),
    path("groups/<int:pk>/close/", LaterView("assessments.api.groups.GroupClose"), name="api_group_close"),
]
