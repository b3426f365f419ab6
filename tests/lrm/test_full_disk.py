"""The disk is full in the middle of an import, and of an upload: said in words, nothing half done, nothing lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT, bare_environment

OWN_MOUNTS = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


@pytest.fixture(scope="module")
def happened(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What tests/lrm/on_a_full_disk.py saw on a disk of its own."""
    disk = tmp_path_factory.mktemp("disk")
    mounted = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "small", str(disk)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    words = [*OWN_MOUNTS, sys.executable, "-m", "tests.lrm.on_a_full_disk", str(migrated), str(disk)]
    answer = subprocess.run(words, cwd=ROOT, env=bare_environment(), capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-4000:]
    return json.loads(answer.stdout.splitlines()[-1])


@pytest.mark.xdist_group("sites")
def test_an_import_that_meets_a_full_disk_changes_nothing_and_is_done_once_there_is_room(happened):
    assert happened["job"]["state"] == "failed"
    assert "The disk of the database is full. Nothing was changed." in happened["job"]["error"]
    assert happened["after"] == happened["before the import"]
    assert happened["again"]["state"] == "done"
    assert happened["again"]["learners"] > 2_500


@pytest.mark.xdist_group("sites")
def test_a_file_that_meets_a_full_disk_is_told_and_no_part_of_it_stays(happened):
    for name, status in (("in memory", 507), ("over the disk", 422)):
        answer = happened[name]
        assert (name, answer["status"]) == (name, status)
        assert "could not be kept" in answer["page"]
        assert "My words stay." in answer["page"]
    assert happened["files"] == []
    assert happened["sent again"] == 302
    assert len(happened["files then"]) == 1

    assert happened["roster"]["status"] == 507
    assert "There is no room left on the server" in happened["roster"]["page"]
    assert happened["large roster"]["status"] == 422
    assert "There is no room left on the server for this file." in happened["large roster"]["page"]
    sessions = ("django_session", "profiles_accesslog")
    kept = [
        {table: n for table, n in happened[when].items() if table not in sessions} for when in ("before", "uploads")
    ]
    assert kept[0] == kept[1]


@pytest.mark.xdist_group("sites")
def test_a_database_that_could_not_go_on_has_all_it_said_yes_to(happened):
    assert happened["log"]["fell"]
    assert set(happened["log"]["said yes"]) <= set(happened["log"]["there"])
    assert len(happened["log"]["there"]) - len(happened["log"]["said yes"]) <= 1
