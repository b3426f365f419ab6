"""`python -m lrm.web_server`: gunicorn, whose workers share what they have loaded with each other and nobody else.

With --preload the master holds a third copy of every page that workers write to, and counting references writes to
half of them. Here the master loads nothing. It starts a loader, which loads the site, forks the workers and ends; they
become children of the master, which from then on treats them as gunicorn does.
"""

import ctypes
import gc
import os
import signal
import sys
import time
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import AppImportError, HaltServer
from gunicorn.workers.base import Worker

import lrm.metrics.shared  # noqa: F401  mapped here, so that the counts of all workers outlive each of them

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
TROUBLE = "! "
"""How a line to the master begins that says why the site could not be loaded; others name a worker."""
LOOK_SECONDS = 0.001
LOADING_SECONDS = 120
"""The master waits for a loader as long as it lives: one that hangs is ended, and another one begun."""
LONGEST_PAUSE_SECONDS = 60
"""Between two tries to load a site that cannot be loaded: 1, 2, 4 seconds and so on, and no more than this."""
libc: Any = ctypes.CDLL(None)


class LoadingArbiter(Arbiter):
    """Workers come by the number instead of one by one, each number from a loader of its own.

    trouble: why the site could not be loaded the last time.    pause: seconds before the next try, which is at `again`.
    """

    trouble = ""
    pause, again = 0, 0.0

    def start(self) -> None:
        self.START_CTX["args"] = sys.orig_argv  # USR2 starts the same module, not its file
        self.cfg.set("post_fork", join_master)
        gc.collect()
        gc.freeze()  # a look through what is here by each loader would copy it
        super().start()

    def spawn_workers(self) -> None:
        """Those that are missing. Where the site could not be loaded and somebody still answers, not before `again`."""
        if not self.WORKERS or time.monotonic() >= self.again:
            self.spawn(self.num_workers - len(self.WORKERS))

    def reload(self) -> None:
        """Load the site as it is now; the workers of before finish what they have begun, or go on if it cannot."""
        self.trouble, self.pause = "", 0
        self.spawn(self.num_workers)
        self.manage_workers()

    def spawn(self, number: int) -> None:
        """Raises HaltServer where the site cannot be loaded and no worker is left."""
        workers = [self.new_worker() for _ in range(number)]
        told, self.tells = os.pipe()
        self.loader = os.fork()
        if not self.loader:
            os.close(told)
            self.load(workers)
        os.close(self.tells)
        waiting = {worker.age: worker for worker in workers}
        trouble = ""
        with os.fdopen(told) as lines:  # ends when the loader and each of its workers have closed it, or are dead
            for line in lines:
                if line.startswith(TROUBLE):
                    trouble = line.removeprefix(TROUBLE).strip()
                    continue
                age, pid = map(int, line.split())
                self.WORKERS[pid] = waiting.pop(age)
                self.WORKERS[pid].pid = pid
        for worker in waiting.values():
            worker.tmp.close()
        code = os.waitstatus_to_exitcode(os.waitpid(self.loader, 0)[1])
        self.trouble = trouble
        if code:
            self.wait_longer(code)
        else:
            self.pause, self.again = 0, 0.0
        if code > 0 and not self.WORKERS:
            raise HaltServer("The site could not be loaded.", code)

    def wait_longer(self, code: int) -> None:
        """One line for each try."""
        self.pause = min(2 * self.pause or 1, LONGEST_PAUSE_SECONDS)
        self.again = time.monotonic() + self.pause
        is_whole = len(self.WORKERS) >= self.num_workers
        then = "the workers of before go on" if is_whole else f"trying again in {self.pause} s"
        why = self.trouble or "its loader was ended"
        self.log.error("The site could not be loaded (pid: %s, code %s): %s; %s.", self.loader, code, why, then)

    def new_worker(self) -> Worker:
        self.worker_age += 1
        return self.worker_class(
            self.worker_age, self.pid, self.LISTENERS, self.app, self.timeout / 2.0, self.cfg, self.log
        )

    def load(self, workers: list[Worker]) -> NoReturn:
        """What the loader does."""
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        for number in (*self.SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        self.loader, code = os.getpid(), 0
        signal.alarm(LOADING_SECONDS)  # ends this process, not its workers
        try:
            self.app.wsgi()
            signal.alarm(0)
        except AppImportError as error:
            self.tell_trouble(str(error), with_trace=False)
            code = self.APP_LOAD_ERROR
        except BaseException as error:
            self.tell_trouble(f"{type(error).__name__}: {error}", with_trace=True)
            code = self.WORKER_BOOT_ERROR
        else:
            try:
                for worker in workers:
                    self.worker_class = lambda *_, worker=worker: worker
                    self.spawn_worker()  # in the worker itself it ends by SystemExit
            except OSError:
                self.log.exception("Exception while workers were forked")
                code = self.WORKER_BOOT_ERROR
        os._exit(code)

    def tell_trouble(self, why: str, *, with_trace: bool) -> None:
        """In the loader, to the master. Where it is new, the log gets all of it: the same is not written every time."""
        said = " ".join(why.split())[:500]
        if with_trace and said != self.trouble:
            self.log.exception("Exception while the site was loaded")
        os.write(self.tells, f"{TROUBLE}{said}\n".encode(errors="replace"))


def join_master(arbiter: LoadingArbiter, worker: Worker) -> None:
    """Wait until the loader has ended, and tell the master of this worker."""
    while (parent := os.getppid()) != worker.ppid:
        if parent != arbiter.loader:
            sys.exit("The master of the web server is gone.")
        time.sleep(LOOK_SECONDS)  # nothing tells an orphan that its parent has ended
    worker.notify()  # its silence until now was the loader's
    os.write(arbiter.tells, b"%d %d\n" % (worker.age, worker.pid))
    os.close(arbiter.tells)


class Adopting(BaseApplication):
    def run(self) -> None:
        """Where orphans cannot be made children of this process (Linux only), each worker loads the site for itself."""
        adopts = sys.platform == "linux" and not libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        (LoadingArbiter if adopts else Arbiter)(self).run()


class WebServer(WSGIApplication, Adopting):
    """gunicorn's own, which ends in the run() above."""


if __name__ == "__main__":
    WebServer("%(prog)s [OPTIONS] [APP_MODULE]").run()
