"""An objection takes what a machine works out away, from its moment on, and taking it back brings it back."""

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import GroupMember, Mastery, StaleSection
from assessments.services import boards
from assessments.services.needs import read_needs
from assessments.services.policies import Policies
from profiles.models import Objection
from profiles.services import objections
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import make_district_admin, make_guardian

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(taught):
    """Everybody has a 4 on both standards."""
    taught.join(2)
    assessment = make_assessment(taught.section, taught.standards)
    for learner in taught.learners:
        for standard in taught.standards:
            give(assessment, learner, standard, 4)
    work_off()
    return taught


def needs(taught):
    return read_needs(taught.section, Policies(taught.section.district_id), on=timezone.localdate())


def row_of(found, learner):
    return [each.pk for each in found.learners].index(learner.pk)


def test_groups_place_whoever_objects_as_somebody_without_a_result(assessed):
    learner = assessed.learners[0]
    before = needs(assessed)
    prior = 1 - (1 - before.p).max()
    objections.object_to(learner, by=make_district_admin(assessed.section.district), words="")
    found = needs(assessed)
    row = row_of(found, learner)
    assert found.known.level[row].tolist() == [0] * found.known.level.shape[1]
    assert not [key for key in found.known.results if key[0] == row]
    assert found.p[row].max() < before.p[row].min()
    others = [i for i in range(len(found.learners)) if i != row]
    assert np.allclose(found.p[others], before.p[others], atol=1e-6)
    assert prior < 1
    assert Mastery.objects.filter(learner=learner, shown_level=4).count() == 2  # results and levels stay


def test_it_is_dated_and_revocable_and_both_make_suggestions_anew(assessed):
    learner, by = assessed.learners[0], make_district_admin(assessed.section.district)
    before = needs(assessed).p
    StaleSection.objects.all().delete()
    first = objections.object_to(learner, by=by, words="She is more than numbers.")
    assert objections.object_to(learner, by=by, words="twice") == first
    assert StaleSection.objects.get().section_id == assessed.section.pk
    StaleSection.objects.all().delete()
    assert objections.take_back(learner, by=by)
    assert not objections.take_back(learner, by=by)
    assert StaleSection.objects.get().section_id == assessed.section.pk
    assert np.allclose(needs(assessed).p, before, atol=1e-6)
    row = Objection.objects.get()
    assert (row.raised_by, row.ended_by) == (by, by)
    assert row.raised_at <= row.ended_at


def test_groups_keep_and_say_nothing_that_was_to_be_expected(grouped):
    learner = grouped.learners[0]
    objections.object_to(learner, by=grouped.teacher, words="")
    board = boards.current_board(grouped.section)
    boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    members = GroupMember.objects.filter(expected_micro=None)
    assert [row.learner_id for row in members] == [learner.pk]
    assert GroupMember.objects.exclude(expected_micro=None).exists()


def test_the_family_objects_on_the_page_and_nothing_is_suggested_beside_the_profile(assessed, client):
    learner = assessed.learners[0]
    client.force_login(make_guardian(learner))
    page = reverse("learner", args=[learner.pk])
    assert 'id="suggested"' in client.get(page).content.decode()
    client.post(reverse("learner_objection", args=[learner.pk]), {"act": "object", "words": "No, thank you."})
    assert 'id="suggested"' not in client.get(page).content.decode()
    assert "No, thank you." in client.get(reverse("learner_data", args=[learner.pk])).content.decode()
    client.post(reverse("learner_objection", args=[learner.pk]), {"act": "take_back"})
    assert 'id="suggested"' in client.get(page).content.decode()
