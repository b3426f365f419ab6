import gc
import os
import sys
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template import Engine
from django.urls import get_resolver
from django.utils.formats import get_format_modules
from django.utils.module_loading import import_string

from lrm.metrics.counting import counts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrm.settings")
# structlog loads the first two where it finds them, to draw tracebacks and to tell green threads apart, and kombu the
# third, to read messages that nobody here writes: the site does none of it, and they cost it 6 MB.
ABSENT = [name for name in ("greenlet", "rich", "yaml") if name not in sys.modules]
for name in ABSENT:
    sys.modules[name] = None  # type: ignore[assignment]  # None is how Python is told that a module is absent
application = get_wsgi_application()

# Routes with their names, views (and with them the engines' libraries) and the tags of templates are read now, once
# before the web server forks, and not in the first request of each process.
get_resolver().reverse_dict  # noqa: B018  reading it is the point
engine = Engine.get_default()
engine.template_loaders  # noqa: B018  these two
engine.template_context_processors  # noqa: B018
# What the first page of each process would load, and the first save, to send its message to the workers.
for name in (
    *settings.AUTHENTICATION_BACKENDS,
    settings.MESSAGE_STORAGE,
    settings.SESSION_SERIALIZER,
):
    import_string(name)
for name in (
    *("celery.app.amqp", "celery.app.events", "celery.app.task", "celery.backends.base", "celery.events.dispatcher"),
    *("kombu.mixins", "kombu.transport.redis", "paths.navigation"),
):
    import_module(name)
get_format_modules("en")
for name in ABSENT:
    del sys.modules[name]  # whoever asks from now on, like the API's document, has a use for it
counts()  # maps the memory in which its processes count requests together

# What is loaded now stays for good: set aside, it is not looked through by every full collection of each process,
# which would also copy the pages that the processes share.
gc.collect()
gc.freeze()
# A page makes tens of thousands of objects: looking through them every 700 took a tenth of it. Its request, context and
# what they hold are a cycle, though, so that rare looks leave the pages of many requests lying about.
gc.set_threshold(5_000, 10, 10)
