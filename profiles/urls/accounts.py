from allauth.account import views as allauth_views
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods

from lrm.later import Later, LaterViews
from profiles.views import accounts

badges = LaterViews("profiles.views.badges")

form = require_http_methods(["GET", "HEAD", "POST"])  # Django's own form views take PUT for a POST

PROVIDER = "profiles.views.provider_sign_in"

# Of allauth's routes those that we need; their names are allauth's, which looks them up.
urlpatterns: list[URLPattern] = [
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("badge/", badges.badge, name="badge"),
    path("sign-in/email/", form(accounts.email_sign_in), name="account_login"),
    path("sign-in/with/<uuid:provider_id>/", Later(f"{PROVIDER}.provider_start"), name="openid_connect_login"),
    path("sign-in/with/<uuid:provider_id>/back/", Later(f"{PROVIDER}.provider_back"), name="openid_connect_callback"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("language/", accounts.choose_language, name="set_language"),
    path("account/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("password/reset/", form(allauth_views.password_reset), name="account_reset_password"),
    path("password/reset/sent/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        form(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/", allauth_views.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
]
