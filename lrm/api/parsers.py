"""What is sent, read as JSON and nothing else."""

from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from lrm.api.errors import TooLarge

MOST_BYTES = 1_000_000
MOST_BYTES_OF_A_BATCH = 5_000_000


class BoundedJSONParser(JSONParser):
    """Refuses a body that is larger than any request needs, or nested deeper than can be read."""

    most_bytes = MOST_BYTES

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: dict | None = None) -> Any:
        body = stream.read(self.most_bytes + 1)
        if len(body) > self.most_bytes:
            raise TooLarge(_("This is more than %(most)s bytes. Send it in parts.") % {"most": self.most_bytes})
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error


class BatchParser(BoundedJSONParser):
    """For thousands of rows at once."""

    most_bytes = MOST_BYTES_OF_A_BATCH
