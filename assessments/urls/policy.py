from django.urls import URLPattern, path

from lrm.later import LaterViews

calibrations = LaterViews("assessments.views.calibrations")
points = LaterViews("assessments.views.points")
policy = LaterViews("assessments.views.policy")
policy_trial = LaterViews("assessments.views.policy_trial")

urlpatterns: list[URLPattern] = [
    path("policy/", policy.policy, name="policy"),
    path("policy/new/", policy.policy_new, name="policy_new"),
    path("policy/new/students.csv", policy_trial.policy_csv, name="policy_csv"),
    path("policy/save/", policy.policy_save, name="policy_save"),
    path("policy/<int:pk>/withdraw/", policy.policy_withdraw, name="policy_withdraw"),
    path("policy/points/", points.policy_points, name="policy_points"),
    path("policy/points/<int:pk>/withdraw/", points.points_withdraw, name="points_withdraw"),
    path("policy/calibration/", calibrations.calibration_list, name="calibrations"),
    path("policy/calibration/<int:pk>/", calibrations.calibration_try, name="calibration_try"),
    path("policy/calibration/<int:pk>/students.csv", calibrations.calibration_csv, name="calibration_csv"),
    path("policy/calibration/<int:pk>/start/", calibrations.calibration_start, name="calibration_start"),
    path(
        "policy/calibration/starts/<int:pk>/withdraw/", calibrations.calibration_withdraw, name="calibration_withdraw"
    ),
]
