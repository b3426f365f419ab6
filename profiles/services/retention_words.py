"""What other days of keeping would do, in sentences for whoever decides."""

from datetime import date

from django.apps import apps
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm import days
from lrm.privacy import CATEGORIES, privacy_of
from profiles.models import District, School
from profiles.services.keeping import KeptDays
from profiles.services.retention_preview import Change, Sooner, what_changes


def say_change(
    district: District, *, before: KeptDays, then: KeptDays, starts_on: date, school: School | None = None
) -> list[str]:
    """Which kinds change, how many rows of those who left would go and when, and whom holds keep."""
    of = school.pk if school else None
    usual, other = before.of(of), then.of(of)
    changed = [key for key in other if other[key] != usual[key]]
    if not changed:
        return [_("What counts there that day stays the same.")]
    said = _("%(kind)s: %(then)s days after leaving in place of %(before)s.")
    found = what_changes(district, before=before, then=then, starts_on=starts_on, school=school)
    return [
        *(said % {"kind": CATEGORIES[key].words, "then": other[key], "before": usual[key]} for key in changed),
        *_say_what_goes(found, starts_on),
        _("It counts for everybody who leaves later, too. What a night has taken away does not come back."),
    ]


def _say_what_goes(found: Change, starts_on: date) -> list[str]:
    said = []
    if found.first.rows or found.first.whole:
        first = _("Sooner than now would go in the first night, %(day)s: %(what)s.")
        said.append(first % {"day": days.said(starts_on), "what": _say(found.first)})
    if found.later.rows or found.later.whole:
        later = _("Sooner than now would go in the nights after it, until %(day)s: %(what)s.")
        said.append(later % {"day": days.said(found.later.until), "what": _say(found.later)})
    if not said:
        said.append(_("Of nobody who has left anything would go sooner than now."))
    if found.longer:
        longer = ngettext(
            "Of %(n)s student who has left something would stay longer.",
            "Of %(n)s students who have left something would stay longer.",
            found.longer,
        )
        said.append(longer % {"n": _grouped(found.longer)})
    if found.held:
        held = ngettext(
            "%(n)s student who has left is on a legal hold: nothing about that student goes.",
            "%(n)s students who have left are on a legal hold: nothing about them goes.",
            found.held,
        )
        said.append(held % {"n": _grouped(found.held)})
    return said


def _say(part: Sooner) -> str:
    """Rows by kind, and whoever goes whole."""
    rows = dict.fromkeys(CATEGORIES, 0)
    for label, n in part.rows.items():
        rows[privacy_of(apps.get_model(label)).category] += n
    said = [
        ngettext("%(kind)s, %(n)s row", "%(kind)s, %(n)s rows", n) % {"kind": CATEGORIES[key].words, "n": _grouped(n)}
        for key, n in rows.items()
        if n
    ]
    if part.rows:
        of = ngettext("that is of %(n)s student", "that is of %(n)s students at most", part.some)
        said.append(of % {"n": _grouped(part.some)})
    if part.whole:
        whole = ngettext("%(n)s student whole, with all records", "%(n)s students whole, with all records", part.whole)
        said.append(whole % {"n": _grouped(part.whole)})
    return "; ".join(said)


def _grouped(n: int) -> str:
    return number_format(n, use_l10n=True, force_grouping=True)
