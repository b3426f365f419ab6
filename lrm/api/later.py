"""Views of the API, loaded with the first request for one of them (lrm/later.py)."""

from functools import cached_property
from typing import Any

from django.utils.module_loading import import_string

from lrm.later import Later


class LaterView(Later):
    """By the dotted name of its class."""

    csrf_exempt = True  # lrm.api.views checks it itself, for whoever comes with a session and not with a token

    @cached_property
    def view(self) -> Any:
        return import_string(self._name).as_view()

    # As on what as_view() makes: the door reads the policy there, the schema the rest.

    @property
    def policy(self) -> Any:
        return self.view.view_class.policy

    @property
    def cls(self) -> type:
        return self.view.cls

    @property
    def initkwargs(self) -> dict[str, Any]:
        return self.view.initkwargs
