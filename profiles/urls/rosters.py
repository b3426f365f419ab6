from django.urls import URLPattern, path

from profiles.views import class_moves, class_staff, merging, roster_history, roster_settings, rosters

urlpatterns: list[URLPattern] = [
    path("students/", rosters.learners, name="learners"),
    path("rosters/<int:pk>/", rosters.roster, name="roster"),
    path("rosters/<int:pk>/add/", rosters.roster_add, name="roster_add"),
    path("rosters/<int:pk>/settings/", roster_settings.roster_settings, name="roster_settings"),
    path("rosters/<int:pk>/class-code/", roster_settings.roster_class_code, name="roster_class_code"),
    path("rosters/<int:pk>/cards/", roster_settings.roster_cards, name="roster_cards"),
    path("rosters/<int:pk>/staff/add/", class_staff.roster_staff_add, name="roster_staff_add"),
    path("rosters/<int:pk>/move/", class_moves.roster_move, name="roster_move"),
    path("rosters/<int:pk>/withdraw/", class_moves.roster_withdraw, name="roster_withdraw"),
    path("rosters/<int:pk>/history/", roster_history.roster_history_page, name="roster_history"),
    path("roster-steps/<uuid:uuid>/undo/", roster_history.roster_act_undo, name="roster_act_undo"),
    path("students/without-class/", class_moves.without_class, name="without_class"),
    path("students/duplicates/", merging.duplicates_page, name="duplicates"),
    path("students/merge/", merging.merge_page, name="learners_merge"),
    path("learner-merges/<uuid:uuid>/undo/", merging.merge_undo, name="learners_merge_undo"),
    path("enrollments/<int:pk>/last-day/", class_staff.enrollment_last_day, name="enrollment_last_day"),
    path("enrollments/<int:pk>/withdraw/", rosters.enrollment_withdraw, name="enrollment_withdraw"),
    path("enrollments/<int:pk>/undo/", rosters.enrollment_undo, name="enrollment_undo"),
    path("enrollments/<int:pk>/renew/", rosters.enrollment_renew, name="enrollment_renew"),
]
