"""Parts of every page that are the same each time, made once in each process: lists of the shell and icons."""

from collections.abc import Iterable
from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

from lrm.wording import Words, spoken

register = template.Library()


@register.simple_tag
def rail_items(nav: Iterable[dict]) -> SafeString:
    """The list of the rail, which is the same for everybody of a role on the same page."""
    return _rail_items(tuple(tuple(item.items()) for item in nav), spoken())


@lru_cache(maxsize=256)
def _rail_items(nav: tuple, _spoken: tuple[str | None, Words]) -> SafeString:
    return _made_small("components/rail_items.html", {"items": [dict(item) for item in nav]})


@register.simple_tag
def appearance_items() -> SafeString:
    """The choices of light or dark and of keys, which stand on each page twice."""
    return _appearance_items(spoken())


@cache
def _appearance_items(_spoken: tuple[str | None, Words]) -> SafeString:
    return _made_small("components/appearance_items.html", {})


def _made_small(template: str, context: dict) -> SafeString:
    """Rendered, each run of white space made one blank: these parts hold no text in which it counts."""
    return SafeString(" ".join(render_to_string(template, context).split()))


@register.simple_tag
def icon(name: str, size: int | str = 18) -> SafeString:
    """A lucide icon; the words beside it say what it means."""
    return _drawn(str(name), int(size or 18))


@cache
def _drawn(name: str, size: int) -> SafeString:
    # Without the cache every icon of every page is parsed and written anew: a quarter of the shell's time.
    return SafeString(lucide(name, size=size, **{"class": "icon", "aria_hidden": "true"}))
