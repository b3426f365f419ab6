"""What a step on class lists did, in one sentence."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm import days
from profiles.models import RosterAct, RosterChange

Kind = RosterAct.Kind


def said(act: RosterAct) -> str:
    """For the toast after it."""
    rows = list(act.changes.select_related("learner", "roster", "enrollment__account").order_by("pk"))
    names = {row.learner_id: row.learner.name for row in rows if row.learner is not None}
    if act.kind in (Kind.STAFF_ADD, Kind.STAFF_END):
        return _of_staff(act, rows[0]) if rows else ""
    about = {"name": next(iter(names.values()), ""), "n": len(names), "class": _to(rows)}
    return {
        Kind.ADD: ngettext("%(name)s is in %(class)s.", "%(n)s students are in %(class)s.", len(names)),
        Kind.RENEW: ngettext("%(name)s is in %(class)s.", "%(n)s students are in %(class)s.", len(names)),
        Kind.MOVE: ngettext("%(name)s moves to %(class)s.", "%(n)s students move to %(class)s.", len(names)),
        Kind.WITHDRAW: ngettext("%(name)s was withdrawn.", "%(n)s students were withdrawn.", len(names)),
        Kind.TRANSFER: ngettext("%(name)s goes to another school.", "%(n)s students go to another school.", len(names)),
        Kind.LEAVE: ngettext("%(name)s has left the district.", "%(n)s students have left the district.", len(names)),
        Kind.ROLL_OVER: ngettext("%(n)s student has moved on.", "%(n)s students have moved on.", len(names)),
    }[Kind(act.kind)] % about


def _to(rows: list[RosterChange]) -> str:
    """The class that somebody came into, else the one that was left."""
    made = [row for row in rows if row.roster is not None and (row.before is None or row.after.get("ends_on") is None)]
    found = made or [row for row in rows if row.roster is not None]
    return found[0].roster.title if found and found[0].roster else ""


def _of_staff(act: RosterAct, row: RosterChange) -> str:
    person = row.enrollment.account if row.enrollment else None
    last = row.after.get("ends_on")
    about = {
        "name": person.name if person else "",
        "class": row.roster.title if row.roster else "",
        "day": days.said(date.fromisoformat(last)) if last else "",
    }
    if last:
        return _("%(name)s is on the staff of %(class)s until %(day)s.") % about
    return _("%(name)s is on the staff of %(class)s.") % about
