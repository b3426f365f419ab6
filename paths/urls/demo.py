from django.urls import URLPattern, path

from lrm.later import LaterViews

demo = LaterViews("paths.views.demo")

urlpatterns: list[URLPattern] = [
    path("demo/enter/<slug:role>/", demo.demo_enter, name="demo_enter"),
]
