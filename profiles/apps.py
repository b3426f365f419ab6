import importlib

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        importlib.import_module("profiles.jobs")  # names the functions that do long work
