from django.urls import URLPattern, path

from lrm.later import LaterViews

block_places = LaterViews("assessments.views.block_places")
blocks = LaterViews("assessments.views.blocks")

urlpatterns: list[URLPattern] = [
    path("blocks/", blocks.block_list, name="blocks"),
    path("blocks/new/", blocks.block_new, name="block_new"),
    path("blocks/<int:pk>/", blocks.block, name="block"),
    path("blocks/<int:pk>/change/", blocks.block_change, name="block_change"),
    path("blocks/<int:pk>/end/", blocks.block_end, name="block_end"),
    path("blocks/<int:pk>/draw/", block_places.block_draw, name="block_draw"),
    path("blocks/<int:pk>/places/", block_places.block_place, name="block_place"),
]
