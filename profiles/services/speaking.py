"""In which language and in which words somebody is spoken to: their own choice, then the policy, then LRM's."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.utils import timezone

from lrm import wording
from lrm.scope import district_scope
from profiles.models import Account, District, Learner, School
from profiles.models.policy_rule import PolicyRule
from profiles.services.policy_rules import Rules

LINES = (PolicyRule.Line.WORDS, PolicyRule.Line.LANGUAGE)


def rules_of_speech(district: District) -> Rules | None:
    """None where nobody has ever decided anything: then nothing is read. Else kept until somebody writes a rule."""
    return _read(district.pk, district.rules_version) if district.rules_version else None


@lru_cache(maxsize=64)
def _read(district_id: int, _version: int) -> Rules:
    with district_scope(district_id):
        return Rules(PolicyRule.objects.filter(line__in=LINES, withdrawn_at=None))


def speech_of(account: Account, *, chosen: str = "") -> tuple[str, wording.Words]:
    """Language and words. chosen: by a browser's cookie; "" where nobody chose.

    "" for a language: nobody has decided; the browser's, then the site's counts.
    """
    own = account.language or chosen
    rules = rules_of_speech(account.district)
    if rules is None:
        return own, ()
    school_id, today = _school_of(account, rules), timezone.localdate()
    standing = rules.on(PolicyRule.Line.LANGUAGE, today, school_id)
    words = rules.on(PolicyRule.Line.WORDS, today, school_id).value
    return own or (standing.value if standing.rule else ""), wording.words_of(words)


def words_of_job(account: Account | None) -> wording.Words:
    """In which words a job writes for whoever started it, in the open scope."""
    return speech_of(account)[1] if account is not None else ()


@contextmanager
def speaking_to(account: Account) -> Iterator[None]:
    """For what is written to somebody who is not there, such as a mail. The scope of the district is open or opened."""
    with district_scope(account.district_id):
        language, words = speech_of(account)
    with wording.speaking(language or account.district.language, words):
        yield


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
