from django import template
from django.utils.safestring import SafeString

from lrm.as_of import AsOf
from paths import levels_html
from paths.services.mastery_rows import StandardRow
from profiles.models import Learner

register = template.Library()


@register.simple_tag
def level_cells(row: StandardRow, learner: Learner, past: AsOf, is_staff_view: bool, has_own_views: bool) -> SafeString:
    """The cells of a row of a learner's levels."""
    query = f"?{past.query}" if past and past.day else ""
    compared = is_staff_view and not query
    return levels_html.level_cells(row, learner.pk, own=has_own_views, compared=compared, query=query)
