"""Why a file is no CASE package, and what was odd about one that is."""

from django.utils.translation import gettext

from lrm.problems import noop as _

WORDS = {
    "empty": _("The file is empty. Download it again."),
    "too_big": _("The file is larger than %(limit)s MB. Ask the publisher for one framework at a time."),
    "not_text": _("The file is not text. A CASE package is a JSON file; unpack it first if it came in a zip."),
    "web_page": _(
        "This is a web page, not a CASE package. The address probably asked for a sign-in; download the JSON."
    ),
    "not_json": _("Line %(line)s, column %(column)s is not JSON: %(reason)s. The download may have been cut off."),
    "unstorable": _(
        "Line %(line)s or below holds a letter that cannot be stored (NUL, or half of a letter). Take it out, or ask "
        "the publisher for another file."
    ),
    "too_deep": _("The JSON is nested too deeply to be a CASE package."),
    "not_an_object": _("The JSON is a %(kind)s. A CASE package is an object that holds CFDocument."),
    "documents_list": _(
        "This is a list of %(count)s documents, not a package. Choose one and download its CFPackage, "
        "at an address that ends with /CFPackages/ and the identifier of the document."
    ),
    "single_document": _("This is one CFDocument without its items. Download the CFPackage with the same identifier."),
    "single_item": _("This is one CFItem. Download the CFPackage of the framework that it belongs to."),
    "error_payload": _("The server answered with an error instead of a package: %(reason)s"),
    "no_document": _("There is no CFDocument in it, so it is not a CASE package."),
    "no_items": _("There is a CFDocument but no CFItems, so there is nothing to import. Download the CFPackage."),
    "unknown_table": _(
        "The table has none of the headings that are known here. Canvas outcomes have vendor_guid and object_type, "
        "OpenSALT has fullStatement; this one has: %(columns)s."
    ),
    "too_many_lines": _("The table has more than %(limit)s lines. Send one framework at a time."),
    "too_many_entries": _(
        "The package has more than %(limit)s standards and associations, as no framework has. Ask the publisher for "
        "one framework at a time."
    ),
    "id_too_often": _(
        "More than %(limit)s associations share the identifier %(identifier)s. Ask the publisher for a correct package."
    ),
    "no_edges": _(
        "This is no list of prerequisites: neither the JSON of the Coherence Map nor a table with type, from_code and "
        "to_code."
    ),
    "edge_without_end": _("The edge %(edge)s leads to a standard that the file does not have."),
    "no_framework": _(
        "This is a list of prerequisites. Choose the framework whose standards it names, then send it again."
    ),
    "no_code_known": _(
        "%(title)s has no standard with any of these codes, such as %(codes)s. Choose another framework."
    ),
    "nameless_document": _("The CFDocument has neither identifier, nor address, nor title. Ask the publisher for one."),
    "wrong_shape": _("%(place)s should be %(expected)s and is %(found)s."),
    # Oddities: the package is read, nothing is lost.
    "item_without_id": _("A standard has no usable identifier; one was made from its content."),
    "item_id_twice": _("Two standards share the identifier %(identifier)s; both were kept."),
    "association_without_id": _(
        "Associations without identifier: %(count)s. One was made from their two ends and type."
    ),
    "association_id_twice": _("Associations that repeat an identifier: %(count)s. All were kept."),
    "statement_missing": _("Standards without statement: %(count)s. Their code or label stands in for it."),
    "cycle": _("%(code)s is its own ancestor; it is shown at the top, its associations were kept."),
    "ring": _(
        "%(codes)s come before each other in a ring. All were kept; steps of a path that wait for each other are "
        "refused."
    ),
    "outside": _("Associations that point outside the package: %(count)s. They were kept and can be resolved later."),
    "no_parent": _("Standards without a place in the tree: %(count)s. They are listed after it."),
}


class NotAPackage(ValueError):
    """The file is refused.

    code: a key of WORDS; str() is the reason and the way out, in the reader's language.
    """

    def __init__(self, code: str, **params: object):
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return sentence(self.code, self.params)


def sentence(code: str, params: dict) -> str:
    """The sentence of a code, in the reader's language."""
    return gettext(WORDS[code]) % params
