"""Django's PostgreSQL backend: it says who writes, and asks the server about kept connections only where it has to."""

import select
from typing import Any

from django.db.backends.postgresql import base

from lrm.acting import sign


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(sign)

    def is_usable(self) -> bool:
        """Whether the connection can be used for another request.

        A server that goes away closes the socket, and that can be seen here: bytes, or an end, wait to be read. Only
        then, or after an error, is the server asked, which Django does in every request: a way there and back that
        made up a quarter of the shortest answers.
        """
        if not self.errors_occurred and self._is_silent():
            return True
        return super().is_usable()

    def _is_silent(self) -> bool:
        """Nothing waits on the socket of an open connection."""
        socket = select.poll()  # unlike select() it takes any number of open files
        try:
            socket.register(self.connection.fileno(), select.POLLIN)
        except self.Database.Error:  # closed on our side
            return False
        return not socket.poll(0)
