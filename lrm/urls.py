"""All routes. Each one's view declares a policy (lrm/policy.py); one that does not is refused and fails a test."""

from django.urls import URLPattern, URLResolver, include, path

from lrm import gallery, health
from lrm.api.later import LaterView
from lrm.later import LaterForPrograms
from lrm.still_here.views import still_here

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("assessments.urls.changes")),  # asked every second by each open class, so found first
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", LaterForPrograms("lrm.metrics.views.metrics"), name="metrics"),
    path("still-here/", still_here, name="still_here"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("api/v1/schema/", LaterView("lrm.api.schema.SchemaView"), name="api_schema"),
    path("api/v1/", include("profiles.urls.api")),
    path("api/v1/", include("standards.urls.api")),
    path("api/v1/", include("assessments.urls.api")),
    path("api/v1/", include("paths.urls.api")),
    path("ims/case/", include("standards.urls.case")),
    path("", include("profiles.urls.accounts")),
    path("", include("profiles.urls.api_tokens")),
    path("", include("profiles.urls.integrations")),
    path("", include("profiles.urls.webhooks")),
    path("", include("profiles.urls.families")),
    path("", include("profiles.urls.privacy")),
    path("", include("profiles.urls.own_sign_in")),
    path("", include("profiles.urls.staff")),
    path("", include("profiles.urls.rosters")),
    path("", include("profiles.urls.imports")),
    path("", include("standards.urls.browse")),
    path("", include("standards.urls.imports")),
    path("", include("assessments.urls.entry")),
    path("", include("assessments.urls.wall")),
    path("", include("assessments.urls.groups")),
    path("", include("assessments.urls.blocks")),
    path("", include("assessments.urls.school")),
    path("", include("assessments.urls.policy")),
    path("", include("assessments.urls.results")),
    path("", include("assessments.urls.carrying")),
    path("", include("assessments.urls.gradebook")),
    path("", include("paths.urls.home")),
    path("", include("paths.urls.goals")),
    path("", include("paths.urls.try_again")),
    path("", include("paths.urls.why")),
    path("", include("paths.urls.plans")),
    path("", include("paths.urls.templates")),
    path("", include("paths.urls.places")),
    path("", include("paths.urls.learners")),
    path("", include("paths.urls.work")),
    path("", include("paths.urls.projects")),
    path("", include("paths.urls.talks")),
    path("", include("paths.urls.conferences")),
    path("", include("paths.urls.polls")),
    path("", include("paths.urls.peers")),
    path("", include("paths.urls.data_check_ins")),
    path("", include("paths.urls.school_views")),
    path("", include("paths.urls.impact")),
    path("", include("paths.urls.policy")),
    path("", include("paths.urls.demo")),
]

handler400 = "lrm.errors.bad_request"
handler404 = "lrm.errors.not_found"
handler500 = "lrm.errors.server_error"
