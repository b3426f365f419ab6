from django.urls import URLPattern, path

from paths.views import coverage

urlpatterns: list[URLPattern] = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/coverage.csv", coverage.coverage_csv, name="coverage_csv"),
    path("coverage/students.csv", coverage.coverage_list_csv, name="coverage_list_csv"),
]
