from django import template
from django.template.context import RequestContext
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paths.services.today_lines import Line

register = template.Library()

# By format_html and not by a template: fifteen includes of it took a fifth of the page's time.
ACTS = (
    '<div class="today-acts"><form method="post" action="{}">'
    '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<button type="submit" class="button" data-kind="quiet" data-size="dense" name="key" value="{}" data-put-off'
    ' aria-label="{}">{}</button></form><a class="button"{} href="{}" data-do>{}</a></div>'
)


@register.simple_tag(takes_context=True)
def today_acts(context: RequestContext, line: Line, kind: str = "") -> SafeString:
    """Put the line off till tomorrow, or do it. kind: "primary" for the first line."""
    put_off = SafeString(escape(_("Tomorrow: %(what)s")) % {"what": line.plain})  # plain is escaped already
    look = format_html(' data-kind="{}"', kind) if kind else ""
    key = (context["put_off_url"], context["csrf_token"], line.key)
    return format_html(ACTS, *key, put_off, _("Tomorrow"), look, line.url, line.button)
