"""Mails of a site without a mail server are files, and no longer than a week."""

import os
import time

import pytest

from lrm.tasks import forget_jobs


@pytest.mark.django_db
def test_mails_that_are_files_go_after_a_week(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "not there")
    forget_jobs()
    settings.EMAIL_FILE_PATH = str(tmp_path)
    old, young = tmp_path / "1.log", tmp_path / "2.log"
    for path, days in ((old, 8), (young, 6)):
        path.write_text("To: ana@example.org")
        at = time.time() - days * 24 * 3600
        os.utime(path, (at, at))
    forget_jobs()
    assert list(tmp_path.iterdir()) == [young]
