"""manage.py reseal: the last step of changing SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from profiles.services.sealed_rows import reseal_all


class Command(BaseCommand):
    help = "Seal all secrets anew with SECRET_KEY, so that SECRET_KEY_FALLBACKS can be emptied."

    def handle(self, *args: Any, **options: Any) -> None:
        done = reseal_all()
        self.stdout.write(f"{done.rows} sealed anew.")
        if done.lost:
            raise CommandError(
                f"{len(done.lost)} can be opened by no key and are as they were: {', '.join(done.lost)}."
                " Put the key that sealed them into SECRET_KEY_FALLBACKS and begin again; if it is gone, make new"
                " secrets for webhooks on their pages, and take second steps away with `manage.py reset_second_step`."
            )
