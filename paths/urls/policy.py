from django.urls import URLPattern, path

from lrm.later import LaterViews

policy_lines = LaterViews("paths.views.policy_lines")

urlpatterns: list[URLPattern] = [
    path("policy/today/", policy_lines.policy_today, name="policy_today"),
    path("policy/lines/<slug:line>/", policy_lines.policy_line, name="policy_line"),
    path("policy/rules/<int:pk>/withdraw/", policy_lines.policy_rule_withdraw, name="policy_rule_withdraw"),
]
