from django.urls import URLPattern, path

from lrm.later import LaterViews
from paths.views import home, news, today

shown_at_home = LaterViews("paths.views.shown_at_home")

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("show/<int:standard_pk>/", shown_at_home.show_rise, name="show_rise"),
    path("shown/<int:pk>/take-back/", shown_at_home.show_rise_take_back, name="show_rise_take_back"),
    path("learners/<int:pk>/shown/", shown_at_home.shown_at_home, name="shown_at_home"),
    path("today/", today.today, name="today"),
    path("today/put-off/", today.today_put_off, name="today_put_off"),
    path("today/take-back/", today.today_take_back, name="today_take_back"),
    path("today/beside/", news.today_beside, name="today_beside"),
    path("today/done/", news.today_done, name="today_done"),
    path("today/news/", news.news, name="news"),
    path("today/news/undo/", news.news_undo, name="news_undo"),
]
