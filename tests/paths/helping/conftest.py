"""A class that helps each other, and a pair that is asked."""

import pytest

from tests.factories.paths import make_pair, make_peer_class, make_peer_note


@pytest.fixture
def ben(classroom):
    return classroom.classmate(given_name="Ben", family_name="Castellanos")


@pytest.fixture
def switched_on(classroom):
    return make_peer_class(classroom.section)


@pytest.fixture
def pair(classroom, ben, switched_on):
    """Ben is asked to help the learner, who asked for it."""
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer")
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0])
    return make_pair(ben, classroom.learner, classroom.section, classroom.standards[0], made_by=classroom.teacher)
