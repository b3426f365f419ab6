"""How heavy an answer is: decoded, and on the wire."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client


def get_weighed(client: Client, url: str) -> tuple[HttpResponse, int, int]:
    """The answer, its bytes decoded, and its bytes as sent to a browser that takes gzip."""
    response = client.get(url, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200, (url, response.status_code)
    assert response["Content-Encoding"] == "gzip"
    return response, len(gzip.decompress(response.content)), len(response.content)


def first_visit(client: Client, url: str) -> tuple[int, int]:
    """(bytes on the wire, those of them that are script) of a page and of all that it brings, for an empty browser.

    Style sheets, scripts and what these import, each as the site sends them.
    """
    response, _decoded, sent = get_weighed(client, url)
    page = response.content if response["Content-Encoding"] != "gzip" else gzip.decompress(response.content)
    html = page.decode()
    sheets = set(re.findall(r'<link rel="stylesheet"\s+href="/static/([^"]+)"', html))
    scripts: set[str] = set()
    waiting = set(re.findall(r'<script[^>]*\ssrc="/static/([^"]+)"', html))
    while waiting:
        name = waiting.pop()
        scripts.add(name)
        imported = re.findall(rb'from "\./([^"]+)"', _file(name))
        waiting |= {f"{name.rpartition('/')[0]}/{other.decode()}" for other in imported} - scripts
    assert sheets
    assert scripts
    script_bytes = sum(_sent(client, name) for name in scripts)
    return sent + script_bytes + sum(_sent(client, name) for name in sheets), script_bytes


def _sent(client: Client, name: str) -> int:
    response = client.get(f"/static/{name}", headers={"accept-encoding": "gzip"})
    return len(b"".join(response.streaming_content))


def _file(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()
