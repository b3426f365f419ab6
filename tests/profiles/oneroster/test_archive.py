import io
import zipfile
from contextlib import nullcontext

import pytest

from profiles.oneroster import archive
from profiles.oneroster.archive import files_of
from profiles.oneroster.package import PackageRefused
from tests.profiles.oneroster.packages import zipped


def refusal_of(data):
    with pytest.raises(PackageRefused) as refused:
        files_of(data, name="roster.zip")
    return refused.value.problem


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "..\\users.csv", "C:users.csv"]
)
def test_entry_that_leaves_the_zip_is_refused(name):
    problem = refusal_of(zipped({"users.csv": "x"}, names={"users.csv": name}))
    assert (problem.code, problem.value) == ("unsafe_path", name)


def test_link_in_a_zip_is_refused():
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as packed:
        entry = zipfile.ZipInfo("users.csv")
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    assert refusal_of(store.getvalue()).code == "unsafe_path"


def test_zip_that_unpacks_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "LIMIT_BYTES", 2 * 1024 * 1024)
    assert refusal_of(zipped({"users.csv": b"0" * (2 * 1024 * 1024 + 1)})).code == "too_big"
    assert refusal_of(zipped({"a.csv": b"0" * 1024 * 1024, "b.csv": b"0" * 1024 * 1024 + b"1"})).code == "too_big"


def test_zip_with_too_many_entries_is_refused():
    many = {f"{number}.csv": "" for number in range(archive.LIMIT_FILES + 1)}
    assert refusal_of(zipped(many)).code == "too_many_files"


def test_zip_with_two_packages_is_refused():
    store = zipped(
        {"users.csv": "a", "other.csv": "b"}, names={"users.csv": "one/users.csv", "other.csv": "two/users.csv"}
    )
    assert refusal_of(store).code == "two_folders"


@pytest.mark.parametrize("other", ["USERS.CSV", "Users.csv", "users.csv"])
def test_file_that_is_there_twice_is_refused_and_neither_is_read(other):
    with pytest.warns(UserWarning, match="Duplicate name") if other == "users.csv" else nullcontext():
        store = zipped({"users.csv": "a", "again": "b"}, names={"again": other})
    problem = refusal_of(store)
    assert (problem.code, problem.params) == ("same_file", {"one": "users.csv", "other": other})


def test_folder_with_a_file_twice_is_refused(tmp_path):
    for name in ("users.csv", "USERS.CSV"):
        (tmp_path / name).write_text("a")
    with pytest.raises(PackageRefused) as refused:
        files_of(tmp_path)
    assert refused.value.problem.code == "same_file"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"sourcedId,name\n"])
def test_file_that_is_no_zip_is_refused(data):
    assert refusal_of(data).code == "not_a_zip"


def test_zip_locked_with_a_password_is_refused():
    data = bytearray(zipped({"users.csv": "x"}))
    central = data.rindex(b"PK\x01\x02")
    data[6] |= 1  # the flag in the entry's own header
    data[central + 8] |= 1  # and in the directory
    assert refusal_of(bytes(data)).code == "encrypted"


def test_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PackageRefused) as refused:
        files_of(tmp_path / "nowhere")
    assert refused.value.problem.code == "not_a_zip"


def test_leftovers_of_a_mac_are_passed_over():
    files = {"users.csv": "x", "._users.csv": "y", "junk": "z"}
    assert files_of(zipped(files, names={"junk": "__MACOSX/._users.csv"})) == {"users.csv": b"x"}
