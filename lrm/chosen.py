"""What the address of a page chooses, among what the account may choose from."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404

from lrm.http import Request


def read_chosen(request: Request, name: str, among: Sequence[Any]) -> Any:
    """The row whose id ?name= is; None where nothing is asked for. Raises Http404 for any other id."""
    wanted = request.GET.get(name, "")
    if not wanted:
        return None
    found = next((row for row in among if str(row.pk) == wanted), None)
    if found is None:
        raise Http404(f"No such {name}.")
    return found
