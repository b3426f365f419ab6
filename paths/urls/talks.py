from django.urls import URLPattern, path

from lrm.later import LaterViews
from paths.views import staff_notes, talk_new, talk_widen, talks

digest = LaterViews("paths.views.digest")
talk_safety = LaterViews("paths.views.talk_safety")

urlpatterns: list[URLPattern] = [
    path("talks/", talks.talks, name="talks"),
    path("talks/<int:pk>/", talks.talk, name="talk"),
    path("talks/<int:pk>/news/", talks.talk_news, name="talk_news"),
    path("talks/<int:pk>/seen/", talks.talk_seen, name="talk_seen"),
    path("talks/<int:pk>/draft/", talks.talk_draft, name="talk_draft"),
    path("talks/<int:pk>/widen/", talk_widen.talk_widen, name="talk_widen"),
    path("talks/asked/<int:pk>/", talk_widen.talk_widen_answer, name="talk_widen_answer"),
    path("talks/told/", talk_safety.talk_reports, name="talk_reports"),
    path("talks/told/<int:pk>/", talk_safety.report_decide, name="report_decide"),
    path("talks/mail/", digest.digest, name="digest"),
    path("messages/<int:pk>/tell/", talk_safety.message_report, name="message_report"),
    path("messages/<int:pk>/hide/", talk_safety.message_hide, name="message_hide"),
    path("learners/<int:pk>/talks/", talks.learner_talks, name="learner_talks"),
    path("learners/<int:pk>/talks/new/", talk_new.talk_new, name="talk_new"),
    path("learners/<int:pk>/talks/draft/", talk_new.talk_new_draft, name="talk_new_draft"),
    path("learners/<int:pk>/staff-notes/", staff_notes.staff_notes, name="staff_notes"),
    path("staff-notes/<int:pk>/put-away/", staff_notes.staff_note_put_away, name="staff_note_put_away"),
]
