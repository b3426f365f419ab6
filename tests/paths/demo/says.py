"""What `manage.py demo` says."""

from io import StringIO

from django.core.management import call_command


def demo(*words: str) -> str:
    out = StringIO()
    call_command("demo", *words, stdout=out)
    return out.getvalue()
