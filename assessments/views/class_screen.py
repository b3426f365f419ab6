"""The wall for a projector: the class together, nobody by name."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments.screen_drawing import draw_columns
from assessments.services.class_screen import DEFAULT_SINCE, FEWEST, TERM, read_class_screen, since_of
from assessments.services.policies import Policies
from assessments.views.changes import watched
from lrm.http import Request
from lrm.policy import STAFF, allow
from profiles.models import Section

ALIAS = "alias"
SINCE_WORDS = {"7": _("One week"), DEFAULT_SINCE: _("Three weeks"), TERM: _("Since the start")}
NAMES_WORDS = {"": _("Hidden"), ALIAS: _("By screen name")}


@allow(*STAFF)
@require_safe
def class_screen(request: Request, pk: int) -> HttpResponse:
    """?since= a key of SINCE_WORDS; ?names=alias tells the news of those who chose a screen name.

    Nobody is looked at here, so no look is written: the page holds counts, and words that learners chose for it.
    """
    sections = Section.objects.visible_to(request.user).select_related("session")
    section = get_object_or_404(sections, pk=pk)
    changes = watched(request, section.roster_id)
    today = timezone.localdate()
    since = request.GET.get("since", "")
    since = since if since in SINCE_WORDS else DEFAULT_SINCE
    names = ALIAS if request.GET.get("names") == ALIAS else ""
    screen = read_class_screen(
        section,
        Policies(section.district_id),
        since=since_of(since, section, today=today),
        with_aliases=names == ALIAS,
    )
    policies = screen.policies
    context = {
        "section": section,
        "screen": screen,
        "fewest": FEWEST,
        "today": today,
        "columns": draw_columns(screen.columns),
        "secure_word": policies.mastery_word,
        "legend": [
            (level, policies.word_from_mastery(level)) for level in range(policies.lowest_mastery, policies.levels + 1)
        ],
        "stories": [
            {
                "story": story,
                "word": policies.of(story.standard.framework_id).word(story.level),
                "heading": story.standard.heading,
            }
            for story in screen.stories
        ],
        "names": names,
        "names_choices": _choices(NAMES_WORDS, names, lambda key: {"since": since, "names": key}),
        "since_choices": _choices(SINCE_WORDS, since, lambda key: {"since": key, "names": names}),
        **changes,
    }
    return render(request, "assessments/class_screen.html", context)


def _choices(words: dict, chosen: str, query) -> list[dict]:
    """Dicts word, url, current, for the links of the menu."""
    return [{"word": word, "url": f"?{urlencode(query(key))}", "current": key == chosen} for key, word in words.items()]
