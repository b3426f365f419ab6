"""Answers to what went wrong: plain words and a way out, never a stack trace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lrm.policy import ANYONE, allow


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


@allow(ANYONE, why="An unknown address says so to everyone alike.")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)
