"""docs/data-inventory.md says what the models declare."""

import pytest
from django.core.management import CommandError, call_command

from lrm import inventory


def test_the_inventory_in_the_documents_is_the_one_that_the_models_declare():
    assert inventory.FILE.read_text() == inventory.write_inventory(), "Run: manage.py data_inventory"


def test_a_field_more_makes_it_stale(tmp_path, monkeypatch):
    stale = tmp_path / "data-inventory.md"
    stale.write_text(inventory.write_inventory().replace("| email |", "| fax |"))
    monkeypatch.setattr("lrm.management.commands.data_inventory.FILE", stale)
    with pytest.raises(CommandError, match="stale"):
        call_command("data_inventory", "--check")
    call_command("data_inventory", verbosity=0)
    call_command("data_inventory", "--check")
