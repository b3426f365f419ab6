from django.urls import URLPattern, path

from profiles.views import roster_import as views

urlpatterns: list[URLPattern] = [
    path("rosters/import/", views.roster_import, name="roster_import"),
    path("rosters/import/<uuid:uuid>/", views.roster_import_check, name="roster_import_check"),
    path("rosters/import/<uuid:uuid>/settle/", views.roster_import_settle, name="roster_import_settle"),
    path("rosters/import/<uuid:uuid>/apply/", views.roster_import_apply, name="roster_import_apply"),
    path("rosters/import/<uuid:uuid>/discard/", views.roster_import_discard, name="roster_import_discard"),
    path("rosters/import/<uuid:uuid>/refused.csv", views.roster_import_refused, name="roster_import_refused"),
]
