"""`/metrics`, for Prometheus; loaded with the first request for it (lrm/later.py)."""

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from lrm.metrics.counting import SECONDS, STATUSES, counts
from lrm.metrics.gauges import Gauge
from lrm.policy import ANYONE, allow


@allow(ANYONE, why="Prometheus has no account: it shows LRM_METRICS_TOKEN. Without that nobody is answered.")
def metrics(request: HttpRequest) -> HttpResponse:
    """404 to whoever does not show the token, and to everybody where the site has none."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if not wanted or kind.lower() != "bearer" or not constant_time_compare(token.strip(), wanted):
        raise Http404
    return _answer(request)


@require_safe
def _answer(request: HttpRequest) -> HttpResponse:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_All())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _All(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from _requests()
        up = GaugeMetricFamily("lrm_database_up", "Whether the database answers.")
        try:
            found = [gauge for source in settings.GAUGES for gauge in import_string(source)()]
        except DatabaseError:
            found = []
        up.add_metric([], bool(found))
        yield up
        yield from map(_gauge, found)


def _gauge(gauge: Gauge) -> Metric:
    family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
    for labels, value in gauge.values:
        family.add_metric(labels, value)
    return family


def _requests() -> Iterator[Metric]:
    asked = CounterMetricFamily("lrm_requests", "Requests by route and answer.", labels=["route", "status"])
    took = HistogramMetricFamily("lrm_request_seconds", "How long answers took, by route.", labels=["route"])
    for each in counts().read():
        for status, n in zip(STATUSES, each.statuses, strict=True):
            if n:
                asked.add_metric([each.route, status], n)
        took.add_metric([each.route], _at_most(each.classes), each.seconds)
    yield asked
    yield took


def _at_most(classes: list[int]) -> list[tuple[str, float]]:
    """Prometheus counts what took at most so long, not what took between two times."""
    ends = [*map(str, SECONDS), "+Inf"]
    return [(end, float(sum(classes[: number + 1]))) for number, end in enumerate(ends)]
