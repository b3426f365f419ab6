from django.urls import URLPattern, path

from assessments.views import class_screen, levels, ratings, receipts, section_views, wall
from lrm.later import LaterViews

wall_csv = LaterViews("assessments.views.wall_csv")

urlpatterns: list[URLPattern] = [
    path("wall/", wall.wall, name="wall"),
    path("sections/<int:pk>/wall/", wall.wall, name="section_wall"),
    path("sections/<int:pk>/wall.csv", wall_csv.wall_csv, name="section_wall_csv"),
    path("sections/<int:pk>/levels/", levels.section_levels, name="section_levels"),
    path("sections/<int:pk>/levels/<uuid:batch>/undo/", levels.undo_levels, name="undo_levels"),
    path("sections/<int:pk>/screen/", class_screen.class_screen, name="class_screen"),
    path("sections/<int:pk>/views/", section_views.section_views, name="section_views"),
    path("me/standards/<int:standard_pk>/rating/", ratings.rate_myself, name="rate_myself"),
    path("learners/<int:pk>/standards/<int:standard_pk>/receipt/", receipts.receipt, name="receipt"),
    path("learners/<int:pk>/standards/<int:standard_pk>/level/", receipts.set_level, name="set_level"),
]
