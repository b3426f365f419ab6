"""What each app has to say of its work when Prometheus asks: a function of its own, named in settings.GAUGES."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

QUEUES = ("live", "bulk")
ASK_SECONDS = 0.2  # the longest that one call to Redis may take


@dataclass(frozen=True)
class Gauge:
    """values: (value of each label, number); no person, class or district is a label."""

    name: str
    help: str
    labels: tuple[str, ...]
    values: Sequence[tuple[tuple[str, ...], float]]


def single(name: str, help: str, value: float) -> Gauge:
    return Gauge(name, help, (), [((), value)])


def jobs() -> Iterator[Gauge]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, state, count(*) FROM lrm_job GROUP BY 1, 2 ORDER BY 1, 2")
        found = [((kind, state), float(n)) for kind, state, n in cursor.fetchall()]
        yield Gauge("lrm_jobs", "Long work by kind and state; what ended stays for 30 days.", ("kind", "state"), found)
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM statement_timestamp() - min(created_at)), 0)::float"
            " FROM lrm_job WHERE state = 'waiting'"
        )
        yield single("lrm_jobs_oldest_waiting_seconds", "Age of the longest waiting job.", cursor.fetchone()[0])


def room() -> Iterator[Gauge]:
    """Of the disk with the files, which may be another one than that of the state folder, and of the database."""
    files = Path(settings.MEDIA_ROOT)
    disk = shutil.disk_usage(files if files.exists() else settings.VAR)
    yield single("lrm_disk_free_bytes", "Room left where files are kept.", disk.free)
    yield single("lrm_disk_bytes", "Size of the disk where files are kept.", disk.total)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
        )
        size, connections = cursor.fetchone()
    yield single("lrm_database_bytes", "Size of the database.", size)
    yield single("lrm_database_connections", "Open connections to the database.", connections)


def messages() -> Iterator[Gauge]:
    """What waits in Redis: nothing is lost with it, and much of it means that workers are away."""
    from redis import Redis
    from redis.exceptions import RedisError

    server = Redis.from_url(settings.REDIS_URL, socket_timeout=ASK_SECONDS, socket_connect_timeout=ASK_SECONDS)
    try:
        lengths = [((queue,), float(server.llen(settings.REDIS_PREFIX + queue))) for queue in QUEUES]
    except (RedisError, OSError):
        lengths = []
    finally:
        server.close()
    yield single("lrm_redis_up", "Whether Redis answers.", bool(lengths))
    yield Gauge("lrm_queue_messages", "Messages that wait for a worker.", ("queue",), lengths)
