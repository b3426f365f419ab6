from django.urls import URLPattern, path

from assessments.views import points, policy, policy_trial

urlpatterns: list[URLPattern] = [
    path("policy/", policy.policy, name="policy"),
    path("policy/new/", policy.policy_new, name="policy_new"),
    path("policy/new/students.csv", policy_trial.policy_csv, name="policy_csv"),
    path("policy/save/", policy.policy_save, name="policy_save"),
    path("policy/<int:pk>/withdraw/", policy.policy_withdraw, name="policy_withdraw"),
    path("policy/points/", points.policy_points, name="policy_points"),
    path("policy/points/<int:pk>/withdraw/", points.points_withdraw, name="points_withdraw"),
]
