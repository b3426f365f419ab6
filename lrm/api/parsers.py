"""What is sent, read as JSON and nothing else."""

from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from lrm.api.errors import TooLarge

MOST_BYTES = 1_000_000


class BoundedJSONParser(JSONParser):
    """Refuses a body that is larger than any request needs, or nested deeper than can be read."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: dict | None = None) -> Any:
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge(_("This is more than a million bytes. Send it in parts."))
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error
