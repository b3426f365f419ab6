"""Every route says who may use it; one that does not is refused."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, resolve

from lrm import policy
from lrm.middleware import AccessMiddleware, UndeclaredPolicy
from lrm.policy import ANYONE, LEARNER, TEACHER, Policy, allow, policy_of
from tests.factories.profiles import make_account, make_teacher
from tests.routes import routes

KNOWN = {ANYONE, policy.SIGNED_IN, policy.SYSTEM, *policy.EVERYBODY}


def test_every_route_has_a_name():
    assert [route.address for route in routes() if not route.name] == []


def test_every_name_is_one_route():
    seen = [route.name for route in routes()]
    assert sorted({name for name in seen if seen.count(name) > 1}) == []


def test_every_route_declares_a_policy():
    undeclared = [route.name for route in routes() if policy_of(route.view, route.name) is None]
    assert undeclared == [], "Decorate these views with lrm.policy.allow(...); see docs/access.md."


def test_every_policy_names_roles_that_exist():
    unknown = {
        route.name: set(found.roles) - KNOWN
        for route in routes()
        if (found := policy_of(route.view, route.name)) and set(found.roles) - KNOWN
    }
    assert unknown == {}


def test_every_public_route_says_why():
    silent = [
        route.name
        for route in routes()
        if (found := policy_of(route.view, route.name)) and ANYONE in found.roles and not found.why
    ]
    assert silent == []


def test_foreign_policies_are_of_routes_that_exist():
    assert sorted(set(policy.FOREIGN) - {route.name for route in routes()}) == []


def test_the_answer_to_unknown_addresses_is_declared_too():
    assert policy_of(get_resolver().resolve_error_handler(404), "") is not None


def test_allow_without_a_role_is_refused():
    with pytest.raises(ValueError, match="names its roles"):
        allow()


def test_allow_anyone_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="why it is public"):
        allow(ANYONE)


def test_policy_admits_one_of_its_roles_and_nobody_else():
    staff = Policy((TEACHER,))
    assert staff.admits(frozenset({TEACHER, LEARNER}))
    assert not staff.admits(frozenset({LEARNER}))
    assert not staff.admits(frozenset())
    assert Policy((ANYONE,), "why").admits(frozenset())
    assert Policy((policy.SIGNED_IN,)).admits(frozenset())


def process(view, account, *, method="GET", path="/livez", htmx=False):
    """What the middleware answers before the view runs; None lets the view run."""
    request = RequestFactory().generic(method, path)
    request.user, request.htmx = account, htmx
    request.resolver_match = resolve("/livez")
    return AccessMiddleware(lambda request: HttpResponse("through")).process_view(request, view, (), {})


class Stranger:
    is_authenticated = False


def test_a_view_without_a_policy_is_refused_even_to_a_stranger():
    with pytest.raises(UndeclaredPolicy, match="livez"):
        process(lambda request: HttpResponse("open"), Stranger())


def test_a_stranger_is_sent_to_the_sign_in_page_and_back():
    answer = process(allow(TEACHER)(lambda request: HttpResponse()), Stranger(), path="/wall/?sort=2&q=a%26b")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/wall/%3Fsort%3D2%26q%3Da%2526b")


def test_a_stranger_who_posts_is_sent_to_the_sign_in_page_without_an_address():
    answer = process(allow(TEACHER)(lambda request: HttpResponse()), Stranger(), method="POST")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")


def test_a_fragment_for_a_stranger_moves_the_whole_page():
    answer = process(allow(TEACHER)(lambda request: HttpResponse()), Stranger(), htmx=True)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/")


@pytest.mark.django_db
def test_a_role_that_is_not_admitted_meets_nothing():
    with pytest.raises(Http404):
        process(allow(LEARNER)(lambda request: HttpResponse()), make_teacher())


@pytest.mark.django_db
def test_an_account_without_any_role_meets_nothing():
    with pytest.raises(Http404):
        process(allow(*policy.EVERYBODY)(lambda request: HttpResponse()), make_account())


@pytest.mark.django_db
def test_a_role_that_is_admitted_gets_through():
    assert process(allow(TEACHER)(lambda request: HttpResponse()), make_teacher()) is None
