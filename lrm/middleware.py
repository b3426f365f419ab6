"""Rights at the door: the policy of the route, the district's scope and clock, and the access log."""

import zoneinfo
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.module_loading import import_string

from lrm import imsx, scope
from lrm.acting import API, PAGE, Actor, acting, name_act
from lrm.api import problems
from lrm.policy import policy_of
from lrm.still_here.asking import sign_in_and_keep


class UndeclaredPolicy(RuntimeError):
    """A route without a policy: nobody may use it until someone says who may."""


class AccessMiddleware:
    """Opens the account's district scope around the view and refuses what its policy does not admit.

    A view that shows learners names them with `lrm.looked.looked_at(request, ids)`; one row is written after the
    answer, in the same request.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.log_access = import_string(settings.ACCESS_LOADER)

    def __call__(self, request):
        request.looked_at = set()
        account = request.user
        way = API if problems.is_api(request) or imsx.is_imsx(request) else PAGE
        with acting(Actor(way, by=account.pk)):
            return self._answer(request, account)

    def _answer(self, request, account):
        if not account.is_authenticated:
            return self.get_response(request)
        with (
            timezone.override(zoneinfo.ZoneInfo(account.district.time_zone)),
            scope.district_scope(account.district_id),
        ):
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render) and not response.is_rendered:
                response = response.render()
            if request.looked_at and response.status_code < 400:
                response = self.log_access(request, response) or response
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

    def process_view(self, request, view, args, kwargs):
        route = request.resolver_match.view_name or ""
        name_act(route)
        policy = policy_of(view, route)
        if policy is None:
            raise UndeclaredPolicy(f"{request.resolver_match.route}: say who may use it with lrm.policy.allow.")
        if policy.is_public or (request.user.is_authenticated and policy.admits(request.user.roles)):
            return None
        if request.user.is_authenticated:
            raise Http404
        if problems.is_api(request):
            return problems.unauthorized()
        if request.htmx:
            # A fragment must not turn into the sign-in page inside a table cell.
            response = redirect(settings.LOGIN_URL)
            response.status_code = 204
            response["HX-Redirect"] = response["Location"]
            del response["Location"]
            return response
        if (page := sign_in_and_keep(request)) is not None:
            return page
        target = redirect(settings.LOGIN_URL)
        if request.method == "GET":
            back = urlencode({"next": request.get_full_path()}, safe="/")
            target["Location"] += f"?{back}" if request.path != "/" else ""
        return target
