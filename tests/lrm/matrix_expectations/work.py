"""Work that is handed in, and projects."""

from uuid import uuid4

from tests.lrm.matrix_expectations.people import (
    ABROAD,
    LEARNER_AND_TEACHERS,
    LEARNER_CIRCLE,
    LEARNER_SELF,
    LEARNER_TEACHERS,
    LEARNERS,
    TEACHERS,
)
from tests.lrm.matrix_rows import GET, POST, Objects, Row, at, page


def project(o: Objects) -> dict:
    words = {"kind": "project", "title": "A clock", "what": "I build it"}
    return {**words, "uuid": str(uuid4()), "standards": [o["standard"].pk], "version": 1}


ROWS: dict[str, Row] = {
    # Work that is handed in
    "my_work": page(GET, who=LEARNERS, scoped=False),  # only leads to the own list
    "learner_work": at(LEARNER_CIRCLE, GET, pk="learner"),
    "hand_in": at(LEARNER_AND_TEACHERS, GET, POST, pk="learner"),
    "work": at(LEARNER_CIRCLE, GET, pk="artifact"),
    "work (a draft)": at(LEARNER_SELF, GET, pk="work_draft"),
    "work_file": at(LEARNER_CIRCLE, GET, pk="artifact"),
    "work_preview": at(LEARNER_CIRCLE, GET, pk="artifact"),
    "work_edit": at(LEARNER_SELF, GET, POST, pk="artifact", data=lambda o: {"text": "Mine", "version": 1}, foreign=()),
    "work_put_away": at(LEARNER_SELF, POST, pk="artifact"),
    "work_reply": at(
        LEARNER_TEACHERS, POST, pk="artifact", data=lambda o: {"text": "Seen.", "uuid": str(uuid4())}, foreign=()
    ),
    "observed_file": at(
        LEARNER_TEACHERS,
        POST,
        pk="learner",
        data=lambda o: {"uuid": str(uuid4()), "standard": o["standard"].pk},
        foreign=ABROAD,
    ),
    # Projects
    "projects": page(GET, who=LEARNERS | TEACHERS),
    "learner_projects": at(LEARNER_CIRCLE, GET, pk="learner"),
    "project_new": page(GET, POST, who=LEARNERS, data=project, foreign=ABROAD),
    "project": at(LEARNER_CIRCLE, GET, pk="project"),
    "project_edit": at(LEARNER_SELF, GET, POST, pk="project", data=project, foreign=ABROAD),
    "project (a draft)": at(LEARNER_SELF, GET, pk="project_draft"),
    "project_step": at(LEARNER_SELF, POST, pk="project", step="project_step"),
    "project_time": at(LEARNER_SELF, POST, pk="project"),
    "project_time_out": at(LEARNER_SELF, POST, pk="project", time="project_time"),
    "project_time_confirm": at(LEARNER_TEACHERS, POST, pk="project", time="project_time"),
    "project_end": at(LEARNER_SELF, POST, pk="project"),
    "project_put_away": at(LEARNER_SELF, POST, pk="project"),
    "project_decide": at(LEARNER_TEACHERS, POST, pk="project", data=lambda o: {"do": "agree"}, foreign=()),
}
