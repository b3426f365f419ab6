from django.urls import URLPattern, path

from lrm.later import LaterViews

api_tokens = LaterViews("profiles.views.api_tokens")

urlpatterns: list[URLPattern] = [
    path("account/tokens/", api_tokens.api_tokens, name="api_tokens"),
    path("account/tokens/<int:pk>/revoke/", api_tokens.api_token_revoke, name="api_token_revoke"),
]
