from django.urls import URLPattern, path

from standards.views import browse as views

urlpatterns: list[URLPattern] = [
    path("standards/", views.standards, name="standards"),
    path("standards/search/", views.standards_search, name="standards_search"),
    path("standards/pick/", views.standards_pick, name="standards_pick"),
    path("standards/<int:pk>/", views.standard, name="standard"),
    path("standards/frameworks/<uuid:uuid>/", views.framework, name="framework"),
    path("standards/frameworks/<uuid:uuid>/public/", views.framework_public, name="framework_public"),
    path("standards/frameworks/<uuid:uuid>/issuer/", views.framework_issuer, name="framework_issuer"),
    path("standards/frameworks/<uuid:uuid>/package.json", views.framework_file, name="framework_file"),
]
