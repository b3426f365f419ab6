"""The work of this app that waits, in numbers for Prometheus (lrm/metrics)."""

from collections.abc import Iterator

from django.db import connection

from lrm.metrics.gauges import Gauge, single


def deliveries() -> Iterator[Gauge]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM statement_timestamp() - min(due_at)), 0)::float"
            " FROM profiles_webhookdelivery WHERE state = 'waiting' AND due_at <= statement_timestamp()"
        )
        due, age = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM profiles_webhook WHERE off_because IN ('failed', 'gone')")
        [off] = cursor.fetchone()
    yield single("lrm_webhook_messages_due", "Messages to webhooks that are to be sent now.", due)
    yield single("lrm_webhook_oldest_due_seconds", "Age of the oldest of them.", age)
    yield single("lrm_webhooks_off", "Webhooks that were switched off because they could not be reached.", off)
