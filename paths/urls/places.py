from django.urls import URLPattern, path

from paths.views import my_places, places

urlpatterns: list[URLPattern] = [
    path("places/", places.class_places, name="class_places"),
    path("sections/<int:pk>/places/", places.class_places, name="section_places"),
    path("places/openings/<int:pk>/", places.opening_change, name="opening_change"),
    path("path/places/", my_places.my_places, name="my_places"),
    path("path/places/<int:pk>/", my_places.seat, name="seat"),
    path("path-steps/<int:pk>/worked/", my_places.step_worked, name="step_worked"),
]
