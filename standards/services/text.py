"""Statements as publishers write them (HTML, Markdown, TeX, entities): to show, and to search."""

import html
import re

import nh3

TAGS = {
    *("p", "br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "span", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption", "blockquote", "code", "pre", "hr"),
}
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>")


def safe_html(source: str) -> str:
    """The statement as HTML that cannot do harm: text tags stay, everything else goes; line breaks are kept.

    A text without tags is escaped, so that "a < b" and TeX stand as they were written.
    """
    if _MARKUP.search(source):
        return nh3.clean(source, tags=TAGS, attributes={}, link_rel=None, strip_comments=True)
    return html.escape(html.unescape(source), quote=False).replace("\r\n", "\n").replace("\n", "<br>")


def plain_text(source: str) -> str:
    """The statement without markup, on one line."""
    bare = nh3.clean(source, tags=set(), strip_comments=True) if _MARKUP.search(source) else source
    return " ".join(html.unescape(bare).split())
