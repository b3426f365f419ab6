"""Processes that share the work of one command, each with the site and a database connection of its own."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import django


def worker_pool(count: int) -> ProcessPoolExecutor:
    """A pool of processes on the database of this one. What they run is a function at the top of a module.

    They start from nothing instead of as a copy of this process, whose open connections they would share.
    """
    from django.db import connection  # read when called: settings are there only then

    return ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=open_site,
        initargs=(connection.settings_dict["NAME"],),
    )


def open_site(database: str) -> None:
    """database: by name, because tests and benchmarks work on another one than the settings say."""
    django.setup()
    from django.db import connection  # settings are there only now

    connection.settings_dict["NAME"] = database
