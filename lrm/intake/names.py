"""What a file is called. A name is only ever shown; no file is stored under it."""

import unicodedata

from lrm.intake.kinds import ENDING_REASONS, ENDINGS
from lrm.intake.refusals import Refused

LENGTH = 100
# They turn the direction of what follows, so that "gpj.exe" reads as "exe.jpg".
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
RUNNING_WORDS = """
html htm xhtml shtml svg svgz xml xsl js mjs vbs php phtml asp aspx jsp cgi pl py sh bash bat cmd com exe msi dll
scr lnk hta jar ps1 app apk dmg docm xlsm pptm zip rar 7z swf
"""
RUNNING = frozenset(RUNNING_WORDS.split())
"""As a last but one ending these are no part of a name, but a second type."""


def cleaned(name: str) -> tuple[str, str]:
    """(stem, ending without its dot, in small letters) of a name as a browser sent it.

    Folders before the name are left out. Raises Refused: hidden_letters, no_ending, two_endings, or why files with
    that ending are not taken.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    if any(letter in TURNING or unicodedata.category(letter) == "Cc" for letter in name):
        raise Refused("hidden_letters")
    # What is left of letters without a look (joiners, marks) is harmless, and is not kept.
    name = "".join(letter for letter in name if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn"))
    stem, dot, ending = " ".join(name.split()).rstrip(". ").rpartition(".")
    ending = ending.strip().lower()
    if not dot or not ending:
        raise Refused("no_ending")
    if ending not in ENDINGS:
        raise Refused(ENDING_REASONS.get(ending, "not_taken"))
    if any(part.strip().lower() in RUNNING for part in stem.split(".")[1:]):
        raise Refused("two_endings")
    return _kept(stem), ending


def _kept(stem: str) -> str:
    """Letters that have a meaning in a path, a header or a page are left out; too long a name is cut."""
    kept = "".join(letter for letter in stem if letter not in '<>:"/|?*;').strip(". ")
    return kept[:LENGTH].strip(". ")
