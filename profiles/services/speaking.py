"""In which language and in which words somebody is spoken to: their own choice, then the policy, then LRM's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils import timezone

from lrm import wording
from lrm.scope import district_scope
from profiles.level_names import Naming, naming_levels
from profiles.models import Account, Learner, School
from profiles.models.policy_rule import PolicyRule
from profiles.services.kept_rules import kept_rules
from profiles.services.policy_rules import Rules

LINES = (PolicyRule.Line.WORDS, PolicyRule.Line.LANGUAGE, PolicyRule.Line.LEVEL_WORDS)


def speech_of(account: Account, *, chosen: str = "") -> tuple[str, wording.Words, Naming | None]:
    """Language, words, and what levels are called. chosen: by a browser's cookie; "" where nobody chose.

    "" for a language: nobody has decided; the browser's, then the site's counts.
    """
    own = account.language or chosen
    rules = kept_rules(account.district)
    if rules is None:
        return own, (), None
    school_id, today = _school_of(account, rules), timezone.localdate()
    standing = rules.on(PolicyRule.Line.LANGUAGE, today, school_id)
    words = rules.on(PolicyRule.Line.WORDS, today, school_id).value
    return own or (standing.value if standing.rule else ""), wording.words_of(words), _naming(rules, school_id)


@contextmanager
def speaking(language: str | None, words: wording.Words, naming: Naming | None) -> Iterator[None]:
    """language: None or "" goes on in the present one."""
    with wording.speaking(language, words), naming_levels(naming):
        yield


@contextmanager
def speaking_for(account: Account | None, language: str) -> Iterator[None]:
    """What a job writes for whoever started it, in the open scope."""
    _language, words, naming = speech_of(account) if account is not None else ("", (), None)
    with speaking(language or None, words, naming):
        yield


@contextmanager
def speaking_to(account: Account) -> Iterator[None]:
    """For what is written to somebody who is not there, such as a mail. The scope of the district is open or opened."""
    with district_scope(account.district_id):
        language, words, naming = speech_of(account)
    with speaking(language or account.district.language, words, naming):
        yield


def _naming(rules: Rules, school_id: int | None) -> Naming | None:
    if school_id is None or not rules.has_rules(PolicyRule.Line.LEVEL_WORDS, school_id):
        return None

    def names(day: date) -> tuple[str, ...]:
        rule = rules.own(PolicyRule.Line.LEVEL_WORDS, day, school_id)
        return tuple(rule.value) if rule is not None and rule.value is not None else ()

    return names


def _school_of(account: Account, rules: Rules) -> int | None:
    """The one school that somebody learns, teaches at or administers, where some school has decided for itself."""
    if not any(rules.names_schools(line) for line in LINES):
        return None
    access = account.access
    people = [access.learner_id] if access.learner_id else list(access.ward_ids)
    if people:
        schools = set(Learner.objects.filter(pk__in=people).values_list("home_school", flat=True))
    elif access.is_district_admin:
        return None
    else:
        schools = set(School.objects.visible_to(account).values_list("pk", flat=True))
    return next(iter(schools)) if len(schools) == 1 else None
