"""Routes of the API, below /api/v1/."""

from django.urls import URLPattern, path

from lrm.api.later import LaterView

urlpatterns: list[URLPattern] = [
    path("sections/", LaterView("assessments.api.sections.Sections"), name="api_sections"),
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
