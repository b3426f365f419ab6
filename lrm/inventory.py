"""docs/data-inventory.md, written from what the models declare: every field about a person, and its ways out."""

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.utils import translation

from lrm.inferences import COMPUTED
from lrm.privacy import CATEGORIES, AdultWay, Keep, Path, Privacy, privacy_of
from lrm.records.ways import personal_models, ways_to_adult

FILE = settings.BASE_DIR / "docs" / "data-inventory.md"

ABOUT = {"learner": "learners", "staff": "staff", "guardian": "families", "account": "whoever signs in"}

HEAD = """# Data inventory

Written by `manage.py data_inventory`; not to be edited by hand. `tests/lrm/test_inventory.py` fails where it is stale.
Every field about a person stands here with why it is kept (purpose), of which kind it is, for how long, how it comes
into a copy, and what becomes of it when a learner, or an adult whom it names, is erased.
Nothing here is sold, used for advertising, or sent to anybody but the district itself.
"""


def models_with_people() -> Iterator[tuple[type[models.Model], Privacy]]:
    """Every model of every app, libraries' too, that has a field about a person, by label."""
    for model in personal_models():
        yield model, privacy_of(model)


def write_inventory() -> str:
    """The document, the same whatever the language of who asks."""
    with translation.override("en"):
        return "\n".join([HEAD, *_categories(), *_inferences(), *_tables()]) + "\n"


def _categories() -> Iterator[str]:
    yield "## Kinds\n"
    yield "| kind | holds | kept after leaving, as shipped |"
    yield "|---|---|---|"
    for key, category in CATEGORIES.items():
        days = f"{category.days} days" if category.days else "by the table, below"
        yield f"| {key} | {category.words}: {category.told(is_last=False)} | {days} |"
    yield ""


def _inferences() -> Iterator[str]:
    yield "## What LRM works out\n"
    yield "Stored:\n"
    for model, declared in models_with_people():
        for name, how in declared.inferred.items():
            yield f"- `{model._meta.label}.{name}`: {how}"
    yield "\nWorked out whenever a page is read, and not stored:\n"
    for each in COMPUTED:
        yield f"- {each.what} {each.how}"
    yield ""


def _tables() -> Iterator[str]:
    for model, declared in models_with_people():
        yield f"## {model._meta.label}\n"
        yield f"About {ABOUT[declared.about]}. Kind: {declared.category}. Kept {_kept(declared.keep)}."
        yield f"Copy: {_words(declared.in_copy)}. Erasure: {_words(declared.in_erasure)}.\n"
        yield "| field | purpose |"
        yield "|---|---|"
        hidden = declared.hidden.split()
        for name, purpose in declared.personal.items():
            note = "; in no copy" if name in hidden else ""
            yield f"| {name} | {purpose}{note} |"
        if declared.plain:
            yield f"\nBeside them, saying nothing about a person on their own: {', '.join(declared.plain.split())}."
        yield from _adults(model, declared)
        yield ""


def _adults(model: type[models.Model], declared: Privacy) -> Iterator[str]:
    """Fields that name an adult, by what becomes of the row."""
    ways: dict[AdultWay, list[str]] = {}
    for each, field in ways_to_adult():
        if each is model:
            ways.setdefault(declared.way_of_adult(field), []).append(f"`{field.name}`")
    for way, names in ways.items():
        yield f"\nAn adult, by {', '.join(names)}. Copy: {way.export}. Erasure: {way.erase}."


def _kept(keep: Keep | None) -> str:
    return keep.words if keep else ""


def _words(path: Path) -> str:
    return path.words
