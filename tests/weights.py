"""How heavy an answer is: decoded, and on the wire."""

import gzip

from django.http import HttpResponse
from django.test import Client


def get_weighed(client: Client, url: str) -> tuple[HttpResponse, int, int]:
    """The answer, its bytes decoded, and its bytes as sent to a browser that takes gzip."""
    response = client.get(url, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200, (url, response.status_code)
    assert response["Content-Encoding"] == "gzip"
    return response, len(gzip.decompress(response.content)), len(response.content)
