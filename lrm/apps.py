import importlib

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LrmConfig(AppConfig):
    name = "lrm"

    def ready(self) -> None:
        # Django's own hook: the runtime role gets its rights whenever the owner has changed the tables.
        post_migrate.connect(_grant, sender=self)
        importlib.import_module("lrm.celery")  # shared tasks are published through this application


def _grant(using: str, **kwargs) -> None:
    from lrm.roles import grant_runtime_role  # the connection exists only once apps are ready

    grant_runtime_role(using)
