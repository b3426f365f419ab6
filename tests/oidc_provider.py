"""A real OpenID provider as a process of its own: oidc-provider-mock, which asks for no password."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client

from tests.processes import free_port, wait_for


class OidcProvider:
    """Knows whom it is told (`knows`), and lets in whoever is named (`sign_in`)."""

    def __init__(self, log: Path, *options: str, port: int = 0) -> None:
        self.port = port or free_port()
        self.issuer = f"http://localhost:{self.port}"
        self._log, self._options = log, options
        self._process: subprocess.Popen | None = None

    def start(self) -> Self:
        words = [
            sys.executable,
            "-m",
            "oidc_provider_mock",
            "--port",
            str(self.port),
            "--require-nonce",
            *self._options,
        ]
        environment = os.environ | {"NO_COLOR": "1", "NO_PROXY": "localhost"}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)
        wait_for(self._answers, "the provider")
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            return requests.get(self.issuer + "/jwks", timeout=60).status_code == 200
        except requests.RequestException:
            return False

    def knows(self, subject: str, **claims: Any) -> str:
        answer = requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=60)
        assert answer.status_code == 204, answer.text
        return subject

    def register(self, callback: str) -> tuple[str, str]:
        """Client ID and secret; for one that takes registered clients alone."""
        sent = {"redirect_uris": [callback], "token_endpoint_auth_method": "client_secret_post"}
        made = requests.post(self.issuer + "/oauth2/clients", json=sent, timeout=60).json()
        return made["client_id"], made["client_secret"]

    def sign_in(self, address: str, subject: str) -> str:
        """What a browser is sent back to, once the person has said there who they are."""
        assert address.startswith(self.issuer + "/oauth2/authorize?"), address
        answer = requests.post(address, data={"sub": subject}, timeout=60, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def refuse(self, address: str) -> str:
        answer = requests.post(address, data={"action": "deny"}, timeout=60, allow_redirects=False)
        return answer.headers["Location"]


def way_out(client: Client, start: str, **data: str) -> str:
    """The address at the provider that the site's page leads to."""
    answer = client.post(start, data)
    assert answer.status_code == 200, answer.content.decode()
    return answer.context["address"]


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_back(client: Client, address: str, **headers: str) -> Any:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", headers=headers)
