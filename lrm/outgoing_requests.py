"""A session of `requests` that goes only where lrm/outgoing.py lets it: for libraries that bring their own requests.

Like there the name is looked up once, and the connection goes to just what was judged. No redirect is followed, no
proxy and no password file of the server is used, and an answer may neither be long nor take long.
"""

import ssl
import time
from io import BytesIO
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from lrm.outgoing import AddressRefused, find_target

SECONDS = 5.0
"""To wait for each step of a request."""
MOST_SECONDS = 10.0
"""For the whole answer."""
MOST_READ = 1_000_000
"""Letters of an answer; a provider's keys and addresses take a hundredth of it."""


class Refused(requests.ConnectionError):
    """The address is none that LRM asks. `code`: as AddressRefused has it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class JudgedSession(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["Accept-Encoding"] = "identity"
        for scheme in ("https://", "http://"):
            self.mount(scheme, _JudgedAdapter())

    def request(self, method: Any, url: Any, *args: Any, **options: Any) -> requests.Response:
        """Raises requests.RequestException: refused, nobody answers, or too long."""
        return super().request(method, url, *args, **options | {"allow_redirects": False, "timeout": SECONDS})


class _JudgedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        # The certificates that the server trusts, beside those that requests brings: a school's own authority.
        super().init_poolmanager(*args, ssl_context=ssl.create_default_context(), **options)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> tuple[dict, dict]:
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        try:
            target = find_target(request.url, inside=settings.INSIDE_HOSTS)
        except AddressRefused as refused:
            raise Refused(refused.code) from refused
        request.headers["Host"] = target.parts.netloc
        if target.parts.scheme == "https":
            how |= {"server_hostname": target.host, "assert_hostname": target.host}
        return where | {"host": target.ip}, how

    def send(self, request: Any, stream: bool = False, *args: Any, **options: Any) -> requests.Response:
        answer = super().send(request, True, *args, **options)
        ends, body = time.monotonic() + MOST_SECONDS, b""
        try:
            while part := answer.raw.read1(65_536):
                body += part
                if len(body) > MOST_READ or time.monotonic() > ends:
                    raise requests.ConnectionError("too long")
        except (HTTPError, OSError) as problem:
            if isinstance(problem, requests.RequestException):
                raise
            raise requests.ConnectionError(type(problem).__name__) from problem
        finally:
            answer.raw.close()
        answer.raw = BytesIO(body)
        return answer
