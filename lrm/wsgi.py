import gc
import os
import sys
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.template import Engine
from django.urls import get_resolver

from lrm.metrics.counting import counts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrm.settings")
# structlog loads these where it finds them, to draw tracebacks and to tell green threads apart: the site does neither,
# and beside the tools of development they cost it 5 MB.
for name in ("greenlet", "rich"):
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None is how Python is told that a module is absent
application = get_wsgi_application()

# Routes with their names, views (and with them the engines' libraries) and the tags of templates are read now, once
# before the web server forks, and not in the first request of each process.
get_resolver().reverse_dict  # noqa: B018  reading it is the point
engine = Engine.get_default()
engine.template_loaders  # noqa: B018  these two
engine.template_context_processors  # noqa: B018
# What the first save of each process would load to send its message to the workers.
for name in ("celery.app.amqp", "celery.app.events", "celery.app.task", "kombu.transport.redis"):
    import_module(name)
counts()  # maps the memory in which its processes count requests together

# What is loaded now stays for good: set aside, it is not looked through by every full collection of each process,
# which would also copy the pages that the processes share.
gc.collect()
gc.freeze()
# A page makes tens of thousands of objects: looking through them every 700 took a tenth of it. Its request, context and
# what they hold are a cycle, though, so that rare looks leave the pages of many requests lying about.
gc.set_threshold(5_000, 10, 10)
