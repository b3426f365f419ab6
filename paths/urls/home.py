from django.urls import URLPattern, path

from paths.views import home, today

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("today/", today.today, name="today"),
    path("today/put-off/", today.today_put_off, name="today_put_off"),
    path("today/take-back/", today.today_take_back, name="today_take_back"),
]
