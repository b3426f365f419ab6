"""What the sign-in page may say before anybody has signed in: the name of the place, never of a person."""

from django.conf import settings

from lrm.scope import unscoped
from profiles.models import District, School


def welcome_name() -> str:
    """The school where there is one, the district where there is one, else ""."""
    with unscoped("the sign-in page is read before the district is known"):
        districts = list(District.objects.order_by("pk")[:2])
        if len(districts) != 1:
            return ""
        schools = list(School.objects.filter(left_on__isnull=True)[:2])
        return schools[0].name if len(schools) == 1 else districts[0].name


def is_demo_only() -> bool:
    """Whether this instance holds the demo school and nothing real."""
    kinds = set(District.objects.values_list("is_demo", flat=True).distinct())
    return kinds == {True}


def written_languages() -> list[tuple[str, str]]:
    """Languages whose words are there, as (code, name): English, and those with a compiled catalog."""
    return [
        (code, str(name))
        for code, name in settings.LANGUAGES
        if code == "en" or any((path / code / "LC_MESSAGES" / "django.mo").is_file() for path in settings.LOCALE_PATHS)
    ]
