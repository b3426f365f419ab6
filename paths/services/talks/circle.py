"""Who is around a learner today, and who of them reads a conversation: said by name before anything is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from lrm.rows import read
from paths.models import Talk
from paths.models.talk import TALKING
from profiles.models import Account, Learner

# As TalkQuerySet.open_to has it; a test holds the two together.
CIRCLE = """
WITH rosters AS (
     SELECT DISTINCT n.roster_id FROM profiles_enrollment n JOIN profiles_learner l ON l.id = n.learner_id
      WHERE n.learner_id = %(learner)s AND l.district_id = %(district)s AND n.role = 'learner'
        AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
SELECT 'section' AS what, s.id, CASE WHEN b.id IS NULL THEN s.title ELSE '' END AS name, '' AS relation,
       s.roster_id, NULL::bigint AS section_id
  FROM profiles_section s JOIN rosters USING (roster_id) LEFT JOIN profiles_block b ON b.section_id = s.id
 WHERE s.archived_at IS NULL
UNION ALL
SELECT 'staff', a.id, concat_ws(' ', a.given_name, a.family_name), '', n.roster_id, n.section_id
  FROM profiles_enrollment n JOIN rosters USING (roster_id) JOIN profiles_account a ON a.id = n.account_id
 WHERE n.role = ANY(%(roles)s) AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)
UNION ALL
SELECT 'family', a.id, concat_ws(' ', a.given_name, a.family_name), g.relation, NULL, NULL
  FROM profiles_guardianship g JOIN profiles_account a ON a.id = g.account_id
  JOIN profiles_learner l ON l.id = g.learner_id AND l.district_id = %(district)s
 WHERE g.learner_id = %(learner)s AND g.confirmed_at IS NOT NULL
   AND g.starts_on <= %(on)s AND (g.ends_on IS NULL OR g.ends_on >= %(on)s)
 ORDER BY 1, 3, 2
"""


@dataclass(frozen=True)
class Adult:
    """relation: of a guardian, as "mother"; "" for staff and where nobody has said."""

    account_id: int
    name: str
    relation: str = ""

    @property
    def said(self) -> str:
        return f"{self.name} ({self.relation})" if self.relation else self.name


@dataclass(frozen=True)
class Class:
    """A section in which the learner is today. title: "" for a tutoring block, whose name is for staff."""

    pk: int
    title: str
    roster_id: int
    adults: list[Adult] = field(default_factory=list)

    @property
    def said(self) -> str:
        return self.title or _("Small group")


@dataclass(frozen=True)
class Circle:
    """classes: with those of their staff who read conversations. family: confirmed guardians of the day."""

    learner: Learner
    classes: list[Class]
    family: list[Adult]

    @property
    def teachers(self) -> list[Adult]:
        """Of all classes, each once, by name."""
        found = {adult.account_id: adult for each in self.classes for adult in each.adults}
        return sorted(found.values(), key=lambda adult: (adult.name, adult.account_id))

    @property
    def roster_ids(self) -> set[int]:
        return {each.roster_id for each in self.classes}

    def readers(self, *, section_id: int | None, teachers: str, with_family: bool) -> list[Adult]:
        """The adults who read, beside the learner, by name; the family last."""
        if teachers == Talk.Teachers.ALL:
            found = list(self.teachers)
        else:
            found = [adult for each in self.classes if each.pk == section_id for adult in each.adults]
        known = {adult.account_id for adult in found}
        if with_family:
            found += [adult for adult in self.family if adult.account_id not in known]
        return found

    def readers_of(self, talk: Talk) -> list[Adult]:
        return self.readers(section_id=talk.section_id, teachers=talk.teachers, with_family=talk.with_family)

    def taught_by(self, account: Account) -> list[Class]:
        """Classes in which the account reads conversations."""
        return [each for each in self.classes if any(adult.account_id == account.pk for adult in each.adults)]


def read_circle(learner: Learner, *, on: date) -> Circle:
    """One statement. learner: found by `visible_to`."""
    rows = read(CIRCLE, learner=learner.pk, on=on, roles=[str(role) for role in TALKING])
    staff = [row for row in rows if row.what == "staff"]
    classes = [
        Class(
            row.id,
            row.name,
            row.roster_id,
            _once(
                Adult(one.id, one.name)
                for one in staff
                if one.roster_id == row.roster_id and one.section_id in (None, row.id)
            ),
        )
        for row in rows
        if row.what == "section"
    ]
    family = _once(Adult(row.id, row.name, row.relation) for row in rows if row.what == "family")
    return Circle(learner, classes, family)


def _once(adults: Iterable[Adult]) -> list[Adult]:
    return list({adult.account_id: adult for adult in adults}.values())


def said_readers(learner: Learner, adults: Sequence[Adult], *, to: Account) -> str:
    """In one sentence, to one of them: "You, Ana and Ms. Delgado can read it.". Each name stands on one line."""
    names = [_("You")]
    if to.access.learner_id != learner.pk:
        names.append(learner.name)
    names += [adult.said for adult in adults if adult.account_id != to.pk]
    if len(names) == 1:
        return _("Only you can read it.")
    whole = [format_html('<span class="nowrap">{}</span>', name) for name in names]
    return format_html(
        _("{names} and {last} can read it."),
        names=format_html_join(", ", "{}", ((name,) for name in whole[:-1])),
        last=whole[-1],
    )
