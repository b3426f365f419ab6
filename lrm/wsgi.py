import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrm.settings")
application = get_wsgi_application()

# Routes and views (and with them the engines' libraries) are read now, once before the web server forks, and not
# in the first request of each process.
get_resolver().url_patterns  # noqa: B018  reading it is the point

# What is loaded now stays for good: set aside, it is not looked through by every full collection of each process,
# which would also copy the pages that the processes share.
gc.collect()
gc.freeze()
# A page makes tens of thousands of objects and nearly no cycles: looking through them every 700 took a tenth of it.
gc.set_threshold(50_000, 10, 10)
