from django.urls import URLPattern, path

from lrm.later import LaterViews

webhooks = LaterViews("profiles.views.webhooks")

urlpatterns: list[URLPattern] = [
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/messages/<int:delivery>/again/", webhooks.webhook_again, name="webhook_again"),
]
