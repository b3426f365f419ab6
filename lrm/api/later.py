"""Views of the API are loaded with the first request for one of them.

Pages are asked for all day and the API by few; what it is made of would take a tenth of each web server's memory.
"""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string


class LaterView:
    """A view for a route, by the dotted name of its class, which declares its policy as every view does."""

    csrf_exempt = True  # lrm.api.views checks it itself, for whoever comes with a session and not with a token

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def view(self) -> Any:
        return import_string(self._name).as_view()

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.view(request, *args, **kwargs)

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
