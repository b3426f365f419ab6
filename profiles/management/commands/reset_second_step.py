"""manage.py reset_second_step EMAIL: for the last administrator whose phone is lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lrm.scope import district_scope
from profiles.models import Account
from profiles.services.second_step import reset


class Command(BaseCommand):
    help = "Take the second step of an account away: its next sign-in asks for the password alone, and for a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that the account signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(email__iexact=options["email"]).first()
        if account is None:
            raise CommandError(f"Nobody signs in as {options['email']}. Look at the address once more.")
        with district_scope(account.district_id):
            done = reset(account, by=None)
        self.stdout.write("It is taken away, and noted." if done else "This account has no second step.")
