"""Statements as publishers write them (HTML, Markdown, TeX, entities): to show, and to search."""

import html
import re

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
        return _cleaned(source, TAGS)
    return html.escape(html.unescape(source), quote=False).replace("\r\n", "\n").replace("\n", "<br>")


def plain_text(source: str) -> str:
    """The statement without markup, on one line."""
    bare = _cleaned(source, set()) if _MARKUP.search(source) else source
    return " ".join(html.unescape(bare).split())


def _cleaned(source: str, tags: set[str]) -> str:
    import nh3  # 2 MB of a process that meets no markup

    return nh3.clean(source, tags=tags, attributes={}, link_rel=None, strip_comments=True)
