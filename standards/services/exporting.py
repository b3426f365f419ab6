"""A framework as a CASE package, as it was sent: importing it again changes nothing."""

from typing import Any

from standards.case.writer import package_as_sent
from standards.models import Association, Framework, Standard
from standards.services.planning import REST


def export_package(framework: Framework) -> dict[str, Any]:
    """What is in force of it, each part as the publisher wrote it; what is retired stays here.

    Three statements at most. docs/standards.md lists what is not given back.
    """
    held = dict(framework.definitions)
    rest = held.pop(REST, {})
    items = Standard.objects.in_force().filter(framework=framework).order_by("pk").values_list("source", flat=True)
    associations = Association.objects.filter(framework=framework, retired_at__isnull=True).order_by("pk")
    links = associations.values_list("source", flat=True)
    if not items and not links:
        rest = {"CFItems": [], **rest}  # a package without either would be refused
    return package_as_sent(
        rest=rest, document=framework.source, items=list(items), associations=list(links), definitions=held
    )
