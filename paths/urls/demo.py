from django.urls import URLPattern, path

from paths.views import demo

urlpatterns: list[URLPattern] = [
    path("demo/enter/<slug:role>/", demo.demo_enter, name="demo_enter"),
]
