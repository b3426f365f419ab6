from django.urls import URLPattern, path

from paths.views import home, news, today

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("today/", today.today, name="today"),
    path("today/put-off/", today.today_put_off, name="today_put_off"),
    path("today/take-back/", today.today_take_back, name="today_take_back"),
    path("today/beside/", news.today_beside, name="today_beside"),
    path("today/done/", news.today_done, name="today_done"),
    path("today/news/", news.news, name="news"),
    path("today/news/undo/", news.news_undo, name="news_undo"),
]
