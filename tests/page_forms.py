"""Forms of a page as a browser without script fills and sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

# What a browser sends along where a person presses a button of a page.
PRESSED = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-mode": "navigate"}


@dataclass
class Form:
    """fields: name -> values that stand in it, as a browser would send them; buttons are not among them."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **typed: Any) -> dict[str, Any]:
        """What is sent with these values typed, chosen or pressed."""
        return {name: list(values) for name, values in self.fields.items()} | typed


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address, self.found = address, []
        self._form: Form | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select, self._options = "", []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = Form(given.get("action") or self.address) if given.get("method") == "post" else None
            if self._form:
                self.found.append(self._form)
        if self._form is None:
            return
        name = given.get("name") or ""
        if tag == "input" and name and "disabled" not in given:
            kind = given.get("type", "text")
            if kind not in ("submit", "file", "image") and (kind not in ("checkbox", "radio") or "checked" in given):
                self._add(name, given.get("value") or "")
        elif tag == "textarea" and name:
            self._text = (name, [])
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((given.get("value") or "", "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._text:
            self._add(self._text[0], "".join(self._text[1]).removeprefix("\n"))
            self._text = None
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            for value in chosen:
                self._add(self._select, value)
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        assert self._form is not None
        self._form.fields.setdefault(name, []).append(value)


def forms_in(answer: HttpResponse, address: str = "") -> list[Form]:
    """Those that are posted.    address: of the page, for forms that name none."""
    parser = _Forms(address)
    parser.feed(answer.content.decode())
    return parser.found


def form_to(answer: HttpResponse, action: str, *, having: str = "") -> Form:
    """The form that is posted to this address, and has this field."""
    found = [
        form for form in forms_in(answer, action) if form.action == action and (not having or having in form.fields)
    ]
    assert len(found) == 1, [(form.action, sorted(form.fields)) for form in forms_in(answer, action)]
    return found[0]


def press(client: Client, form: Form, **typed: Any) -> HttpResponse:
    """Send the form with what was typed, as a browser does."""
    return client.post(form.action, form.filled(**typed), headers=PRESSED)
