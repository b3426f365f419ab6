"""A real worker and a Redis that goes away: publishing never waits long, and the worker finds its way back."""

from collections.abc import Callable, Iterator

import pytest
import redis
from django.conf import settings
from kombu import pools
from kombu.exceptions import OperationalError

from lrm.celery import PUBLISH_SECONDS, app, broker_url
from tests.conftest import pings, wait_for_worker
from tests.processes import PrivateRedis, SiteProcess, wait_for

MANY = 20  # publications: with Celery's own waits and retries the test would run into its time limit


@pytest.fixture
def publishing_to(private_redis: PrivateRedis, shipped_broker_options: dict) -> Iterator[PrivateRedis]:
    """This process publishes to the private Redis, as the site's pages do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.conf, "broker_url", broker_url(private_redis.url))
        patch.setattr(app.conf, "broker_transport_options", shipped_broker_options)
        forget_connections()
        yield private_redis
    forget_connections()


def forget_connections() -> None:
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None


def test_publishing_is_told_not_to_wait(shipped_broker_options: dict) -> None:
    options = shipped_broker_options
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (PUBLISH_SECONDS, PUBLISH_SECONDS)
    assert options["max_retries"] == 0
    assert app.conf.task_publish_retry is False


def publish(queue: str = "live") -> None:
    app.send_task("assessments.tasks.sweep", queue=queue)


def wait_for_publication(queue: str = "live") -> None:
    """On a busy machine a Redis that is well may take longer once than a page gives it."""

    def is_taken() -> bool:
        try:
            publish(queue)
        except OperationalError:
            return False
        return True

    wait_for(is_taken, "Redis to take a message")


def test_publish_to_a_hung_redis_gives_up_at_once(publishing_to: PrivateRedis) -> None:
    wait_for_publication()
    publishing_to.freeze()
    for _ in range(MANY):
        with pytest.raises(OperationalError):
            publish()
    publishing_to.thaw()
    wait_for_publication()


def test_publish_to_no_redis_gives_up_at_once(publishing_to: PrivateRedis) -> None:
    publishing_to.stop()
    for _ in range(MANY):
        with pytest.raises(OperationalError):
            publish()
    publishing_to.start()
    wait_for_publication()


@pytest.fixture
def worker(
    private_redis: PrivateRedis, site_process: Callable[..., SiteProcess], django_db_setup: None
) -> Iterator[SiteProcess]:
    worker = site_process("worker", redis=private_redis.url)
    wait_for_worker(worker)
    yield worker
    worker.stop()


@pytest.mark.parametrize("mishap", ["stopped", "emptied", "hung"])
def test_worker_survives_a_redis_that_was(mishap: str, private_redis: PrivateRedis, worker: SiteProcess) -> None:
    if mishap == "stopped":
        private_redis.stop()
        wait_for(lambda: "onnection" in worker.log_text(), "the worker to notice")
        private_redis.start()
    elif mishap == "emptied":
        private_redis.flush()
    else:
        private_redis.freeze()
        assert not pings(private_redis.url)
        private_redis.thaw()
    wait_for(lambda: pings(private_redis.url), "the worker to answer again")
    assert worker.alive()


def test_queues_do_not_share_their_messages(publishing_to: PrivateRedis) -> None:
    wait_for_publication("bulk")
    client = redis.Redis.from_url(publishing_to.url)
    prefix = settings.REDIS_PREFIX
    assert (client.llen(f"{prefix}live"), client.llen(f"{prefix}bulk") > 0) == (0, True)


def test_killed_worker_leaves_no_pool_children(worker: SiteProcess) -> None:
    children = wait_for(worker.children, "pool children")
    worker.kill()

    def living() -> list[int]:
        return [pid for pid in children if is_alive(pid)]

    wait_for(lambda: not living(), "the pool children to die")


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
