"""Why a file is not taken: a code for programs and tests, a sentence and a way out for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "empty": _("This file is empty. Open it to see if it has something in it, then pick it again."),
    "too_large": _("This file is too big. It can have at most %(limit)s MB. Make it smaller or shorter."),
    "no_ending": _("The name of this file has no ending, like .jpg or .pdf. Give it one and pick it again."),
    "hidden_letters": _("The name of this file has hidden letters in it. Give it a new name and pick it again."),
    "two_endings": _("The name of this file has two endings. Give it a new name with one ending, like .jpg or .pdf."),
    "not_taken": _("Files of this type cannot be handed in. A picture (JPG, PNG) or a PDF works."),
    "office": _("Files from Word, Excel or PowerPoint cannot be handed in. Save it as a PDF and pick that."),
    "drawing_code": _("This drawing is made of code (SVG). Save it as a PNG or JPG picture and pick that."),
    "web_page": _("This is a web page. Hand in its address as a link, or print the page as a PDF."),
    "archive": _("This is a packed file (ZIP). Unpack it and hand in the files one by one."),
    "heic": _("This photo is of the type HEIC. Save it as a JPG and pick that, or take a screenshot of it."),
    "not_allowed_audio": _("Your school has not turned on sound files. Ask your teacher about it."),
    "not_allowed_video": _("Your school has not turned on video files. Ask your teacher about it."),
    "not_what_it_says": _(
        "The name says that this is a %(said)s file, but inside it is something else. "
        "Save it again with the right type."
    ),
    "damaged": _("This file cannot be read to the end. Save it again, or take a new photo."),
    "too_many_dots": _("This picture is too large to open. Make it smaller, then pick it again."),
    "moves": _("This picture moves. Only still pictures can be handed in. A screenshot of it works."),
    "second_file": _("Something else is hidden in this file. Save the picture or page again and pick the new file."),
    "pdf_runs": _("This PDF can start a program or open something by itself. Print it as a PDF again and pick that."),
    "pdf_holds_files": _("This PDF has other files inside. Print it as a PDF again and pick that."),
    "pdf_locked": _("This PDF is locked with a password. Save it without the password and pick that."),
    "pdf_packed": _("This PDF is packed in a way that cannot be checked. Print it as a PDF again and pick that."),
}


class Refused(Exception):
    """The file is not taken; nothing of it is kept. code: a key of REASONS."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    @property
    def message(self) -> str:
        """In the language of whoever reads it now."""
        return str(REASONS[self.code]) % self.values if self.values else str(REASONS[self.code])
