from django.urls import URLPattern, path

from lrm.later import LaterViews

data_check_in = LaterViews("paths.views.data_check_in")
data_check_in_hand_on = LaterViews("paths.views.data_check_in_hand_on")
data_check_ins = LaterViews("paths.views.data_check_ins")

urlpatterns: list[URLPattern] = [
    path("check-ins/", data_check_ins.data_check_ins, name="data_check_ins"),
    path("check-ins/new/", data_check_ins.data_check_in_new, name="data_check_in_new"),
    path("check-ins/<uuid:uuid>/", data_check_in.data_check_in, name="data_check_in"),
    path("check-ins/<uuid:uuid>/change/", data_check_ins.data_check_in_change, name="data_check_in_change"),
    path("check-ins/<uuid:uuid>/hand-on/", data_check_in_hand_on.data_check_in_hand_on, name="data_check_in_hand_on"),
    path("check-ins/<uuid:uuid>/remove/", data_check_ins.data_check_in_remove, name="data_check_in_remove"),
    path("check-ins/<uuid:uuid>/decide/", data_check_in.data_check_in_decide, name="data_check_in_decide"),
    path("check-ins/<uuid:uuid>/students.csv", data_check_in.data_check_in_csv, name="data_check_in_csv"),
    path("check-ins/decisions/<uuid:uuid>/", data_check_in.data_decision, name="data_decision"),
]
