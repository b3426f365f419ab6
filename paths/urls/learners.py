from django.urls import URLPattern, path

from lrm.later import LaterViews
from paths.views import learners, my_view, profile, profile_ask

binder = LaterViews("paths.views.binder")
screen_name = LaterViews("paths.views.screen_name")
suggestions = LaterViews("paths.views.suggestions")
supports = LaterViews("paths.views.supports")

urlpatterns: list[URLPattern] = [
    path("me/", learners.me, name="me"),
    path("me/view/", my_view.my_view, name="my_view"),
    path("me/class-screen/", screen_name.screen_name, name="screen_name"),
    path("learners/<int:pk>/", learners.learner, name="learner"),
    path("learners/<int:pk>/binder/", binder.binder, name="binder"),
    path("learners/<int:pk>/binder.zip", binder.binder_zip, name="binder_zip"),
    path("learners/<int:pk>/profile/", profile.profile, name="profile"),
    path("learners/<int:pk>/supports/", supports.supports, name="supports"),
    path("learners/<int:pk>/suggestions/", suggestions.suggestion_mark, name="suggestion_mark"),
    path("suggestions/<int:pk>/lift/", suggestions.suggestion_lift, name="suggestion_lift"),
    path("me/ask/<slug:kind>/", profile_ask.profile_ask, name="profile_ask"),
    path("supports/<int:pk>/", supports.support_act, name="support_act"),
    path("profile-entries/<int:pk>/edit/", profile.entry_edit, name="entry_edit"),
    path("profile-entries/<int:pk>/put-away/", profile.entry_put_away, name="entry_put_away"),
]
