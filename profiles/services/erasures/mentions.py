"""Where a whole name or an address still stands in texts about others: counted, never quoted."""

from collections.abc import Iterable

from django.db import connection, models

from lrm.records.ways import personal_models


def count_mentions(names: Iterable[str]) -> dict[str, int]:
    """Label of a model -> rows with one of these names in some text of theirs; {} where there is none.

    names: single words, which are in texts about anybody, are passed over; addresses are not.

    A teacher may have named a child in a line about another one. That line is about the other one and stays; who erases
    is told in how many places to look.
    """
    patterns = [f"%{_escaped(name)}%" for name in names if " " in name or "@" in name]
    found = {}
    for model in personal_models() if patterns else ():
        columns = [str(each.column) for each in model._meta.concrete_fields if _is_text(each)]
        if columns and (n := _count(model._meta.db_table, columns, patterns)):
            found[model._meta.label] = n
    return found


def _is_text(each: models.Field) -> bool:
    is_text = isinstance(each, models.CharField | models.TextField | models.JSONField)
    return is_text and not each.choices


def _count(table: str, columns: list[str], patterns: list[str]) -> int:
    name = connection.ops.quote_name
    where = " OR ".join(f"{name(column)}::text ILIKE ANY(%(patterns)s)" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {name(table)} WHERE {where}", {"patterns": patterns})
        return cursor.fetchone()[0]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
