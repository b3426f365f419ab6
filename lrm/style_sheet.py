"""One style sheet made of all parts, so that a first visit asks for one file instead of seventy.

What prints stays apart (css/print.css): no screen waits for it.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/lrm.css"
COMPONENTS = (
    *("tones", "button", "level", "key", "monogram", "toolbar", "panel", "banner", "status", "form", "segment"),
    *("choice", "menu", "as-of", "dialog", "table", "tabs", "tree", "wall", "levels", "legend", "class-screen"),
    *("level-bar", "spark", "receipt", "rating", "how-sure", "entry", "observe", "today-line", "today-page"),
    *("learner-line", "group-column", "group-roster", "board-page", "block", "goal-card", "step-card", "step-dots"),
    *("week", "quote", "warm-card", "figure", "school", "impact", "school-views", "check-in", "policy", "counts"),
    *("progress", "import", "picker", "empty", "code-boxes", "sign-in", "roster", "person", "work", "project"),
    *("talk", "binder", "qr", "badge", "paper", "gallery"),
)
# In one order, weakest first. All are in it: a swapped part of a page brings no style sheet with it.
PARTS = (
    *("layers.css", "tokens.css", "base.css", "layout.css"),
    *(f"components/{name}.css" for name in COMPONENTS),
    "utilities.css",
)


def text() -> str:
    folder = settings.BASE_DIR / "static" / "css"
    return "\n".join(f"/* {part} */\n{(folder / part).read_text()}" for part in PARTS)


class StyleSheetFinder(BaseFinder):
    """Offers it as if it stood in the folder of static files, to collectstatic and to who serves without collecting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.VAR / "made")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != NAME:
            return []
        made = str(self._made())
        return [made] if find_all else made

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        self._made()
        yield NAME, self.storage

    def _made(self) -> Path:
        """Written only where the parts have changed, and never half: several processes do so at once."""
        path, content = Path(self.storage.path(NAME)), text().encode()
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
                draft.write(content)
            os.chmod(draft.name, 0o644)
            os.replace(draft.name, path)
        return path
