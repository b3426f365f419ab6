"""Imports point one way: the contracts of pyproject.toml hold."""

from pathlib import Path

from importlinter import cli

ROOT = Path(__file__).resolve().parent.parent


def test_import_contracts_hold(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert result == 0, capsys.readouterr().out
