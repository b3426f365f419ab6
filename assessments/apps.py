from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments.services.enrollments import on_enrollment_change  # models exist only once apps are ready
        from profiles.services import enrollments  # for the same reason

        if on_enrollment_change not in enrollments.ON_CHANGE:
            enrollments.ON_CHANGE.append(on_enrollment_change)
