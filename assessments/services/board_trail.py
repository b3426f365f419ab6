"""What the newest versions of a board were like: enough to take a step that was made on one of them onto a newer one.

Two co-teachers on one board lose nothing: a step that still means the same is taken, any other is refused with the
board as it is now.
"""

from datetime import datetime

from django.db.models import Q

from assessments.models import GroupSuggestion, Wish

OWN_NAME = "own"
MOST_VERSIONS = 30
BY_HAND = {"by_hand", "topics"}  # settings of a board that is filled by hand, which end as the solver fills it
OF_ONE_BOARD = BY_HAND | {"meets"}  # settings that end with the board


class StaleBoard(Exception):
    """Somebody else, or newer results, changed the board first, and the step means something else there now.

    suggestion: the board as it is now, None where none stands.
    why: "moved" (somebody has placed this learner meanwhile), "topic" (no group has that topic any more), "meets"
    (somebody has settled this group meanwhile, or it has another letter), or "".
    """

    def __init__(self, suggestion: GroupSuggestion | None, why: str = "") -> None:
        super().__init__("The board has changed.")
        self.suggestion, self.why = suggestion, why


def kept_settings(settings: dict) -> dict:
    """The settings that go on to the next board of the section."""
    return {name: value for name, value in settings.items() if name not in OF_ONE_BOARD}


def filled_by_solver(settings: dict) -> dict:
    """The settings as the same board goes on with them where the solver fills it."""
    return {name: value for name, value in settings.items() if name not in BY_HAND}


def followed(suggestion: GroupSuggestion, board: dict, *, settled: bool = False) -> dict:
    """The board with the trail of the versions before it. The suggestion has its new version and moment already.

    settled: this step changes the settings.
    """
    trail = suggestion.board.get("trail", [])
    entry = {
        "version": suggestion.version,
        "at": suggestion.updated_at.isoformat(),
        "topics": {entry["letter"]: entry["focus"] for entry in board.get("groups", [])},
        "settled": suggestion.version if settled or not trail else trail[-1]["settled"],
    }
    return board | {"trail": [*trail, entry][-MOST_VERSIONS:]}


def check_settings(suggestion: GroupSuggestion, version: int) -> None:
    """Raises StaleBoard where the settings are not those that the editor of `version` saw."""
    if _seen(suggestion, version)["settled"] != suggestion.board["trail"][-1]["settled"]:
        raise StaleBoard(suggestion)


def target(suggestion: GroupSuggestion, version: int, *, learner_id: int, to: str) -> str:
    """The letter, or OWN_NAME, that `to` on the board of `version` means now; the topic is what was meant.

    Raises StaleBoard: the topic is gone, or somebody has placed or freed this learner since that version.
    """
    seen = _seen(suggestion, version)
    at = datetime.fromisoformat(seen["at"])
    pins = Wish.objects.filter(section=suggestion.section_id, first=learner_id, kind=Wish.Kind.PIN)
    if pins.filter(Q(created_at__gt=at) | Q(lifted_at__gt=at)).exists():
        raise StaleBoard(suggestion, "moved")
    return to if to == OWN_NAME else letter_now(suggestion, version, to)


def letter_now(suggestion: GroupSuggestion, version: int, letter: str) -> str:
    """The letter that a group of the board of `version` has now; its topic is what makes it the same.

    Raises StaleBoard: no group has that topic any more.
    """
    meant = _seen(suggestion, version)["topics"].get(letter)
    now = {entry["letter"]: entry["focus"] for entry in suggestion.board.get("groups", [])}
    letters = [name for name, focus in now.items() if meant is not None and focus == meant]
    if not letters:
        raise StaleBoard(suggestion, "topic")
    return letter if letter in letters else letters[0]


def _seen(suggestion: GroupSuggestion, version: int) -> dict:
    for entry in suggestion.board.get("trail", []):
        if entry["version"] == version:
            return entry
    raise StaleBoard(suggestion)
