"""A district with its projections: what stands while pages, saves and recomputes are measured."""

import time

from assessments.services import rebuilding, rollups
from bench.asking import say
from bench.district import Scene, build
from lrm.scope import district_scope


def stand(learners: int, *, workers: int) -> tuple[Scene, float]:
    """The district of so many learners, rebuilt from its ledger, and the seconds which that took."""
    scene = build(learners)
    return scene, rebuild(scene, workers=workers)


def rebuild(scene: Scene, *, workers: int) -> float:
    """Seconds to compute everything that is stored of the district."""
    with district_scope(scene.district.pk):
        began = time.perf_counter()
        rebuilding.rebuild(scene.district, workers=workers)
        rollups.fold()
        seconds = time.perf_counter() - began
    say("DELETE FROM assessments_stalesection")  # the boards of a morning: what is measured makes its own
    say("ANALYZE")
    return seconds
