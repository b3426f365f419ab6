from django.urls import URLPattern, path

from paths.views import class_paths, my_path, next_steps, placement, plans, week

urlpatterns: list[URLPattern] = [
    path("path/", my_path.my_path, name="my_path"),
    path("path-steps/<int:pk>/done/", my_path.step_done, name="step_done"),
    path("path-steps/<int:pk>/choose/", my_path.step_choose, name="step_choose"),
    path("path-steps/<int:pk>/placement/", placement.step_placement, name="step_placement"),
    path("sections/<int:pk>/placement/", placement.section_placement, name="section_placement"),
    path("path-steps/<int:pk>/move/", my_path.step_move, name="step_move"),
    path("paths/", class_paths.class_paths, name="class_paths"),
    path("sections/<int:pk>/paths/", class_paths.class_paths, name="section_paths"),
    path("paths/<int:pk>/order/", my_path.path_order, name="path_order"),
    path("paths/<int:pk>/edit/", plans.path_edit, name="path_edit"),
    path("paths/<int:pk>/put-away/", plans.path_put_away, name="path_put_away"),
    path("learners/<int:pk>/next-steps/", next_steps.next_steps, name="next_steps"),
    path("learners/<int:pk>/week/", week.learner_week, name="learner_week"),
    path("learners/<int:pk>/paths/new/", plans.path_new, name="path_new"),
    path("sections/<int:pk>/paths/new/", plans.section_path_new, name="section_path_new"),
]
