from django.urls import URLPattern, path

from paths.views import try_again, try_places

urlpatterns: list[URLPattern] = [
    path("try-again/", try_again.try_new, name="try_new"),
    path("try-again/<int:pk>/", try_again.try_request, name="try_request"),
    path("try-again/<int:pk>/change/", try_again.try_change, name="try_change"),
    path("try-again/<int:pk>/do/", try_again.try_act, name="try_act"),
    path("ready/", try_places.try_requests, name="try_requests"),
    path("ready/open/", try_places.try_open, name="try_open"),
    path("ready/<int:pk>/answer/", try_places.try_answer, name="try_answer"),
    path("ready/places/<int:pk>/start/", try_places.try_start, name="try_start"),
    path("ready/places/<int:pk>/close/", try_places.try_close, name="try_close"),
]
