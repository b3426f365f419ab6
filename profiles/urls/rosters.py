from django.urls import URLPattern, path

from lrm.later import LaterViews
from profiles.views import rosters

badges = LaterViews("profiles.views.badges")
class_moves = LaterViews("profiles.views.class_moves")
class_staff = LaterViews("profiles.views.class_staff")
merging = LaterViews("profiles.views.merging")
new_class = LaterViews("profiles.views.new_class")
roll_over = LaterViews("profiles.views.roll_over")
roster_history = LaterViews("profiles.views.roster_history")
roster_paste = LaterViews("profiles.views.roster_paste")
roster_settings = LaterViews("profiles.views.roster_settings")

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
    path("rosters/<int:pk>/paste/", roster_paste.roster_paste, name="roster_paste"),
    path("rosters/<int:pk>/print/", roster_paste.roster_print, name="roster_print"),
    path("rosters/<int:pk>/history/", roster_history.roster_history_page, name="roster_history"),
    path("roster-steps/<uuid:uuid>/undo/", roster_history.roster_act_undo, name="roster_act_undo"),
    path("students/without-class/", class_moves.without_class, name="without_class"),
    path("students/new-class/", new_class.class_new, name="class_new"),
    path("rosters/<int:pk>/remove/", new_class.class_remove, name="class_remove"),
    path("students/duplicates/", merging.duplicates_page, name="duplicates"),
    path("students/merge/", merging.merge_page, name="learners_merge"),
    path("students/told-apart/", merging.tell_apart, name="learners_told_apart"),
    path("students/told-apart/<uuid:uuid>/undo/", merging.tell_apart_undo, name="learners_told_apart_undo"),
    path("learner-merges/<uuid:uuid>/undo/", merging.merge_undo, name="learners_merge_undo"),
    path("students/next-year/", roll_over.roll_overs, name="roll_overs"),
    path("students/next-year/<uuid:uuid>/", roll_over.roll_over, name="roll_over"),
    path("students/next-year/<uuid:uuid>/classes/<int:pk>/", roll_over.roll_over_class, name="roll_over_class"),
    path("students/next-year/<uuid:uuid>/apply/", roll_over.roll_over_apply, name="roll_over_apply"),
    path("students/next-year/<uuid:uuid>/undo/", roll_over.roll_over_undo, name="roll_over_undo"),
    path("enrollments/<int:pk>/last-day/", class_staff.enrollment_last_day, name="enrollment_last_day"),
    path("rosters/<int:pk>/badges/", badges.roster_badges, name="roster_badges"),
    path("rosters/<int:pk>/badges/change/", badges.roster_badges_change, name="roster_badges_change"),
    path("badges/<int:pk>/revoke/", badges.badge_revoke, name="badge_revoke"),
    path("enrollments/<int:pk>/withdraw/", rosters.enrollment_withdraw, name="enrollment_withdraw"),
    path("enrollments/<int:pk>/undo/", rosters.enrollment_undo, name="enrollment_undo"),
    path("enrollments/<int:pk>/renew/", rosters.enrollment_renew, name="enrollment_renew"),
]
