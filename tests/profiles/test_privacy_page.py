"""The privacy page is read by anybody: before signing in too, whether the site holds no district, one or several."""

import pytest
from django.urls import reverse

from tests.factories.profiles import make_district

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("districts", [0, 1, 2])
def test_anybody_reads_what_is_kept_and_for_how_long(client, districts):
    for _number in range(districts):
        make_district()
    page = client.get(reverse("privacy"))
    assert page.status_code == 200
    assert "1096" in page.content.decode()
