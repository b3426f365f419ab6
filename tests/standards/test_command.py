import pytest
from django.core.management import CommandError, call_command

from standards.models import Standard
from tests.factories.profiles import make_district
from tests.standards.case.test_reader import DOCUMENT, item, link, package

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys):
    make_district()

    def run(data, *words):
        path = tmp_path / "package.json"
        path.write_bytes(data)
        call_command("import_case", str(path), *words)
        return capsys.readouterr().out

    return run


def test_command_imports_and_again_says_no_change(run):
    data = package([item(1)], [link(1, DOCUMENT)])
    assert "standards: 1 new, 0 changed, 0 same, 0 retired" in run(data, "--dry-run")
    assert Standard._base_manager.count() == 0
    assert run(data).endswith("Reading: imported.\n")
    assert run(data).endswith("Reading: no change.\n")
    assert Standard._base_manager.count() == 1


def test_command_refuses_what_is_no_package(run, tmp_path):
    with pytest.raises(CommandError, match=r"package\.json: There is no CFDocument in it"):
        run(b'{"openapi": 3}')
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_case", str(tmp_path / "nothing.json"))
