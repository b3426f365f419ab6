# Everything needs only python3 (3.11 to 3.13) with venv, make and git. Programs are called as `python -m`,
# because the scripts of a virtual environment break where its path has a space.
PYTHON ?= python3
PY := .venv/bin/python
# Tests and checks start Python a hundred times; with this each start would compile LRM anew, for half a second.
unexport PYTHONDONTWRITEBYTECODE
TEST := $(PY) -m pytest -n 2 --dist loadgroup
# Settings for tools that import the site without opening a database.
UNCONNECTED := SECRET_KEY=only-for-tools-that-read-the-code-and-serve-nothing DATABASE_URL=postgresql:///lrm LRM_LOCAL=1
CODE := manage.py lrm profiles paths assessments standards tests bench requirements deploy
# Migrations whose SQL the linter takes for changes of tables in use: they make new ones.
NEW_TABLES_IN_SQL := 0002_evidence_ledger
# Columns that become text: a change of the catalogue, which rewrites no row.
WIDER_TEXT := 0017_seal_webhook_secrets
# A table that is renamed while, in the same transaction, the one that it becomes a part of takes its name.
PART_OF_ITSELF := 0033_access_log_by_months

.PHONY: env run test check laws faults bench lock clean \
  check-format check-lint check-types check-imports check-migrations check-templates

env:
	@$(PYTHON) requirements/install.py

run: env
	@$(PY) manage.py up

test: env
	$(TEST)

check: check-format check-lint check-types check-imports check-migrations check-templates

check-format: env
	$(PY) -m ruff format --check $(CODE)

check-lint: env
	$(PY) -m ruff check $(CODE)

check-types: env
	$(UNCONNECTED) $(PY) -m mypy manage.py lrm profiles paths assessments standards

check-imports: env
	$(UNCONNECTED) $(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

check-migrations: env
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py lintmigrations --settings tests.settings_migrations --quiet ok ignore \
	  --include-apps profiles standards assessments paths --ignore-name $(NEW_TABLES_IN_SQL) $(WIDER_TEXT) $(PART_OF_ITSELF)

check-templates: env
	$(PY) -m djlint --check templates
	$(PY) -m djlint --lint templates

laws: env
	LRM_LAWS=1 $(TEST) -m laws -o timeout=0

faults: env
	LRM_FAULTS=1 $(PY) -m pytest -p no:xdist -m faults -rP

bench: env
	$(PY) -m bench

lock:
	@$(PYTHON) requirements/lock.py

# Removes the environment, never the state in var/.
clean:
	rm -rf .venv
