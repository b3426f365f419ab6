"""A board's codes and facts in words: from shown levels and results only, one line, no forecast, no adjective."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm import days
from standards.models import Standard

Facts = Mapping[str, Any]


class Words:
    """standards: id -> Standard; names: learner id -> name."""

    def __init__(self, standards: Mapping[int, Standard], names: Mapping[int, str]) -> None:
        self._standards, self._names = standards, names

    def label(self, pk: int | None) -> str:
        standard = self._standards.get(pk) if pk is not None else None
        return standard.label if standard else ""

    def heading(self, pk: int | None) -> str:
        standard = self._standards.get(pk) if pk is not None else None
        return standard.heading if standard else ""

    def group(self, reasons: list[Facts]) -> str:
        """One or two sentences about why this group."""
        return " ".join(filter(None, (self._of_group(reason) for reason in reasons)))

    def learner(self, reasons: list[Facts]) -> str:
        """One line about why here."""
        return " ".join(filter(None, (self._of_learner(reason) for reason in reasons)))

    def wish(self, kind: str, learners: list[int], group: str | None, count: int | None, groups: int | None) -> str:
        """A hard wish in a conflict, as a person would say it."""
        who = [self._names.get(pk, "?") for pk in learners]
        if kind == "apart":
            return _("%(a)s and %(b)s apart") % {"a": who[0], "b": who[1]}
        if kind == "together":
            return _("%(a)s and %(b)s together") % {"a": who[0], "b": who[1]}
        if kind == "pin":
            if group == "own":
                return _("%(name)s on their own path") % {"name": who[0]}
            return _("%(name)s in group %(group)s") % {"name": who[0], "group": group}
        if kind == "at_least":
            return _("%(groups)s groups of at least %(count)s") % {"groups": groups, "count": count}
        if kind == "at_most":
            return _("%(groups)s groups of at most %(count)s") % {"groups": groups, "count": count}
        if kind == "own_path_off":
            return _("Nobody on their own path")
        return _("Mixed readiness in every group")

    def _of_group(self, reason: Facts) -> str:
        facts = self._facts(reason)
        code = reason["code"]
        if code == "most_at":
            levels = _(" or ").join(str(level) for level in reason["levels"])
            return _("%(count)s of %(size)s at %(levels)s on %(code)s.") % (facts | {"levels": levels})
        if code == "ready_after":
            return _("%(count)s of %(size)s are secure on %(has)s, which comes before.") % facts
        if code == "secure_here":
            return _("%(count)s of %(size)s are secure here already.") % facts
        if code == "first_look":
            return (
                ngettext("%(count)s has no result here yet.", "%(count)s have no result here yet.", reason["count"])
                % facts
            )
        if code == "mixed_readiness":
            return _("Mixed on purpose: %(secure)s of %(size)s are secure here.") % facts
        return ""

    def _of_learner(self, reason: Facts) -> str:
        facts, code = self._facts(reason), reason["code"]
        if code == "not_yet_has":
            return _("%(has_level)s on %(has)s; %(level)s here.") % facts
        if code == "no_result_ready":
            return _("%(has_level)s on %(has)s; no result here yet.") % facts
        if code == "newest_lower":
            return _("Newest result is %(newest)s, %(day)s.") % facts
        if code == "moved_up":
            return (
                ngettext(
                    "Up from %(from)s after %(tries)s try.", "Up from %(from)s after %(tries)s tries.", reason["tries"]
                )
                % facts
            )
        if code == "first_result":
            return _("%(level)s %(day)s, the first result here.") % facts
        if code == "same_again":
            if facts["before"] == facts["day"]:
                return _("%(level)s %(day)s, twice.") % facts
            return _("%(level)s %(day)s, the same as %(before)s.") % facts
        if code == "secure_here":
            return (
                _("%(level)s here, newest result %(day)s.") % facts
                if facts.get("day")
                else _("%(level)s here.") % facts
            )
        if code == "together":
            names = ", ".join(self._names.get(pk, "?") for pk in reason["with"])
            return _("With %(names)s, as you wished.") % {"names": names}
        if code == "own_path_nothing_left":
            if facts["lowest"] == facts["highest"]:
                return _("%(lowest)s on all %(seen)s seen.") % facts
            return _("%(lowest)s or %(highest)s on all %(seen)s seen.") % facts
        if code == "own_path_next":
            return _("%(level)s on %(code)s, at an own pace.") % facts
        plain = {
            "no_result": _("No result here yet."),
            "level_here": _("%(level)s here.") % facts if "level" in facts else "",
            "set_by_teacher": _("%(level)s here, set by a teacher.") % facts if "level" in facts else "",
            "new_this_week": _("New this week; a first look."),
            "pinned": _("Pinned by you."),
            "own_path_no_results": _("No results yet."),
            "absent_today": _("Away today."),
            "not_placed": (_("%(level)s on %(code)s.") if facts.get("level") else _("No result on %(code)s yet."))
            % facts,
        }
        return plain.get(code, "")

    def _facts(self, reason: Facts) -> dict[str, Any]:
        facts = dict(reason)
        facts["code"] = self.label(reason.get("standard"))
        if "has" in facts:
            facts["has"] = self.label(facts["has"])
        for name in ("day", "before"):
            if facts.get(name):
                facts[name] = days.said(date.fromisoformat(facts[name]))
        return facts
