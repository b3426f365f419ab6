from django.urls import URLPattern, path

from lrm.later import LaterViews

poll_files = LaterViews("paths.views.poll_files")
polls = LaterViews("paths.views.polls")

urlpatterns: list[URLPattern] = [
    path("polls/", polls.polls, name="polls"),
    path("polls/new/", polls.poll_new, name="poll_new"),
    path("polls/suggest/", polls.suggest, name="suggest"),
    path("polls/<int:pk>/", polls.poll, name="poll"),
    path("polls/answers/<uuid:uuid>/", poll_files.poll_file, name="poll_file"),
    path("polls/answers/<uuid:uuid>/preview/", poll_files.poll_preview, name="poll_preview"),
    path("polls/<int:pk>/end/", polls.poll_end, name="poll_end"),
    path("polls/<int:pk>/unmask/", polls.poll_unmask, name="poll_unmask"),
    path("polls/unmaskings/<int:pk>/", polls.unmasking_agree, name="unmasking_agree"),
]
