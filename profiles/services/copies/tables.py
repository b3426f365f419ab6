"""Every table that holds something about a learner, with the rows that do; and what is not in a copy, and why."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models

from lrm.inventory import models_with_people
from lrm.privacy import CATEGORIES, Privacy
from lrm.records import PARTS, rows_about
from profiles.models import Account, Learner
from profiles.services.copies.labels import label_of
from profiles.services.copies.values import ids_of, plain, say_row, value_of
from profiles.services.copies.words import words_of


@dataclass(frozen=True)
class Table:
    """rows: name of a field -> value. purposes: what each personal field is kept for. files: those that rows name."""

    model: type[models.Model]
    declared: Privacy
    rows: list[dict[str, Any]]
    files: list[tuple[UUID, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def title(self) -> str:
        return words_of(self.model)

    @property
    def category(self) -> str:
        return self.declared.category

    @property
    def category_words(self) -> str:
        return str(CATEGORIES[self.category].words)

    @property
    def kept(self) -> str:
        return self.declared.keep.words if self.declared.keep else ""

    @cached_property
    def headings(self) -> list[str]:
        """Of all rows together, in their order; what nobody has is left out."""
        found: dict[str, None] = {}
        for row in self.rows:
            found |= dict.fromkeys(name for name, value in row.items() if value not in (None, "", [], {}))
        return list(found)

    @property
    def labels(self) -> list[str]:
        """The headings as people call them."""
        return [label_of(self.model, name) for name in self.headings]

    @property
    def purposes(self) -> list[tuple[str, str]]:
        """What each personal field is kept for, by its label."""
        return [(label_of(self.model, name), purpose) for name, purpose in self.declared.personal.items()]

    @property
    def lines(self) -> list[list[Any]]:
        return [[row.get(name) for name in self.headings] for row in self.rows]

    @property
    def inferred(self) -> dict[str, str]:
        """Fields that a machine has worked out, with how."""
        found = self.declared.inferred.items()
        return {label_of(self.model, name): how for name, how in found if name in self.headings}


@dataclass(frozen=True)
class LeftOut:
    """why: as the model declares it."""

    title: str
    why: str


def read_tables(learner: Learner, *, with_notes: bool) -> Iterator[Table]:
    """One after another, tables without a row too. Whoever asks has opened the district's scope."""
    for model, declared in models_with_people():
        how = declared.in_copy.how
        if how == "rows" or (how == "notes" and with_notes):
            yield table_of(model, declared, rows_about(model, ids_of(learner)), learner)
        elif how == "part":
            rows = [{name: plain(value) for name, value in row.items()} for row in PARTS[model._meta.label](learner)]
            yield Table(model, declared, rows)


def left_out(*, with_notes: bool) -> list[LeftOut]:
    """Tables about learners that a copy does not hold."""
    found = []
    for model, declared in models_with_people():
        is_note = declared.in_copy.how == "notes" and not with_notes
        if declared.about != "staff" and (is_note or declared.in_copy.how == "withheld"):
            why = "notes for staff only were left out of this copy" if is_note else declared.in_copy.words
            found.append(LeftOut(words_of(model), why))
    return found


def table_of(
    model: type[models.Model],
    declared: Privacy,
    rows: models.QuerySet,
    about: Learner | Account,
    *,
    hidden: Collection[str] = (),
) -> Table:
    """hidden: fields that this copy shows nobody, beside those that no copy shows."""
    left_out = {*declared.hidden.split(), *hidden}
    fields = [each for each in model._meta.concrete_fields if each.name not in left_out]
    links = [each.name for each in fields if each.is_relation]
    rows = rows.select_related(*links) if links else rows
    found, files = [], []
    for row in rows.order_by(*_order(model)):
        values = {each.name: value_of(row, each, about) for each in fields if not _is_composite(each)}
        for each in model._meta.many_to_many:
            values[each.name] = [say_row(other, about) for other in getattr(row, each.name).all()]
        if declared.files and (stored := getattr(row, declared.files)) is not None:
            files.append((stored, getattr(row, "name", "") or f"{model._meta.model_name}-{row.pk}"))
        found.append(values)
    return Table(model, declared, found, files)


def _order(model: type[models.Model]) -> list[str]:
    return ["pk"] if not _is_composite(model._meta.pk) else [each.name for each in model._meta.pk_fields]


def _is_composite(each: models.Field) -> bool:
    return isinstance(each, models.CompositePrimaryKey)
