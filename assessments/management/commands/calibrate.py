"""manage.py calibrate DISTRICT [--now] [--subject KEY [--start DAY]]: what is proposed, and whom it would change."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.models import CalibrationRun, CalibrationStart, CalibrationVersion
from assessments.services import calibrating, calibrations
from assessments.services.policy_preview import Figures, try_calibration
from lrm.scope import district_scope
from profiles.models import District, Learner
from standards.models import Standard, Subject

MOST_LINES = 200


class Command(BaseCommand):
    help = (
        "Say which calibration of a subject counts and which one is proposed. With --subject also which levels the "
        "proposed one would change today, and with --start from which day on it counts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("district", help="key of the district")
        parser.add_argument("--now", action="store_true", help="calibrate first, instead of waiting for the night")
        parser.add_argument("--subject", help="key of the subject, such as mathematics: try what is proposed for it")
        parser.add_argument("--start", type=_day, help="with --subject: let it count from this day on, as 2027-01-11")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(key=options["district"]).first()
        if district is None:
            raise CommandError(f"There is no district with the key {options['district']}.")
        if options["start"] and not options["subject"]:
            raise CommandError("Say with --subject what is to start.")
        today = timezone.localdate(timezone=ZoneInfo(district.time_zone))
        with district_scope(district.pk):
            subjects = Subject.objects.filter(district=district).order_by("key")
            if options["subject"]:
                subjects = subjects.filter(key=options["subject"])
                if not subjects:
                    raise CommandError(f"There is no subject with the key {options['subject']}.")
            for subject in subjects:
                if options["now"]:
                    calibrating.calibrate_subject(district, subject, today=today)
                candidate = self._say(subject, today)
                if not options["subject"]:
                    continue
                if candidate is None:
                    raise CommandError(f"Nothing is proposed for {subject.key}: no results, or no night has passed.")
                self._try(candidate, district, today)
                if options["start"]:
                    self._start(candidate, options["start"])

    def _say(self, subject: Subject, today: date) -> CalibrationVersion | None:
        """One line on the subject; gives its candidate."""
        starts = CalibrationStart.objects.filter(subject=subject, withdrawn_at=None).select_related("calibration")
        begun = starts.filter(starts_on__lte=today).order_by("starts_on", "pk").last()
        counts = f"{begun.calibration.version} since {begun.starts_on}" if begun else "the defaults"
        run = CalibrationRun.objects.filter(subject=subject).select_related("candidate").first()
        candidate = run.candidate if run else None
        proposed = f"{candidate.version} of {run.day}" if run and candidate else "nothing"
        self.stdout.write(f"{subject.key}: in force: {counts}; proposed: {proposed}.")
        return candidate

    def _start(self, candidate: CalibrationVersion, day: date) -> None:
        try:
            calibrations.start_version(candidate, starts_on=day)
        except calibrations.StartRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{candidate.version} counts from {day} on.")

    def _try(self, candidate: CalibrationVersion, district: District, today: date) -> None:
        figures, said = Figures(), 0
        for part in try_calibration(candidate, district=district, today=today).blocks():
            figures += part.figures
            keys = dict(Learner.objects.filter(pk__in={c.learner_id for c in part.changes}).values_list("pk", "key"))
            standards = Standard.objects.in_bulk({change.standard_id for change in part.changes})
            for change in part.changes[: max(MOST_LINES - said, 0)]:
                label = standards[change.standard_id].label
                self.stdout.write(
                    f"  {keys[change.learner_id]}, {label}: {change.before or '-'} to {change.after or '-'}"
                )
                said += 1
        if figures.changes > said:
            self.stdout.write(f"  .. and {figures.changes - said} more")
        self.stdout.write(
            f"It would change {figures.changes} levels, of {figures.changed} of {figures.students} students."
        )


def _day(text: str) -> date:
    return date.fromisoformat(text)
