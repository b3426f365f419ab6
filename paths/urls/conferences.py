from django.urls import URLPattern, path

from paths.views import conferences

urlpatterns: list[URLPattern] = [
    path("conferences/", conferences.conferences, name="conferences"),
    path("conferences/<int:pk>/", conferences.conference, name="conference"),
    path("conferences/<int:pk>/notes/", conferences.conference_notes, name="conference_notes"),
    path("conferences/<int:pk>/steps/", conferences.conference_step, name="conference_step"),
    path("conferences/<int:pk>/close/", conferences.conference_close, name="conference_close"),
    path("conferences/<int:pk>/open/", conferences.conference_reopen, name="conference_reopen"),
    path("next-steps/<int:pk>/", conferences.next_step, name="next_step"),
    path("learners/<int:pk>/conferences/", conferences.learner_conferences, name="learner_conferences"),
    path("learners/<int:pk>/conferences/new/", conferences.conference_new, name="conference_new"),
    path("learners/<int:pk>/talk-points/", conferences.talk_point_new, name="talk_point_new"),
    path("talk-points/<int:pk>/put-away/", conferences.talk_point_put_away, name="talk_point_put_away"),
]
