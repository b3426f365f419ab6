"""Sending a request to an address that somebody typed, and never into the network of the server itself.

The name is looked up once, everything that it means is judged, and the connection goes to just what was judged: a
name that means something else a moment later reaches nothing.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS = 10.0
"""To wait for each step of a request."""
MOST_SECONDS = 25.0
"""For all of them: whoever answers a letter at a time is hung up on."""
MOST_READ = 16_384
_NAT64 = ipaddress.ip_network("64:ff9b::/32")  # with the local-use prefix of RFC 8215


class AddressRefused(ValueError):
    """The address is none that LRM sends to. `code`: "scheme", "form", "port", "unknown" or "private"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreachable(OSError):
    """Nobody answered. `said`: why, in a word or two, without anything of the network in it."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class Target:
    """ip: the one address to connect to."""

    parts: SplitResult
    host: str
    port: int
    ip: str


def check_address(address: str) -> tuple[SplitResult, str, int]:
    """(parts, host, port) of an address whose form is taken, without looking it up. Raises AddressRefused."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused("form") from None
    if parts.scheme != "https" and not (settings.LOCAL and parts.scheme == "http"):
        raise AddressRefused("scheme")
    if not host or parts.username is not None or parts.fragment or not address.isascii() or not address.isprintable():
        raise AddressRefused("form")
    if " " in address:
        raise AddressRefused("form")
    port = port or (443 if parts.scheme == "https" else 80)
    if port != 443 and port < 1024 and not settings.LOCAL:
        raise AddressRefused("port")
    return parts, host, port


def find_target(address: str, *, inside: Collection[str] = ()) -> Target:
    """Where the address leads just now. Raises AddressRefused, also where any of its meanings is not public.

    inside: hosts of the own network that whoever runs the server has named.
    """
    parts, host, port = check_address(address)
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise AddressRefused("unknown") from None
    ips = sorted(str(ip) for ip in found)
    if not settings.LOCAL and host not in inside and not all(_is_public(ip) for ip in ips):
        raise AddressRefused("private")
    return Target(parts, host, port, ips[0])


def post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer. No redirect is followed. Raises Unreachable."""
    connection = _PinnedTls(target) if target.parts.scheme == "https" else _Pinned(target)
    path = target.parts.path or "/"
    if target.parts.query:
        path += f"?{target.parts.query}"
    hang_up = threading.Timer(MOST_SECONDS, connection.hang_up)
    hang_up.daemon = True
    hang_up.start()
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
        return answer.status
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(_said_of(error, is_late=connection.is_late)) from None
    finally:
        hang_up.cancel()
        connection.close()


def _said_of(error: Exception, *, is_late: bool) -> str:
    if is_late or isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "no valid certificate"
    if isinstance(error, ConnectionRefusedError):
        return "nobody there"
    if isinstance(error, (http.client.HTTPException, ssl.SSLError)):
        return "no answer that can be read"
    return "not reached"


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was judged, and calls it by its name.    is_late: it was hung up on."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._ip = target.ip
        self.is_late = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._ip, self.port), self.timeout)
        self.heed()

    def heed(self) -> None:
        """Once more after each new socket, which `hang_up` may have come too early for."""
        if self.is_late:
            raise TimeoutError

    def hang_up(self) -> None:
        self.is_late = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _PinnedTls(_Pinned):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        # Known as `sock` before the handshake, so that whoever drags that out is hung up on too.
        self.sock = ssl.create_default_context().wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.heed()
        self.sock.do_handshake()


def _is_public(text: str) -> bool:
    """Whether it is an address of the open internet, also where it stands for another one."""
    ip = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64 or ip.sixtofour is not None or ip.teredo is not None:
            return False
        if ip.ipv4_mapped is not None:
            return _is_public(str(ip.ipv4_mapped))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
