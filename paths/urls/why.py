from django.urls import URLPattern, path

from paths.views import why

urlpatterns: list[URLPattern] = [
    path("welcome/", why.welcome, name="welcome"),
    path("why/", why.why, name="why"),
    path("why/read/", why.why_read, name="why_read"),
    path("why/edit/", why.why_edit, name="why_edit"),
]
