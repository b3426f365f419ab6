from django.urls import URLPattern, path

from lrm.later import LaterViews

done = LaterViews("profiles.views.roster_imports")
views = LaterViews("profiles.views.roster_import")

urlpatterns: list[URLPattern] = [
    path("rosters/import/", views.roster_import, name="roster_import"),
    path("rosters/import/<uuid:uuid>/", views.roster_import_check, name="roster_import_check"),
    path("rosters/import/brake/", views.roster_import_brake, name="roster_import_brake"),
    path("rosters/import/<uuid:uuid>/progress/", views.roster_import_progress, name="roster_import_progress"),
    path("rosters/import/<uuid:uuid>/settle/", views.roster_import_settle, name="roster_import_settle"),
    path("rosters/import/<uuid:uuid>/apply/", views.roster_import_apply, name="roster_import_apply"),
    path("rosters/import/<uuid:uuid>/discard/", views.roster_import_discard, name="roster_import_discard"),
    path("rosters/import/<uuid:uuid>/refused.csv", views.roster_import_refused, name="roster_import_refused"),
    path("rosters/import/<uuid:uuid>/report.csv", views.roster_import_report, name="roster_import_report"),
    path("rosters/imports/<uuid:uuid>/", done.roster_import_one, name="roster_import_one"),
    path("rosters/imports/<uuid:uuid>/undo/", done.roster_import_undo, name="roster_import_undo"),
    path(
        "rosters/imports/<uuid:uuid>/undo/progress/",
        done.roster_import_undo_progress,
        name="roster_import_undo_progress",
    ),
]
