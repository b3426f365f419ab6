import json
from pathlib import Path

import pytest

from bench.bkt import answer, trace

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "vectors" / "bkt_computed.json"


def test_one_right_response_by_hand():
    """.1 x .9 against .9 x .1 is an even chance, of which a tenth of the rest is learned on top."""
    found = trace({"probMastery": 0.1, "probTransit": 0.1, "probGuess": 0.1, "probSlip": 0.1}, [1])
    assert found == pytest.approx([0.55], abs=1e-12)


@pytest.mark.skipif(not VECTORS.exists(), reason="no bkt_computed.json under ../shared/data/vectors")
def test_published_rule_is_reproduced():
    for case in json.loads(VECTORS.read_text())["cases"]:
        assert answer(case) == pytest.approx(case["expected_after_each"], abs=case["tolerance"]), case["id"]
