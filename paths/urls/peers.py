from django.urls import URLPattern, path

from lrm.later import LaterViews

cheers = LaterViews("paths.views.cheers")
class_helping = LaterViews("paths.views.class_helping")
helping = LaterViews("paths.views.helping")

urlpatterns: list[URLPattern] = [
    path("helping/", helping.my_helping, name="my_helping"),
    path("helping/notes/<int:pk>/", helping.note_take_back, name="note_take_back"),
    path("helping/pairs/<int:pk>/", helping.pair_act, name="pair_act"),
    path("helping/pairs/<int:pk>/tell/", helping.pair_tell, name="pair_tell"),
    path("learners/<int:pk>/helping/", helping.learner_helping, name="learner_helping"),
    path("sections/helping/", class_helping.class_helping, name="class_helping"),
    path("sections/<int:pk>/helping/", class_helping.section_helping, name="section_helping"),
    path("sections/<int:pk>/helping/switch/", class_helping.helping_switch, name="helping_switch"),
    path("helping/pairs/<int:pk>/end/", class_helping.pair_end, name="pair_end"),
    path("helping/reports/<int:pk>/", class_helping.peer_report_decide, name="peer_report_decide"),
    path("cheers/", cheers.good_news, name="good_news"),
    path("cheers/<int:pk>/", cheers.cheer, name="cheer"),
    path("cheers/<int:pk>/stop/", cheers.news_stop, name="news_stop"),
    path("cheers/<int:pk>/tell/", cheers.news_tell, name="news_tell"),
]
