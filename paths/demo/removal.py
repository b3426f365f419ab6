"""Taking the demo away again, whole."""

from django.db import connection, transaction

from assessments.models import Evidence
from profiles.models import District

# Written by migrations, not by anybody who used the site.
KEPT = frozenset({"auth_permission", "django_content_type", "django_migrations"})


class HoldsRealData(Exception):
    """Other districts are in this database, so it cannot simply be emptied. `names`: theirs."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@transaction.atomic
def remove_demo() -> bool:
    """Empty the database, sessions and sign-ins included. Returns False where there was no demo.

    Emptying is right, and leaves no corner out, because a demo never shares its database (a trigger sees to that).
    Raises HoldsRealData: nothing was removed. Needs the owner of the tables.
    """
    if real := list(District.objects.filter(is_demo=False).values_list("name", flat=True)):
        raise HoldsRealData(real)
    if not District.objects.filter(is_demo=True).exists():
        return False
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    tables.add(Evidence._meta.db_table)
    names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lrm.rewrite_ledger = 'on'")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    return True
