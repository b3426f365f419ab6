"""The site's settings and the migration linter, which a running site has no need of."""

from lrm.settings import *  # noqa: F403
from lrm.settings import INSTALLED_APPS as SITE_APPS

INSTALLED_APPS = [*SITE_APPS, "django_migration_linter"]
