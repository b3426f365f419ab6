"""Tables as files that a spreadsheet opens."""

from collections.abc import Iterable

from defusedcsv import csv
from django.http import HttpResponse


def answer_csv(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """rows: the heading first. What a spreadsheet would take for a formula is made plain text. name: without .csv."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'}
    )
    response.write("\ufeff")  # spreadsheets take a file without the mark for another encoding
    csv.writer(response).writerows(rows)
    return response
