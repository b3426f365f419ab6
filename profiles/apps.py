import importlib

from django.apps import AppConfig

from lrm import changes


class ProfilesConfig(AppConfig):
    name = "profiles"

    def ready(self) -> None:
        # A learner whom an undone import takes away was nobody to be told apart from.
        changes.DERIVED.add("profiles.ToldApart")
        changes.DERIVED.add("profiles.HomeSchool")
        importlib.import_module("profiles.records")  # says what of shared rows is one learner's
