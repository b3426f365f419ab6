"""What is asked of an intake whatever it is given: it answers, soon, whole or not at all, and says what it refuses."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client

from lrm.jobs.models import Job
from lrm.jobs.running import run
from tests.fuzz.mutants import Mutant
from tests.tables import everything_stored

MOST_SECONDS = 10
"""Of processor time: how long somebody waits says how busy the machine is, so that is kept and told, and not judged."""
WAITING = frozenset(
    {
        *("profiles_upload", "standards_packageupload", "lrm_job", "django_session", "profiles_accesslog"),
        *("profiles_accesslookup", "profiles_signedin"),
    }
)
"""Tables that hold a file until somebody has decided, and who looked; everything else is what an intake writes."""


@dataclass
class Trial:
    """One mutant on its way. before: what every table held. faults: what an intake did that none may.

    requests, jobs: of all trials so far, how many seconds each took on the clock, and what it was.
    """

    client: Client
    mutant: Mutant
    before: dict[str, tuple[int, int]]
    requests: list[tuple[float, str]]
    jobs: list[tuple[float, str]]
    faults: list[str] = field(default_factory=list)

    def get(self, url: str) -> Any:
        return self._answer("GET", url, lambda: self.client.get(url))

    def post(self, url: str, data: dict[str, Any]) -> Any:
        return self._answer("POST", url, lambda: self.client.post(url, data))

    def work(self) -> Job | None:
        """Let a worker do what waits; the last job, None where there was none. A failure in our own words is none."""
        last = None
        for pk in Job._base_manager.filter(state=Job.State.WAITING).values_list("pk", flat=True):
            self._timed(f"job {pk}", lambda pk=pk: run(pk), self.jobs)
            last = Job._base_manager.get(pk=pk)
            if "in LRM itself" in last.error:
                self.faults.append(f"the job {last.kind} fell over")
        return last

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.faults.append(otherwise)

    @contextmanager
    def nothing_written(self, unless: Callable[[], bool] = lambda: False) -> Iterator[None]:
        yield
        if not unless():
            after = everything_stored(WAITING)
            written = [name for name, held in self.before.items() if held != after[name]]
            self.expect(not written, f"written although refused: {', '.join(written)}")

    def _answer(self, method: str, url: str, ask: Callable[[], Any]) -> Any:
        def whole() -> Any:
            answer = ask()
            if getattr(answer, "streaming", False):
                b"".join(answer.streaming_content)
            return answer

        answer = self._timed(f"{method} {url}", whole, self.requests)
        self.expect(answer.status_code < 500, f"{method} {url} answered {answer.status_code}")
        return answer

    def _timed(self, what: str, do: Callable[[], Any], kept: list[tuple[float, str]]) -> Any:
        began, on_the_clock = time.process_time(), time.perf_counter()
        try:
            return do()
        finally:
            seconds = time.process_time() - began
            kept.append((time.perf_counter() - on_the_clock, f"{what}, {self.mutant.how}"))
            self.expect(seconds < MOST_SECONDS, f"{what} took {seconds:.0f} s of processor time")


def try_out(trial: Trial, intake: Callable[[Trial], None]) -> list[str]:
    """The faults of an intake with this mutant; the database is as it was before."""
    try:
        with transaction.atomic():
            intake(trial)
            transaction.set_rollback(True)
    except Exception as error:  # what would be a 500
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{place.tb_lineno}" if place else ""
        trial.faults.append(f"{type(error).__name__} {str(error)[:120]} at {where}")
    return trial.faults


def longest(taken: list[tuple[float, str]]) -> str:
    seconds, what = max(taken, default=(0, "nothing"))
    over = sum(one > MOST_SECONDS for one, _ in taken)
    return f"{len(taken)}, {over} of them over {MOST_SECONDS} s, the longest {seconds:.2f} s ({what})"
