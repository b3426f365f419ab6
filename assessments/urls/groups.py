from django.urls import URLPattern, path

from assessments.views import group_changes, group_closing, group_planning, groups
from lrm.later import LaterViews

group_roster = LaterViews("assessments.views.group_roster")
groups_csv = LaterViews("assessments.views.groups_csv")

urlpatterns: list[URLPattern] = [
    path("groups/", groups.groups, name="groups"),
    path("sections/<int:pk>/groups/", groups.groups, name="section_groups"),
    path("sections/<int:pk>/groups/edit/", groups.groups_edit, name="groups_edit"),
    path("sections/<int:pk>/groups/decide/", groups.groups_decide, name="groups_decide"),
    path("sections/<int:pk>/groups/plan/", group_planning.group_plan, name="group_plan"),
    path("sections/<int:pk>/groups/roster/", group_roster.group_roster, name="groups_roster"),
    path("sections/<int:pk>/groups/running.csv", groups_csv.groups_csv, name="groups_csv"),
    path("sections/<int:pk>/groups/ended.csv", groups_csv.groups_ended_csv, name="groups_ended_csv"),
    path("sections/<int:pk>/groups/ended/", group_closing.groups_ended, name="groups_ended"),
    path("sections/<int:pk>/groups/close/", group_closing.groups_close, name="groups_close"),
    path("sections/<int:pk>/groups/reopen/", group_closing.groups_reopen, name="groups_reopen"),
    path("groups/<int:pk>/change/", group_changes.group_change, name="group_change"),
]
