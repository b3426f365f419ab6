"""Sealed secrets: not in the clear, opened by the site's keys alone, and carried over to a new one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrm.sealed import SealBroken, SealedField, is_sealed, reseal, seal, unseal

OLD, NEW = "o" * 50, "n" * 50


@given(st.text(max_size=200))
def test_what_is_sealed_opens_again_and_is_not_to_be_read(text):
    sealed = seal(text)
    assert unseal(sealed) == text
    assert is_sealed(sealed)
    assert len(text) < 4 or text not in sealed
    assert seal(text) != sealed, "equal secrets cannot be told to be equal"


def test_another_key_opens_nothing_and_a_fallback_opens_what_is_old(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    old = seal("whsec_1")
    settings.SECRET_KEY = NEW
    with pytest.raises(SealBroken):
        unseal(old)
    settings.SECRET_KEY_FALLBACKS = [OLD]
    assert unseal(old) == "whsec_1"
    new = reseal(old)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(new) == "whsec_1", "the old key is no longer needed"


@pytest.mark.parametrize(
    "broken", ["", "whsec_1", "sealed:", "sealed:whsec_1", "sealed:é", pytest.param(seal("x")[:-1], id="cut off")]
)
def test_what_is_no_seal_is_refused(broken):
    with pytest.raises(SealBroken):
        unseal(broken)


def test_a_column_of_seals_takes_no_bare_secret():
    field = SealedField(name="secret")
    field.model = SealedField
    assert field.get_prep_value(sealed := seal("x")) == sealed
    assert field.get_prep_value("") == ""
    with pytest.raises(ValueError, match="nothing bare"):
        field.get_prep_value("whsec_1")
