"""The design language as rules that a machine can read: contrasts, layers, and what a style sheet may not do."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from lrm import style_sheet

CSS = Path(settings.BASE_DIR) / "static" / "css"
SHEETS = sorted(CSS.rglob("*.css"))
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))

# Text on ground, and the least contrast (WCAG 2.2: 4.5 for text, 3 for the edge of a control).
PAIRS = [
    *[(ink, ground, 4.5) for ink in ("ink", "ink-2", "ink-3") for ground in ("page", "surface", "sunken")],
    *[(colour, ground, 4.5) for colour in ("accent", "danger") for ground in ("page", "surface", f"{colour}-wash")],
    ("on-accent", "accent", 4.5),
    ("on-button", "button", 4.5),
    ("ink", "warm", 4.5),
    ("ink-2", "warm", 4.5),
    *[(f"on-level-{level}", f"level-{level}", 4.5) for level in (1, 2, 3, 4)],
    ("line-strong", "surface", 3),
    ("line-strong", "page", 3),
]


def tokens(theme: int) -> dict[str, str]:
    """Hex colours by token name; theme 0 is light, 1 is dark."""
    text = (CSS / "tokens.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", text)
    return {name: both[theme] for name, *both in pairs}


PHYSICAL = re.compile(
    r"(?:^|[\s{;])"
    r"(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:"
)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_contrast_of_tokens_is_enough(text, ground, least, theme):
    colours = tokens(theme)

    assert contrast(colours[text], colours[ground]) >= least


def test_contrast_of_black_on_white_is_21():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_levels_go_away_from_the_page_in_order(theme):
    colours = tokens(theme)
    away = [contrast(colours[f"level-{level}"], colours["page"]) for level in (1, 2, 3, 4)]

    assert away == sorted(away)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_style_sheet_keeps_the_rules(sheet):
    text = re.sub(r"/\*.*?\*/|url\(\"[^\"]*\"\)", "", sheet.read_text(), flags=re.S)
    colours = re.findall(r"#[0-9a-fA-F]{3,8}\b", text)

    assert "!important" not in text
    assert PHYSICAL.findall(text) == []
    assert re.findall(r"^\s*[^@\s][^{;]*#[a-z][\w-]*[^{;]*\{", text, flags=re.M) == []  # an id in a selector
    assert sheet.name == "tokens.css" or set(colours) <= {"#000", "#c9a53f"}  # masks, and the bare ring of level 1
    assert text.lstrip().startswith("@layer")


def test_every_style_sheet_is_in_the_one_that_pages_link_or_prints():
    assert sorted((*style_sheet.PARTS, "print.css")) == sorted(sheet.relative_to(CSS).as_posix() for sheet in SHEETS)


def test_the_one_style_sheet_is_served_as_its_parts_stand(client):
    parts = [(CSS / part).read_text() for part in style_sheet.PARTS]
    served = b"".join(client.get("/static/css/lrm.css").streaming_content).decode()

    places = [served.index(part) for part in parts]
    assert places == sorted(places)
    assert re.sub(r"^/\* [\w/.-]+\.css \*/\n", "", served, flags=re.M) == "\n".join(parts)


def test_the_one_style_sheet_follows_a_part_that_changes(settings, tmp_path, monkeypatch):
    settings.VAR = tmp_path
    finder = style_sheet.StyleSheetFinder()
    first = Path(finder.find("css/lrm.css")).read_text()
    monkeypatch.setattr(style_sheet, "PARTS", ("tokens.css",))

    second = Path(finder.find("css/lrm.css")).read_text()

    assert "/* utilities.css */" in first
    assert second == f"/* tokens.css */\n{(CSS / 'tokens.css').read_text()}"
    assert finder.find("css/other.css") == []


def test_no_template_carries_inline_style_or_script():
    found = [
        template.name
        for template in TEMPLATES
        if re.search(r"\sstyle\s*=|\son[a-z]+\s*=|<style\b|<script(?![^>]*\bsrc=)", template.read_text())
    ]

    assert found == []


def test_button_that_prints_has_a_script_that_does():
    scripts = [path.name for path in (CSS.parent / "js").glob("*.js") if "[data-print]" in path.read_text()]
    dead = [
        path.name
        for path in TEMPLATES
        if re.search(r"\bdata-print\b", text := path.read_text()) and not any(f"js/{name}" in text for name in scripts)
    ]
    assert dead == []
