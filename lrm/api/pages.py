"""Long lists in pages, by a cursor: what comes in between moves nothing from one page to another."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """By id, the newest first; `next` and `previous` are whole addresses, or null."""

    ordering = "-id"
    page_size = 50
    max_page_size = 100
    page_size_query_param = "limit"
    page_size_query_description = gettext_lazy("How many results a page has: 1 to 100, 50 unless said otherwise.")
    cursor_query_description = gettext_lazy("Where a page begins, as `next` and `previous` of another page say it.")
    template = None

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({self.page_size_query_param: _("A whole number from 1 to 100.")})
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        invalid = ValidationError({self.cursor_query_param: _("Not a cursor of this list. Begin without one.")})
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise invalid from error
        if cursor is None:
            return None
        position = cursor.position or ""
        is_id = position.isdecimal() and len(position) < 19
        if not is_id and (cursor.position is not None or not cursor.offset):
            raise invalid
        return cursor

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        told = super().get_schema_operation_parameters(view)
        bounds = {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        for parameter in told:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= bounds
        return told

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link | {"description": "The page after this one."},
                "previous": link | {"description": "The page before this one."},
                "results": schema,
            },
        }


class OldestFirst(NewestFirst):
    """By id, the oldest first."""

    ordering = "id"
