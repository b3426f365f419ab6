import importlib

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "standards"

    def ready(self) -> None:
        importlib.import_module("standards.jobs")  # names the functions that do long work
