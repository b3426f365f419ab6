import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrm.settings")
application = get_wsgi_application()

# Routes and views (and with them the engines' libraries) are read now, once before the web server forks, and not
# in the first request of each process.
get_resolver().url_patterns  # noqa: B018  reading it is the point
