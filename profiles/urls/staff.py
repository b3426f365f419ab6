from django.urls import URLPattern, path

from lrm.later import LaterViews

badges = LaterViews("profiles.views.badges")
invitations = LaterViews("profiles.views.invitations")
staff_accounts = LaterViews("profiles.views.staff_accounts")

urlpatterns: list[URLPattern] = [
    path("staff/", staff_accounts.staff, name="staff"),
    path("staff/invite/", staff_accounts.staff_invite, name="staff_invite"),
    path("staff/<int:pk>/", staff_accounts.staff_account, name="staff_account"),
    path("staff/<int:pk>/change/", staff_accounts.staff_account_change, name="staff_account_change"),
    path("staff/<int:pk>/role/", staff_accounts.staff_account_role, name="staff_account_role"),
    path("staff/devices/", badges.devices, name="devices"),
    path("staff/devices/<int:pk>/revoke/", badges.device_revoke, name="device_revoke"),
    path("invitation/", invitations.invitation, name="invitation"),
    path("invitation/<str:secret>/", invitations.invitation_link, name="invitation_link"),
]
