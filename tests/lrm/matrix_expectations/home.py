"""Today, Home, and the pages of one learner."""

from uuid import uuid4

from tests.lrm.matrix_expectations.people import (
    ADMINS,
    LEARNER_AND_FAMILY,
    LEARNER_AND_TEACHERS,
    LEARNER_CIRCLE,
    LEARNER_SELF,
    LEARNERS,
    LOOK_READERS,
    NOTE_STAFF,
    SCHOOL_ADMINISTRATORS,
    SIGNED_IN,
    TEACHERS,
    WITHOUT_RIGHTS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


def no_news(o: Objects) -> dict:
    return {"act": str(uuid4())}


def off_the_week(o: Objects) -> dict:
    return {"act": "off", "item": o["week_item"].pk}


ROWS: dict[str, Row] = {
    # Today
    "today": page(GET, who=TEACHERS),
    "today_put_off": page(
        POST, who=TEACHERS, data=lambda o: {"key": "goal:1"}, foreign=()
    ),  # hides a line of one's own
    "today_take_back": page(POST, who=TEACHERS, scoped=False),  # only with ?key= is there anything to take back
    "show_rise": page(
        GET, POST, who=LEARNERS, data=lambda o: {"words": "Look"}, foreign=(), standard_pk=lambda o: o["standard"].pk
    ),
    "show_rise_take_back": at(LEARNER_SELF, POST, pk="shown_at_home"),
    "shown_at_home": at(LEARNER_AND_FAMILY, GET, pk="learner"),
    "today_beside": page(GET, who=TEACHERS),
    "today_done": page(GET, who=TEACHERS),
    "news": page(GET, POST, who=TEACHERS, data=no_news, foreign=()),
    "news_undo": page(POST, who=TEACHERS, data=no_news, foreign=()),
    # Home, learners, profiles
    "home": page(GET, who=SIGNED_IN | WITHOUT_RIGHTS, scoped=False),  # staff are only led on
    "me": page(GET, who=LEARNERS, scoped=False),  # only leads to the own page
    "my_view": page(
        GET, POST, who=LEARNERS, data=lambda o: {f"rate.{o['standard'].pk}": "3"}, foreign=()
    ),  # always oneself
    "screen_name": page(
        GET, POST, who=LEARNERS, data=lambda o: {"animal": "otter", "place": "river"}, foreign=()
    ),  # always oneself
    "learner": at(LEARNER_CIRCLE, GET, pk="learner"),
    "learner_family": at(NOTE_STAFF, GET, POST, pk="learner"),
    "guardian_change": at(SCHOOL_ADMINISTRATORS, POST, pk="guardianship", data=lambda o: {"act": "mail"}, foreign=()),
    "families": page(GET, POST, who=ADMINS),
    "who_looked": at(LOOK_READERS, GET, pk="learner"),
    "learner_week": at(LEARNER_CIRCLE, GET, also={POST: LEARNER_SELF}, pk="learner", data=off_the_week),
    "binder": at(LEARNER_CIRCLE, GET, pk="learner"),
    "binder_zip": at(LEARNER_CIRCLE, GET, pk="learner"),
    "profile": at(LEARNER_CIRCLE, GET, also={POST: LEARNER_AND_TEACHERS}, pk="learner"),
    "entry_edit": at(LEARNER_AND_TEACHERS, GET, POST, pk="entry"),
    "entry_put_away": at(LEARNER_AND_TEACHERS, POST, pk="entry"),
}
