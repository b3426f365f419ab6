from django.urls import URLPattern, path

from assessments.views import school, school_groups
from lrm.later import LaterViews

jobs = LaterViews("assessments.views.jobs")
parked = LaterViews("assessments.views.parked")
school_board = LaterViews("assessments.views.school_board")
school_counting = LaterViews("assessments.views.school_counting")
school_csv = LaterViews("assessments.views.school_csv")

urlpatterns: list[URLPattern] = [
    path("school/", school.school, name="school"),
    path("school/school.csv", school_csv.school_csv, name="school_csv"),
    path("school/board/", school_board.school_board, name="school_board"),
    path("school/groups/", school_groups.school_groups, name="school_groups"),
    path("school/groups.csv", school_groups.school_groups_csv, name="school_groups_csv"),
    path("school/count/", school_counting.school_count, name="school_count"),
    path("school/count/<uuid:uuid>/", school_counting.school_counting, name="school_counting"),
    path("school/jobs/", jobs.jobs, name="jobs"),
    path("school/jobs/<uuid:uuid>/", jobs.job_change, name="job_change"),
    path("school/parked/", parked.parked, name="parked"),
    path("school/students.csv", school_csv.school_list_csv, name="school_list_csv"),
]
