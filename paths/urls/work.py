from django.urls import URLPattern, path

from paths.views import hand_in, observed, work, work_files

urlpatterns: list[URLPattern] = [
    path("work/", work.my_work, name="my_work"),
    path("work/<int:pk>/", work.work, name="work"),
    path("work/<int:pk>/edit/", work.work_edit, name="work_edit"),
    path("work/<int:pk>/put-away/", work.work_put_away, name="work_put_away"),
    path("work/<int:pk>/reply/", work.work_reply, name="work_reply"),
    path("work/<int:pk>/file/", work_files.work_file, name="work_file"),
    path("work/<int:pk>/preview/", work_files.work_preview, name="work_preview"),
    path("learners/<int:pk>/handed-in/", work.learner_work, name="learner_work"),
    path("learners/<int:pk>/hand-in/", hand_in.hand_in, name="hand_in"),
    path("learners/<int:pk>/observed/", observed.observed_file, name="observed_file"),
]
