"""All that a site has stored, as text, to look for a word that should be nowhere."""

import base64
import json
import re

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from redis import Redis

from lrm.sessions import SessionStore


def everything_stored():
    """{table: every row as text}, packed columns unpacked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FILTER (WHERE data_type = 'bytea')"
            " FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1"
        )
        found = {}
        for table, packed in cursor.fetchall():
            columns = "".join(f" || coalesce(encode(t.\"{name}\", 'escape'), '')" for name in packed or ())
            cursor.execute(f"SELECT coalesce(string_agg(t::text{columns}, chr(10)), '') FROM \"{table}\" t")
            found[table] = cursor.fetchone()[0]
    found["django_session"] += "".join(
        json.dumps(SessionStore().decode(row.session_data), ensure_ascii=False) for row in Session.objects.all()
    )
    return found


def everything_in_redis():
    """Names and values of all keys of this run, whatever their kind: counts, messages to workers."""
    redis = Redis.from_url(settings.REDIS_URL)
    values = {
        b"string": redis.get,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"hash": redis.hgetall,
        b"zset": lambda key: redis.zrange(key, 0, -1),
    }
    found = {key: values[redis.type(key)](key) for key in redis.scan_iter("*")}
    messages = [base64.b64decode(body) for body in re.findall(r'"body": "([^"]*)"', str(found))]
    return f"{found} {messages}"
