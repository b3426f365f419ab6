from django.urls import URLPattern, path

from lrm.later import LaterViews
from standards.views import browse as views

framework = LaterViews("standards.views.framework")

urlpatterns: list[URLPattern] = [
    path("standards/", views.standards, name="standards"),
    path("standards/search/", views.standards_search, name="standards_search"),
    path("standards/pick/", views.standards_pick, name="standards_pick"),
    path("standards/<int:pk>/", views.standard, name="standard"),
    path("standards/frameworks/<uuid:uuid>/", views.framework, name="framework"),
    path("standards/frameworks/<uuid:uuid>/public/", framework.framework_public, name="framework_public"),
    path("standards/frameworks/<uuid:uuid>/issuer/", framework.framework_issuer, name="framework_issuer"),
    path("standards/frameworks/<uuid:uuid>/package.json", framework.framework_file, name="framework_file"),
]
