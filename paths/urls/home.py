from django.urls import URLPattern, path

from paths.views import home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
]
