from django.urls import URLPattern, path

from assessments.views import groups

urlpatterns: list[URLPattern] = [
    path("groups/", groups.groups, name="groups"),
    path("sections/<int:pk>/groups/", groups.groups, name="section_groups"),
    path("sections/<int:pk>/groups/edit/", groups.groups_edit, name="groups_edit"),
    path("sections/<int:pk>/groups/decide/", groups.groups_decide, name="groups_decide"),
]
