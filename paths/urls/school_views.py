from django.urls import URLPattern, path

from lrm.later import LaterViews

coverage = LaterViews("paths.views.coverage")
equity = LaterViews("paths.views.equity")
practice = LaterViews("paths.views.practice")

urlpatterns: list[URLPattern] = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/coverage.csv", coverage.coverage_csv, name="coverage_csv"),
    path("coverage/students.csv", coverage.coverage_list_csv, name="coverage_list_csv"),
    path("practice/", practice.practice, name="practice"),
    path("practice/practice.csv", practice.practice_csv, name="practice_csv"),
    path("practice/students.csv", practice.practice_list_csv, name="practice_list_csv"),
    path("equity/", equity.equity, name="equity"),
    path("equity/equity.csv", equity.equity_csv, name="equity_csv"),
]
