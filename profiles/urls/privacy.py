from django.urls import URLPattern, path

from lrm.later import LaterViews

adult_data = LaterViews("profiles.views.adult_data")
audit = LaterViews("profiles.views.audit")
erasures = LaterViews("profiles.views.erasures")
learner_data = LaterViews("profiles.views.learner_data")
privacy_page = LaterViews("profiles.views.privacy_page")
retention = LaterViews("profiles.views.retention")
subgroups = LaterViews("profiles.views.subgroups")

urlpatterns: list[URLPattern] = [
    path("learners/<int:pk>/data/", learner_data.learner_data, name="learner_data"),
    path("learners/<int:pk>/data/copy/", learner_data.copy_new, name="copy_new"),
    path("learners/<int:pk>/data/objection/", learner_data.learner_objection, name="learner_objection"),
    path("copies/", learner_data.copies, name="copies"),
    path("copies/<uuid:uuid>/", learner_data.copy_change, name="copy_change"),
    path("copies/<uuid:uuid>/progress/", learner_data.copy_progress, name="copy_progress"),
    path("copies/<uuid:uuid>/zip/", learner_data.copy_zip, name="copy_zip"),
    path("learners/<int:pk>/erase/", erasures.erase_learner, name="erase_learner"),
    path("learners/<int:pk>/hold/", erasures.learner_hold, name="learner_hold"),
    path("adults/<int:pk>/data/", adult_data.adult_data, name="adult_data"),
    path("account/data/", adult_data.own_data, name="own_data"),
    path("adult-copies/<uuid:uuid>/progress/", adult_data.adult_copy_progress, name="adult_copy_progress"),
    path("adult-copies/<uuid:uuid>/zip/", adult_data.adult_copy_zip, name="adult_copy_zip"),
    path("adults/<int:pk>/erase/", erasures.erase_adult, name="erase_adult"),
    path("adults/<int:pk>/hold/", erasures.adult_hold, name="adult_hold"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/<uuid:uuid>/", erasures.erasure, name="erasure"),
    path("erasures/<uuid:uuid>/progress/", erasures.erasure_progress, name="erasure_progress"),
    path("privacy/", privacy_page.privacy, name="privacy"),
    path("audit/", audit.audit, name="audit"),
    path("audit/changes.csv", audit.audit_csv, name="audit_csv"),
    path("taken-along/", retention.bulk_exports, name="bulk_exports"),
    path("retention/", retention.retention, name="retention"),
    path("retention/<int:pk>/withdraw/", retention.retention_withdraw, name="retention_withdraw"),
    path("subgroups/", subgroups.subgroups, name="subgroups"),
    path("subgroups/<int:pk>/", subgroups.subgroup, name="subgroup"),
    path("subgroups/<int:pk>/end/", subgroups.subgroup_end, name="subgroup_end"),
]
