"""The settings of the site, with the mutant EarlyDeletion of mutants.py."""

from lrm.settings import *  # noqa: F403  all of them
from lrm.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.assessments.faults.mutants.EarlyDeletion"]
