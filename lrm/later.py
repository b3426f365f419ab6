"""Views that are loaded with the first request for one of them.

Pages are asked for all day and some things by few; what those are made of would stay in each web server's memory.
"""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string


class Later:
    """A view for a route, by its dotted name; it declares its policy as every view does."""

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def view(self) -> Any:
        return import_string(self._name)

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.view(request, *args, **kwargs)

    @property
    def policy(self) -> Any:
        return self.view.policy


class LaterForPrograms(Later):
    """Nobody asks it with the session of a browser, so no form of a page has to be behind what is sent."""

    csrf_exempt = True


class LaterViews:
    """A module of views for routes, each of them a Later: views.page is the view `page`."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Later:
        return Later(f"{self._module}.{name}")
