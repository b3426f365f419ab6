from django.urls import URLPattern, path

from profiles.views import roster_settings, rosters

urlpatterns: list[URLPattern] = [
    path("students/", rosters.learners, name="learners"),
    path("rosters/<int:pk>/", rosters.roster, name="roster"),
    path("rosters/<int:pk>/add/", rosters.roster_add, name="roster_add"),
    path("rosters/<int:pk>/settings/", roster_settings.roster_settings, name="roster_settings"),
    path("rosters/<int:pk>/class-code/", roster_settings.roster_class_code, name="roster_class_code"),
    path("rosters/<int:pk>/cards/", roster_settings.roster_cards, name="roster_cards"),
    path("enrollments/<int:pk>/withdraw/", rosters.enrollment_withdraw, name="enrollment_withdraw"),
    path("enrollments/<int:pk>/undo/", rosters.enrollment_undo, name="enrollment_undo"),
    path("enrollments/<int:pk>/renew/", rosters.enrollment_renew, name="enrollment_renew"),
]
