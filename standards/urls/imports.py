from django.urls import URLPattern, path

from lrm.later import LaterViews

views = LaterViews("standards.views.imports")

urlpatterns: list[URLPattern] = [
    path("standards/import/", views.standards_import, name="standards_import"),
    path("standards/import/<uuid:uuid>/", views.standards_import_check, name="standards_import_check"),
    path("standards/import/<uuid:uuid>/progress/", views.standards_import_progress, name="standards_import_progress"),
    path("standards/import/<uuid:uuid>/differences.csv", views.standards_import_csv, name="standards_import_csv"),
    path("standards/import/<uuid:uuid>/apply/", views.standards_import_apply, name="standards_import_apply"),
    path("standards/import/<uuid:uuid>/discard/", views.standards_import_discard, name="standards_import_discard"),
]
