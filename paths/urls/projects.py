from django.urls import URLPattern, path

from paths.views import project_acts as acts
from paths.views import projects

urlpatterns: list[URLPattern] = [
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<int:pk>/steps/<int:step>/", acts.project_step, name="project_step"),
    path("projects/<int:pk>/time/", acts.project_time, name="project_time"),
    path("projects/<int:pk>/time/<int:time>/out/", acts.project_time_out, name="project_time_out"),
    path("projects/<int:pk>/time/<int:time>/confirm/", acts.project_time_confirm, name="project_time_confirm"),
    path("projects/<int:pk>/end/", acts.project_end, name="project_end"),
    path("projects/<int:pk>/put-away/", acts.project_put_away, name="project_put_away"),
    path("projects/<int:pk>/decide/", acts.project_decide, name="project_decide"),
    path("learners/<int:pk>/projects/", projects.learner_projects, name="learner_projects"),
]
