"""Django's PostgreSQL backend, with a check of kept connections that asks the server only where it has to."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
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
