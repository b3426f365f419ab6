"""What every page needs: who is here, where they can go, whether this is the demo."""

from django.conf import settings
from django.utils.module_loading import import_string

from lrm.http import Request
from lrm.still_here.waiting import KEY


def page(request: Request) -> dict:
    """account, nav (dicts: name, url, icon, current, key), demo, school_name, words_wait (lrm/still_here)."""
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        return {"account": None, "nav": (), "demo": False, "school_name": "", "words_wait": False}
    return {
        "account": account,
        "nav": import_string(settings.NAVIGATION)(request),
        "demo": account.district.is_demo,
        "school_name": account.district.name,
        "words_wait": KEY in request.session,
    }
