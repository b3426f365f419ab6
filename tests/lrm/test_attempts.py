"""What the clock does: a district, a plan, an account or a step that fails stops none of the others."""

import pytest
from structlog.testing import capture_logs

from assessments import tasks as assessment_tasks
from assessments.services import calibrating, kept_counts, telling
from lrm import mail_files
from lrm import tasks as lrm_tasks
from lrm.attempts import NotAllDone, attempts
from lrm.jobs import running
from lrm.scope import current_district_id
from paths import tasks as path_tasks
from paths.services import check_in_keeping
from paths.services.talks import digest
from profiles import tasks as profile_tasks
from profiles.services import access_log_months, blocks, kept_answers, nights, rolling_over, uploads, webhook_sending
from profiles.services.roster_import import undoing
from tests.factories.profiles import make_district


def try_five(done):
    with attempts("not_settled") as attempt:
        for plan in range(1, 6):
            with attempt(plan=plan):
                if plan % 2 == 0:
                    raise ZeroDivisionError
                done.append(plan)


def test_all_are_tried_and_what_failed_is_named():
    done = []
    with capture_logs() as logs, pytest.raises(NotAllDone, match=r"^plan 2, plan 4: see not_settled in the log\.$"):
        try_five(done)
    assert done == [1, 3, 5]
    assert [(each["event"], each["plan"], each["exc_info"]) for each in logs] == [
        ("not_settled", 2, True),
        ("not_settled", 4, True),
    ]


@pytest.mark.parametrize(
    ("task", "module", "name"),
    [
        (assessment_tasks.forget_kept_counts, kept_counts, "forget"),
        (assessment_tasks.calibrate_nightly, calibrating, "calibrate_due"),
        (assessment_tasks.tend_blocks, blocks, "let_strays_go"),
        (assessment_tasks.tend_blocks, rolling_over, "settle_due"),
        (assessment_tasks.tell_ended_groups, telling, "tell_of_ended"),
        (path_tasks.send_digests, digest, "send_due"),
        (path_tasks.keep_check_ins, check_in_keeping, "keep_due"),
    ],
)
@pytest.mark.django_db
def test_district_that_fails_stops_no_other(monkeypatch, task, module, name):
    broken, *others = [make_district().pk for _each in range(3)]
    reached = []

    def do(*args, **kwargs):
        reached.append(current_district_id())
        if reached[-1] == broken:
            raise ZeroDivisionError

    monkeypatch.setattr(module, name, do)
    with pytest.raises(NotAllDone, match=f"^district {broken}: see "):
        task()
    assert reached == [broken, *others]


@pytest.mark.django_db
def test_blocks_that_cannot_be_tended_do_not_keep_the_new_year_from_beginning(monkeypatch):
    here, begun = make_district().pk, []

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(blocks, "let_strays_go", fail)
    monkeypatch.setattr(rolling_over, "settle_due", lambda pk, *, on: begun.append(pk))
    with pytest.raises(NotAllDone):
        assessment_tasks.tend_blocks()
    assert begun == [here]


STEPS = [
    (
        profile_tasks.keep_to_time,
        [(access_log_months, "make_ahead"), (nights, "work_off"), (profile_tasks, "note_for_backups")],
    ),
    (profile_tasks.forget_undo_rows, [(uploads, "forget_old"), (undoing, "forget_old")]),
    (profile_tasks.forget_api_rests, [(kept_answers, "forget_old_answers"), (webhook_sending, "forget_old")]),
    (lrm_tasks.forget_jobs, [(running, "forget_old"), (mail_files, "forget_old")]),
]


@pytest.mark.parametrize(("task", "steps"), STEPS)
def test_step_that_fails_stops_no_other(monkeypatch, task, steps):
    for broken in range(len(steps)):
        reached = []

        def do(number, broken=broken, reached=reached):
            reached.append(number)
            if number == broken:
                raise ZeroDivisionError

        with monkeypatch.context() as patch:
            for number, (module, name) in enumerate(steps):
                patch.setattr(module, name, lambda number=number, do=do: do(number))
            with pytest.raises(NotAllDone, match=r"^step "):
                task()
        assert reached == list(range(len(steps)))
