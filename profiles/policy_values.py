"""What each line of the policy may say, what it says as LRM comes, and in words."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lrm.grades import CODES, grade_name
from lrm.privacy import CATEGORIES
from profiles.models.policy_rule import PolicyRule
from profiles.models.retention import LEAST_DAYS, MOST_DAYS, shipped_days

Line = PolicyRule.Line

WORD_CHOICES = {"class": ("class", "section"), "student": ("student", "learner"), "family": ("family", "guardian")}
USUAL_GRADE = "06"
"""Where nobody has written a rule: families of learners below grade 6 read along unless somebody takes them out."""

LEAST_N, MOST_N = 5, 30
LONGEST_NAME, MOST_LEVELS = 32, 10
USUAL_READS, LEAST_READS, MOST_READS = 2000, 50, 20_000
"""Of how many different students the programs of one person read on a day: a class at least, no large district."""

USES = {
    Line.UPLOADS: gettext_lazy("Words, links, pictures and PDF always; sound and video once they are turned on."),
    Line.FAMILY_READS: gettext_lazy("Which families read along unless whoever begins a conversation takes them out."),
    Line.OWN_VIEWS: gettext_lazy(
        "Whether families read at which level a student sees themselves, and in which words. Staff of the student do."
    ),
    Line.OWN_WORDS: gettext_lazy(
        "Whether families read what stands in a student’s profile: what the student and teachers wrote there. Staff of "
        "the student do."
    ),
    Line.WORDS: gettext_lazy("How pages, mails and papers call a class, a student and the family, in English."),
    Line.LANGUAGE: gettext_lazy("The language of everybody who has not chosen one."),
    Line.LEVEL_WORDS: gettext_lazy(
        "What students, families and staff of one school read in place of the names in the district’s scale. Levels "
        "stay what they are."
    ),
    Line.MINIMUM_N: gettext_lazy(
        "A school may hide its figures of more students than the district does, where somebody reads them who may not "
        "open the list of students. Never of fewer."
    ),
    Line.API_READS: gettext_lazy(
        "Of how many different students the access tokens of one person may read on a day, together with what the "
        "person’s browser asks the API for. Systems have what an administrator declared for them."
    ),
    Line.KEEPING: gettext_lazy(
        "For how many days after leaving records about students of one school stay, where that is shorter than in the "
        "district. Of who has left, the last school counts. A legal hold keeps everything."
    ),
}


def shipped(line: str, *, language: str = "en") -> Any:
    """What counts where nobody has decided; None: what the district's policy of levels, or of keeping, says.

    language: that the district was set up with.
    """
    return {
        Line.UPLOADS: {"audio": False, "video": False},
        Line.FAMILY_READS: USUAL_GRADE,
        Line.OWN_VIEWS: True,
        Line.OWN_WORDS: True,
        Line.WORDS: {usual: usual for usual in WORD_CHOICES},
        Line.LANGUAGE: language,
        Line.LEVEL_WORDS: None,
        Line.MINIMUM_N: None,
        Line.KEEPING: None,
        Line.API_READS: USUAL_READS,
    }[Line(line)]


def is_value(line: str, value: Any) -> bool:
    """Whether a line can say this: the last look before it is stored, whoever wrote it."""
    return CHECKS[Line(line)](value)


CHECKS: dict[Line, Callable[[Any], bool]] = {
    Line.UPLOADS: lambda value: (
        isinstance(value, dict)
        and set(value) == {"audio", "video"}
        and all(isinstance(allowed, bool) for allowed in value.values())
    ),
    Line.FAMILY_READS: lambda value: value == "" or value in CODES,
    Line.OWN_VIEWS: lambda value: isinstance(value, bool),
    Line.OWN_WORDS: lambda value: isinstance(value, bool),
    Line.WORDS: lambda value: (
        isinstance(value, dict)
        and set(value) == set(WORD_CHOICES)
        and all(word in WORD_CHOICES[usual] for usual, word in value.items())
    ),
    Line.LANGUAGE: lambda value: value in dict(settings.LANGUAGES),
    Line.LEVEL_WORDS: lambda value: (
        isinstance(value, list) and 2 <= len(value) <= MOST_LEVELS and all(_is_name(name) for name in value)
    ),
    Line.MINIMUM_N: lambda value: type(value) is int and LEAST_N <= value <= MOST_N,
    Line.API_READS: lambda value: type(value) is int and LEAST_READS <= value <= MOST_READS,
    Line.KEEPING: lambda value: (
        isinstance(value, dict)
        and bool(value)
        and set(value) <= set(shipped_days())
        and all(type(days) is int and LEAST_DAYS <= days <= MOST_DAYS for days in value.values())
    ),
}


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and name == name.strip()


def say_value(line: str, value: Any) -> str:
    """A value in a few words."""
    return SAYS[Line(line)](value)


def _say_uploads(value: dict) -> str:
    if value["audio"] and value["video"]:
        return _("Sound and video are on")
    if value["audio"]:
        return _("Sound is on, video is off")
    return _("Video is on, sound is off") if value["video"] else _("Sound and video are off")


def _say_family(value: str) -> str:
    if not value:
        return _("Never by default")
    return _("By default below %(grade)s") % {"grade": grade_name(value)}


def _say_read(value: bool) -> str:
    return _("Families read it") if value else _("Families do not read it")


def _say_words(value: dict) -> str:
    return ", ".join(word_name(value[usual]) for usual in WORD_CHOICES)


def _say_names(value: Sequence[str]) -> str:
    return ", ".join(f"{level} {name}" for level, name in enumerate(value, start=1))


def _say_days(value: dict) -> str:
    said = _("%(kind)s %(n)s days")
    return "; ".join(said % {"kind": CATEGORIES[key].words, "n": value[key]} for key in CATEGORIES if key in value)


def word_name(word: str) -> str:
    """A word that can be chosen, also where another one was."""
    return {
        "class": pgettext("as a word", "class"),
        "section": pgettext("as a word", "section"),
        "student": pgettext("as a word", "student"),
        "learner": pgettext("as a word", "learner"),
        "family": pgettext("as a word", "family"),
        "guardian": pgettext("as a word", "guardian"),
    }[word]


SAYS: dict[Line, Callable[[Any], str]] = {
    Line.UPLOADS: _say_uploads,
    Line.FAMILY_READS: _say_family,
    Line.OWN_VIEWS: _say_read,
    Line.OWN_WORDS: _say_read,
    Line.WORDS: _say_words,
    Line.LANGUAGE: lambda value: str(dict(settings.LANGUAGES).get(value, value)),
    Line.LEVEL_WORDS: _say_names,
    Line.MINIMUM_N: lambda value: _("Hidden below %(n)s students") % {"n": value},
    Line.KEEPING: _say_days,
    Line.API_READS: lambda value: (
        _("Of %(n)s different students a day") % {"n": number_format(value, force_grouping=True)}
    ),
}
