"""The district's own standards, through the importer that any CASE package goes through."""

from paths.demo.framework import FILES
from paths.demo.seeding.plan import Scene
from paths.demo.words.rubrics import sentences
from standards.case.reader import read_package
from standards.models import Standard
from standards.services.importing import import_package


def import_frameworks(scene: Scene) -> None:
    """Fill scene.standard_ids. What each level looks like is added here: CASE has no place for it in an item."""
    for path in FILES.values():
        import_package(read_package(path.read_bytes()), district_id=scene.district.pk)
    standards = list(Standard.objects.assessable().only("pk", "code"))
    for standard in standards:
        standard.rubric = list(sentences(standard.code))
    Standard.objects.bulk_update(standards, ["rubric"])
    scene.standard_ids = {standard.code: standard.pk for standard in standards}
