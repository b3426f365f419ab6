from standards.models.association import Association
from standards.models.framework import Framework, Subject
from standards.models.standard import Standard
from standards.models.upload import PackageUpload

__all__ = ["Association", "Framework", "PackageUpload", "Standard", "Subject"]
