"""The page that shows words which could not be sent, each with a button that sends them."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lrm.http import Request
from lrm.policy import SIGNED_IN, allow
from lrm.still_here import waiting
from lrm.still_here.carrying import SENT_FIELD
from lrm.still_here.words import words_in


@allow(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def still_here(request: Request) -> HttpResponse:
    """POST puts one of them aside (still_here: its id). Sending goes to the page that they were written for."""
    if request.method == "POST":
        waiting.drop(request, request.POST.get(SENT_FIELD, ""))
        return redirect("still_here" if waiting.waiting(request) else "home")
    pieces = [{"carried": each, "words": words_in(each.fields)} for each in waiting.waiting(request)]
    has_words = any(piece["words"] for piece in pieces)
    return render(request, "still_here.html", {"pieces": pieces, "has_words": has_words, "sent_field": SENT_FIELD})
