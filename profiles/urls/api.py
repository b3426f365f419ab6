"""Routes of the API, below /api/v1/: schools, classes, people, and who is told of changes."""

from django.urls import URLPattern, path

from lrm.api.later import LaterView

WEBHOOKS = "profiles.api.webhook_registering"

urlpatterns: list[URLPattern] = [
    path("schools/", LaterView("profiles.api.schools.Schools"), name="api_schools"),
    path("schools/<int:pk>/", LaterView("profiles.api.schools.OneSchool"), name="api_school"),
    path("rosters/", LaterView("profiles.api.classes.Rosters"), name="api_rosters"),
    path("rosters/<int:pk>/", LaterView("profiles.api.classes.OneRoster"), name="api_roster"),
    path("sections/", LaterView("profiles.api.classes.Sections"), name="api_sections"),
    path("sections/<int:pk>/", LaterView("profiles.api.classes.OneSection"), name="api_section"),
    path("enrollments/", LaterView("profiles.api.people.Enrollments"), name="api_enrollments"),
    path("learners/", LaterView("profiles.api.people.Learners"), name="api_learners"),
    path("learners/<int:pk>/", LaterView("profiles.api.people.OneLearner"), name="api_learner"),
    path("webhooks/", LaterView(f"{WEBHOOKS}.Webhooks"), name="api_webhooks"),
    path("webhooks/<int:pk>/", LaterView(f"{WEBHOOKS}.OneWebhook"), name="api_webhook"),
    path("webhooks/<int:pk>/secret/", LaterView(f"{WEBHOOKS}.WebhookSecret"), name="api_webhook_secret"),
    path("webhooks/<int:pk>/ping/", LaterView(f"{WEBHOOKS}.WebhookPing"), name="api_webhook_ping"),
    path("webhooks/<int:pk>/deliveries/", LaterView(f"{WEBHOOKS}.WebhookDeliveries"), name="api_webhook_deliveries"),
]
