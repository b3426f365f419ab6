"""Tables that every app uses."""

from lrm.jobs.models import Job

__all__ = ["Job"]
