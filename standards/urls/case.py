"""The read endpoints of CASE, below /ims/case/. The addresses are those of 1EdTech: no slash at the end."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from lrm.api.later import LaterView


class CaseVersion(StringConverter):
    regex = "v1p[01]"


register_converter(CaseVersion, "case_version")

urlpatterns: list[URLPattern] = [
    path("<case_version:version>/CFDocuments", LaterView("standards.api.case_views.Documents"), name="case_documents"),
    path(
        "<case_version:version>/<str:kind>/<str:uuid>",
        LaterView("standards.api.case_views.OneObject"),
        name="case_object",
    ),
]
