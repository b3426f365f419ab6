from django.urls import URLPattern, path

from lrm.later import LaterViews

integrations = LaterViews("profiles.views.integrations")

urlpatterns: list[URLPattern] = [
    path("integrations/", integrations.integrations, name="integrations"),
    path("integrations/<int:pk>/", integrations.integration, name="integration"),
    path("integrations/<int:pk>/end/", integrations.integration_end, name="integration_end"),
    path(
        "integrations/<int:pk>/tokens/<int:token>/revoke/", integrations.integration_revoke, name="integration_revoke"
    ),
]
