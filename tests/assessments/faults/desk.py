"""A signed-in teacher who types scores, and sends again what was not answered, as the entry grid does."""

import http.client
import json
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.server import Client

GIVE_UP_SECONDS = 120
AGAIN_SECONDS = 0.1


Cell = tuple[int, int, int]


@dataclass(frozen=True)
class Typed:
    """One act on a cell.    twice: sent a second time at once.    then: the score that corrects it at once, or ""."""

    assessment: int
    learner: int
    standard: int
    text: str
    twice: bool = False
    then: str = ""


@dataclass
class Desk:
    """saved: (assessment, learner, standard) -> the text that was last answered "saved".

    seen: the same -> the id of the record that this desk has last seen there; what it types replaces that one.
    timed: (time.monotonic() at its end, seconds) of each save that was answered at its first try.
    refused: how many sends were not answered with 200.
    """

    port: int
    cookies: dict[str, str]
    saved: dict[Cell, str] = field(default_factory=dict)
    seen: dict[Cell, int] = field(default_factory=dict)
    timed: list[tuple[float, float]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def type_all(self, acts: Iterable[Typed], *, hands: int = 4, rate: float | None = None) -> None:
        """Type in turn, by so many hands; each act is finished before its hand takes the next.

        rate: at most so many acts a second.    Raises the first error of a hand.
        """
        waiting, errors = deque(acts), []
        began, number = time.monotonic(), iter(range(len(waiting)))
        lock = threading.Lock()

        def type_some() -> None:
            client = Client(self.port, self.cookies)
            try:
                while not errors:
                    with lock:
                        if not waiting:
                            return
                        act, place = waiting.popleft(), next(number)
                    if rate is not None:
                        time.sleep(max(0.0, began + place / rate - time.monotonic()))
                    self._type(client, act)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=type_some) for _ in range(hands)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    def _type(self, client: Client, act: Typed) -> None:
        before = self.seen.get((act.assessment, act.learner, act.standard))
        record = self._save(client, act, act.text, before)
        if act.twice:
            assert self._save(client, act, act.text, before) == record, "a score sent twice was stored twice"
        if act.then:
            self._save(client, act, act.then, record)

    def _save(self, client: Client, act: Typed, text: str, replaces: int | None) -> int:
        """Id of the record in force."""
        said = self.send(client, act, text, replaces)
        assert said["state"] == "saved", said
        self.saved[act.assessment, act.learner, act.standard] = text
        self.seen[act.assessment, act.learner, act.standard] = said["id"]
        return said["id"]

    def send(self, client: Client, act: Typed, text: str, replaces: int | None) -> dict:
        """What the site says of the cell; sends again until it has answered."""
        cell = {"learner": act.learner, "standard": act.standard, "text": text, "replaces": replaces}
        body = json.dumps({"cells": [cell]})
        began, is_first = time.monotonic(), True
        while True:
            try:
                answer = client.post(f"/assessments/{act.assessment}/cells/", body, kind="application/json")
            except (RuntimeError, OSError, http.client.HTTPException) as error:
                client.connection = None
                self.refused.append(f"{type(error).__name__}: {error}"[:200])
                assert time.monotonic() - began < GIVE_UP_SECONDS, self.refused[-1]
                is_first = False
                time.sleep(AGAIN_SECONDS)
                continue
            if is_first:
                ended = time.monotonic()
                self.timed.append((ended, ended - began))
            [said] = json.loads(answer)["cells"]
            return said
