from standards.models.association import Association
from standards.models.framework import Framework, Subject
from standards.models.standard import Standard

__all__ = ["Association", "Framework", "Standard", "Subject"]
