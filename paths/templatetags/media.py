"""What pages of other apps ask about sound."""

from django import template

from lrm.intake import AUDIO
from paths.services.hand_in_limits import kinds_allowed

register = template.Library()


@register.simple_tag
def sound_allowed(school_id: int) -> bool:
    """Whether a school lets sound in; one statement."""
    return AUDIO in kinds_allowed(school_id)
