import importlib

from django.apps import AppConfig

from lrm import changes


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        importlib.import_module("assessments.records")  # says what of shared rows is one learner's
        from assessments.services import enrollments as ours  # models exist only once apps are ready
        from assessments.services import merged_evidence  # for the same reason
        from assessments.services.standards_in_use import learners_by_standard  # for the same reason
        from profiles.services import enrollments  # for the same reason

        if ours.on_enrollment_change not in enrollments.ON_CHANGE:
            enrollments.ON_CHANGE.append(ours.on_enrollment_change)
        changes.enrollments_changed.listen(ours.on_enrollments_imported)
        changes.DERIVED.add("assessments.RosterVersion")
        changes.objections_changed.listen(ours.on_objection)
        changes.standards_changed.listen(ours.on_standards_moved)
        changes.learners_merged.listen(merged_evidence.on_learners_merged)
        changes.learners_parted.listen(merged_evidence.on_learners_parted)
        changes.standards_in_use.answer_with(learners_by_standard)
