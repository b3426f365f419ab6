"""One line of an agenda."""

from dataclasses import dataclass

POINT = "point"
VIEW = "view"
TALK = "talk"


@dataclass(frozen=True)
class AgendaItem:
    """kind: VIEW, "step", "goal", "waiting", "try", "work", TALK or POINT.    url: where it stands, or "".

    point, by: of a point that somebody added: its id, and who did.
    lasting_url: where it stands for everybody who reads the agenda later, where that is another page.
    """

    kind: str
    text: str
    url: str = ""
    point: int | None = None
    by: str = ""
    lasting_url: str = ""

    @property
    def lasts(self) -> bool:
        """Whether it goes into the agenda of a meeting that is over. What only its reader knows does not."""
        return self.kind != TALK

    def as_json(self) -> dict:
        text = f"{self.by}: {self.text}" if self.by else self.text
        return {"kind": self.kind, "text": text, "url": self.lasting_url or self.url}
