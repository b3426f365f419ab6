from django.urls import URLPattern, path

from lrm.later import Later, LaterViews

own_sign_in = LaterViews("profiles.views.own_sign_in")
sign_in_policy = Later("profiles.views.sign_in_policy.sign_in_policy")

# Names are allauth's, which looks them up.
urlpatterns: list[URLPattern] = [
    path("account/", own_sign_in.own_sign_in, name="mfa_index"),
    path("account/sign-out/", own_sign_in.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/sign-out/<int:pk>/", own_sign_in.sign_out_there, name="sign_out_there"),
    path("account/password/", own_sign_in.change_password, name="account_change_password"),
    path("account/password/again/", own_sign_in.fresh_password, name="account_reauthenticate"),
    path("account/second-step/", own_sign_in.set_up, name="mfa_activate_totp"),
    path("account/second-step/again/", own_sign_in.fresh_code, name="mfa_reauthenticate"),
    path("account/second-step/other/", own_sign_in.take_away, name="mfa_deactivate_totp"),
    path("account/second-step/codes/", own_sign_in.emergency_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new/", own_sign_in.new_codes, name="mfa_generate_recovery_codes"),
    path("sign-in/code/", own_sign_in.code, name="mfa_authenticate"),
    path("staff/sign-in/", sign_in_policy, name="sign_in_policy"),
    path("staff/sign-in/provider/", Later("profiles.views.single_sign_on.single_sign_on"), name="single_sign_on"),
]
