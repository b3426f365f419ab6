"""The Celery application: its queues, what runs by the clock, and how it lives through a lost Redis.

Messages only say "hurry": what has to be done stands in PostgreSQL, so a lost message is a delay, not a loss.
"""

import os
import signal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from celery import Celery
from celery.signals import celeryd_init, task_prerun, worker_process_init
from kombu import Exchange, Queue

from lrm.acting import TASK, Actor, act_from_now_on
from lrm.embedded.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrm.settings")

from django.conf import settings

PUBLISH_SECONDS = 0.2  # the longest a request may wait for Redis
NICENESS = 5  # of pool children: how far they stand back where processes want more than the machine has
CONSUME_SECONDS = 30.0  # a worker's own calls; a pause of Redis shorter than this is sat out


def broker_url(redis_url: str) -> str:
    """redis-py's form of an address in Celery's: unix:///path?db=1 is redis+socket:///path?virtual_host=1."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={database}"


def transport_options(seconds: float) -> dict[str, Any]:
    """seconds: how long one call to Redis may take."""
    return {
        "socket_timeout": seconds,
        "socket_connect_timeout": seconds,
        "max_retries": 0,  # of one publication; consumers reconnect for ever, see broker_connection_retry
        "global_keyprefix": settings.REDIS_PREFIX,
        "queue_order_strategy": "priority",  # live before bulk
    }


app = Celery("lrm")
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL),
    broker_transport_options=transport_options(PUBLISH_SECONDS),
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=True,  # none: only late acknowledgement is meant
    task_publish_retry=False,
    # Each on an exchange of its own: on a shared one, both would get every message.
    task_queues=[Queue(name, Exchange(name), routing_key=name) for name in ("live", "bulk")],
    task_default_queue="live",
    task_create_missing_queues=False,
    task_acks_late=False,
    task_ignore_result=True,
    result_backend=None,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,  # lrm/logs.py writes there: each line would become the text of a warning
    timezone="UTC",
    # The base scheduler keeps no file; a run missed while nobody was there is made good by the next one.
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        # Expired when the next one is due, so that a returning worker does not meet a heap of them.
        "sweep": {"task": "assessments.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
        "fold rollups": {
            "task": "assessments.tasks.fold_rollups",
            "schedule": 3.0,
            "options": {"expires": 3},
        },
        # Jobs whose worker was killed are begun again.
        "sweep jobs": {"task": "lrm.tasks.sweep_jobs", "schedule": 5.0, "options": {"expires": 5}},
        "forget jobs": {
            "task": "lrm.tasks.forget_jobs",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        "forget undo rows": {
            "task": "profiles.tasks.forget_undo_rows",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        # Looks every hour, publishes once a day: a morning without a worker costs an hour.
        "publish daily": {
            "task": "assessments.tasks.publish_daily",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        "forget kept counts": {
            "task": "assessments.tasks.forget_kept_counts",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        # Looks every hour, calibrates once a night.
        "calibrate nightly": {
            "task": "assessments.tasks.calibrate_nightly",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        # Looks every hour, writes to each account at most once a day.
        "send digests": {
            "task": "paths.tasks.send_digests",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        "keep check-ins": {
            "task": "paths.tasks.keep_check_ins",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        "tend blocks": {
            "task": "assessments.tasks.tend_blocks",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        # Looks every hour, tells of each group once: a day without a worker is made good on the next one.
        "tell of ended groups": {
            "task": "assessments.tasks.tell_ended_groups",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        "send webhooks": {
            "task": "profiles.tasks.send_webhooks",
            "schedule": 5.0,
            "options": {"expires": 5, "queue": "bulk"},
        },
        "forget rests of the API": {
            "task": "profiles.tasks.forget_api_rests",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        "forget copies": {
            "task": "profiles.tasks.forget_copies",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        # Looks every hour, takes old records away once a night.
        "keep to time": {
            "task": "profiles.tasks.keep_to_time",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
        "tell of exports": {
            "task": "profiles.tasks.tell_of_exports",
            "schedule": 60.0,
            "options": {"expires": 60, "queue": "bulk"},
        },
        "sweep files": {
            "task": "paths.tasks.sweep_files",
            "schedule": 3600.0,
            "options": {"expires": 3600, "queue": "bulk"},
        },
    },
)
app.autodiscover_tasks()


@celeryd_init.connect
def _wait_longer_in_workers(conf: Any = None, **kwargs: Any) -> None:
    conf.broker_transport_options = transport_options(CONSUME_SECONDS)


@celeryd_init.connect
def _load_what_works(**kwargs: Any) -> None:
    # Before the pool forks, so that its children share the memory; web processes do without.
    import scipy.optimize
    import scipy.special  # noqa: F401  loading it is the point

    from lrm.jobs.kinds import load_kinds

    load_kinds()


@worker_process_init.connect
def _give_way(**kwargs: Any) -> None:
    # Whoever waits for a page goes first. Work that has waited a little is done in larger blocks, which cost less.
    os.nice(NICENESS)


@worker_process_init.connect
def _die_with_worker(**kwargs: Any) -> None:
    die_with_parent(signal.SIGKILL)  # a killed worker must not leave pool children that hold locks


@task_prerun.connect
def _say_what_writes(sender: Any = None, **kwargs: Any) -> None:
    act_from_now_on(Actor(TASK, sender.name.rpartition(".")[2]))  # until the next task of this process
