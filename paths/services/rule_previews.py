"""Whom another rule would concern, before it is written. Everything is read for the day on which it would begin."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Publication
from assessments.policy_words import grouped
from assessments.services.policies import Policies
from lrm import wording
from lrm.intake import AUDIO, VIDEO
from paths.models import Artifact
from paths.services.school_lines import at_school, of_district
from paths.services.talks.policy import includes_family
from profiles.models import Account, ApiToken, District, Learner, ProfileEntry, School
from profiles.models.policy_rule import OF_LEVELS
from profiles.policy_values import Line, say_value, shipped
from profiles.services import keeping
from profiles.services.policy_rules import Rules
from profiles.services.retention_words import say_change
from standards.models import Framework


def preview(
    district: District, rules: Rules, line: Line, value: Any, *, school: School | None, starts_on: date
) -> list[str]:
    """Sentences for whoever decides."""
    if line == Line.KEEPING and school is not None:
        kept = keeping.kept_on(district, on=starts_on)
        return say_change(
            district, before=kept, then=kept.with_school(school.pk, value), starts_on=starts_on, school=school
        )
    if line in OF_LEVELS and school is not None:
        policies = Policies(district.pk)
        usual = of_district(policies, line, starts_on)
        before = at_school(policies, rules, line, starts_on, school.pk)
        return OF_LEVELS_SAYS[line](policies, school, usual, before, value, starts_on)
    then = _then(district, rules, line, value, school=school, starts_on=starts_on)
    if school is not None:
        schools = [school.pk]
    else:
        own = rules.own_schools(line, starts_on)
        schools = [pk for pk in School.objects.values_list("pk", flat=True) if pk not in own]
    before = rules.on(line, starts_on, school.pk if school else None).value
    if before == then:
        return [_("What counts there that day stays the same.")]
    both = {"then": say_value(line, then), "before": say_value(line, before)}
    return [_("“%(then)s” in place of “%(before)s”.") % both, *SAYS[line](schools, before, then)]


def _then(district: District, rules: Rules, line: Line, value: Any, *, school: School | None, starts_on: date) -> Any:
    if value is not None:
        return value
    if school is not None:
        return rules.on(line, starts_on).value
    return shipped(line, language=district.language)


def _uploads(schools: list[int], before: dict, then: dict) -> list[str]:
    n = _learners(schools).count()
    words = {
        ("audio", True): ngettext(
            "%(n)s student may hand in sound from then on.", "%(n)s students may hand in sound from then on.", n
        ),
        ("audio", False): ngettext(
            "%(n)s student may not hand in sound any more.", "%(n)s students may not hand in sound any more.", n
        ),
        ("video", True): ngettext(
            "%(n)s student may hand in video from then on.", "%(n)s students may hand in video from then on.", n
        ),
        ("video", False): ngettext(
            "%(n)s student may not hand in video any more.", "%(n)s students may not hand in video any more.", n
        ),
    }
    said = [words[kind, then[kind]] % {"n": grouped(n)} for kind in ("audio", "video") if before[kind] != then[kind]]
    kinds = [media for kind, media in (("audio", AUDIO), ("video", VIDEO)) if before[kind] and not then[kind]]
    stays = Artifact.objects.filter(learner__home_school__in=schools, kind__in=kinds, is_draft=False).count()
    if stays:
        said.append(
            ngettext(
                "%(n)s piece that was handed in before stays.", "%(n)s pieces that were handed in before stay.", stays
            )
            % {"n": grouped(stays)}
        )
    if any(then[kind] and not before[kind] for kind in then):
        said.append(_("Voices and faces say who a child is: ask the families first."))
    return said


def _family(schools: list[int], before: str, then: str) -> list[str]:
    counts: Counter = Counter()
    for row in _learners(schools).values("grade").annotate(n=Count("pk")).order_by():
        counts[includes_family(row["grade"], before), includes_family(row["grade"], then)] += row["n"]
    said = []
    if counts[False, True]:
        said.append(
            ngettext(
                "The family of %(n)s more student would read along by default.",
                "Families of %(n)s more students would read along by default.",
                counts[False, True],
            )
            % {"n": grouped(counts[False, True])}
        )
    if counts[True, False]:
        said.append(
            ngettext(
                "The family of %(n)s student would not read along by default any more.",
                "Families of %(n)s students would not read along by default any more.",
                counts[True, False],
            )
            % {"n": grouped(counts[True, False])}
        )
    return [*(said or [_("No student of today is concerned.")]), _("Conversations that have begun stay as they are.")]


def _own_views(schools: list[int], _before: bool, then: bool) -> list[str]:
    n = _learners(schools).count()
    if then:
        said = ngettext(
            "The family of %(n)s student would read how the student sees themselves, and what was said before.",
            "Families of %(n)s students would read how the students see themselves, and what was said before.",
            n,
        )
    else:
        said = ngettext(
            "The family of %(n)s student would not read how the student sees themselves any more.",
            "Families of %(n)s students would not read how the students see themselves any more.",
            n,
        )
    return [said % {"n": grouped(n)}, _("A copy of everything about a student, which a family may ask for, holds it.")]


def _own_words(schools: list[int], _before: bool, then: bool) -> list[str]:
    n = ProfileEntry.objects.current().filter(learner__in=_learners(schools)).values("learner").distinct().count()
    if then:
        said = ngettext(
            "The family of %(n)s student with words in the profile would read them, those of before too.",
            "Families of %(n)s students with words in the profile would read them, those of before too.",
            n,
        )
    else:
        said = ngettext(
            "The family of %(n)s student with words in the profile would not read them any more.",
            "Families of %(n)s students with words in the profile would not read them any more.",
            n,
        )
    return [said % {"n": grouped(n)}, _("A copy of everything about a student, which a family may ask for, holds it.")]


def _words(_schools: list[int], _before: dict, then: dict) -> list[str]:
    """Sentences of LRM itself, as they would be read."""
    with wording.speaking(None, wording.words_of(then)):
        return [
            _("Students and families read their own pages only."),
            _("Nobody is in this class yet."),
            _("The family asks; the school’s administrators make it and hand it out."),
        ]


def _language(schools: list[int], _before: str, _then: str) -> list[str]:
    n = Account.objects.filter(language="", is_active=True, learner__home_school__in=schools).count()
    return [
        ngettext(
            "%(n)s student has chosen no language and would read this one; so would the adults of that student.",
            "%(n)s students have chosen no language of their own and would read this one; so would their adults.",
            n,
        )
        % {"n": grouped(n)}
    ]


def _names(
    policies: Policies, school: School, usual: list[str], before: list[str], value: list[str] | None, on: date
) -> list[str]:
    then = usual if value is None else value
    if len(then) != len(usual):
        return [
            _("On that day the district’s scale has %(n)s levels, so that these names would not be read.")
            % {"n": len(usual)}
        ]
    if then == before:
        return [_("What counts there that day stays the same.")]
    n = _learners([school.pk]).count()
    said = [
        _("It would be read as: %(names)s.") % {"names": say_value(Line.LEVEL_WORDS, then)},
        ngettext(
            "%(n)s student, their family and staff of this school alone would read it.",
            "%(n)s students, their families and staff of this school alone would read it.",
            n,
        )
        % {"n": grouped(n)},
        _("No level changes. Pages as of an earlier day keep the names of that day."),
    ]
    own = [
        title
        for pk, title in Framework.objects.filter(district=school.district_id)
        .order_by("title")
        .values_list("pk", "title")
        if not policies.renames(policies.decided(pk, on), len(then), on)
    ]
    if own:
        keeps = _("Frameworks that name their levels otherwise keep their names: %(titles)s.")
        said.append(keeps % {"titles": ", ".join(own)})
    return said


def _minimum(_policies: Policies, school: School, usual: int, before: int, value: int | None, on: date) -> list[str]:
    then = usual if value is None else max(usual, value)
    if then == before:
        return [_("What counts there that day stays the same.")]
    sizes = _learners([school.pk]).values("grade").annotate(n=Count("pk")).order_by().values_list("n", flat=True)
    low, high = sorted((before, then))
    n = sum(low <= size < high for size in sizes)
    if not n:
        said = _("No grade of the school has from %(low)s to %(high)s students: figures of fewer results alone change.")
    elif then > before:
        said = ngettext(
            "%(n)s more grade of the school would be hidden whole from those who may not list its students.",
            "%(n)s more grades of the school would be hidden whole from those who may not list its students.",
            n,
        )
    else:
        said = ngettext(
            "%(n)s more grade of the school could be shown to those who may not list its students.",
            "%(n)s more grades of the school could be shown to those who may not list its students.",
            n,
        )
    if Publication.objects.filter(district=school.district_id, day=on).exists():
        begins = _("The figures of that day are published already: it counts from the next publication on.")
    else:
        begins = _("It counts from the first publication of that day on; what was published before is known.")
    return [
        said % {"n": grouped(n), "low": low, "high": high - 1},
        _("Figures of other schools may come and go with them, so that nobody can be worked out."),
        begins,
    ]


def _api_reads(_schools: list[int], before: int, then: int) -> list[str]:
    working = ApiToken.objects.filter(
        revoked_at__isnull=True, expires_on__gte=timezone.localdate(), account__is_active=True
    )
    of_people = working.exclude(account__kind=Account.Kind.INTEGRATION)
    n = of_people.aggregate(n=Count("account", distinct=True))["n"]
    if not n:
        said = _("Nobody has an access token that works; it counts for whoever makes one.")
    else:
        said = ngettext(
            "%(n)s person has access tokens that work, and may read of %(then)s different students a day, not of "
            "%(before)s.",
            "%(n)s people have access tokens that work, and each may read of %(then)s different students a day, not of "
            "%(before)s.",
            n,
        )
    return [
        said % {"n": grouped(n), "then": grouped(then), "before": grouped(before)},
        _("Who was read on a day may be read again on it. Systems keep what was declared for their tokens."),
    ]


def _learners(schools: list[int]):
    return Learner.objects.named().filter(home_school__in=schools, left_on__isnull=True)


SAYS: dict[Line, Callable[[list[int], Any, Any], list[str]]] = {
    Line.UPLOADS: _uploads,
    Line.FAMILY_READS: _family,
    Line.OWN_VIEWS: _own_views,
    Line.OWN_WORDS: _own_words,
    Line.WORDS: _words,
    Line.LANGUAGE: _language,
    Line.API_READS: _api_reads,
}
OF_LEVELS_SAYS: dict[Line, Callable[..., list[str]]] = {Line.LEVEL_WORDS: _names, Line.MINIMUM_N: _minimum}
