import importlib

from django.apps import AppConfig

from lrm import changes


class PathsConfig(AppConfig):
    name = "paths"

    def ready(self) -> None:
        importlib.import_module("paths.records")  # says what of shared rows is one learner's
        from assessments.services import results  # models exist only once apps are ready
        from paths.services.peers import leaving  # for the same reason
        from paths.services.try_places import close_tried  # for the same reason
        from profiles.services import enrollments  # for the same reason

        if close_tried not in results.ON_RECORDED:
            results.ON_RECORDED.append(close_tried)
        if leaving.on_enrollment_change not in enrollments.ON_CHANGE:
            enrollments.ON_CHANGE.append(leaving.on_enrollment_change)
        changes.enrollments_changed.listen(leaving.on_enrollments_imported)
