"""Clashes of groups in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.services.clashes import Clash

MOST_NAMES = 4


def said_of(clash: Clash) -> list[str]:
    """A sentence about the adult and one about the learners who are wanted twice, as far as there are any."""
    if clash.is_here:
        where = _("group %(letter)s (%(time)s)") % {"letter": clash.letter, "time": clash.time_text}
    else:
        facts = {"letter": clash.letter, "section": clash.section, "time": clash.time_text}
        where = _("group %(letter)s of %(section)s (%(time)s)") % facts
    said = []
    if clash.adult:
        said.append(_("At the same time %(name)s is with %(group)s.") % {"name": clash.adult, "group": where})
    if clash.learners:
        named, more = ", ".join(clash.learners[:MOST_NAMES]), len(clash.learners) - MOST_NAMES
        if more > 0:
            named = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more) % {"names": named, "n": more}
        said.append(_("At the same time in %(group)s: %(who)s.") % {"group": where, "who": named})
    return said
