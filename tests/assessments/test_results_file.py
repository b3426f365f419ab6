from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Evidence, ResultNote, StaleMark
from assessments.results_csv.reader import read_results
from assessments.services.results_file import ResultsFileRefused, import_results, plan_results
from lrm.scope import district_scope
from profiles.models import Upload
from profiles.tasks import forget_undo_rows
from tests.budgets import assert_statements, statements
from tests.factories.profiles import enroll, make_learner, make_roster, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() - timedelta(days=3)
HEADING = "learner,standard,assessment,date,score,possible,level,kind,excused,item,attempt,comment\n"


@pytest.fixture
def section():
    section = make_section(make_roster())
    with district_scope(section.district_id):
        yield section


@pytest.fixture
def ana(section):
    ana = make_learner(section.roster.school, key="40017", account=True)
    enroll(ana, section.roster)
    return ana


@pytest.fixture
def standard(section):
    return make_standard(make_framework(section.district), code="5.NF.1")


def file_of(*lines):
    return read_results((HEADING + "\n".join(lines)).encode())


def load(section, *lines, by=None):
    return import_results(file_of(*lines), section=section, by=by)


def line(learner="40017", standard="5.NF.1", title="Exit ticket", day=DAY, rest="7,10,,,,,,"):
    return f"{learner},{standard},{title},{day},{rest}"


def problems(section, *lines):
    return [(p.code, p.line, p.field, p.value) for p in plan_results(file_of(*lines), section=section).file.blocking]


def test_results_are_stored_with_their_assessment(section, ana, standard):
    load(section, line(rest="7,10,,summative,,,,Show your work"), line(title="Talk", rest=",,3,,,,,"))
    quiz, talk = Assessment.objects.order_by("title")
    assert (quiz.title, quiz.kind, quiz.given_on, quiz.points_possible) == ("Exit ticket", "summative", DAY, 10)
    assert (talk.scale, talk.points_possible) == ("levels", None)
    rows = Evidence.objects.order_by("assessment__title").values_list(
        "learner", "standard", "points", "possible", "source"
    )
    assert list(rows) == [
        (ana.pk, standard.pk, Decimal(7), Decimal(10), "file"),
        (ana.pk, standard.pk, Decimal(3), None, "file"),
    ]
    assert ResultNote.objects.get().text == "Show your work"
    assert set(StaleMark.objects.values_list("learner_id", "lane")) == {(ana.pk, StaleMark.Lane.BULK)}


def test_same_file_again_stores_nothing(section, ana, standard):
    lines = [line(rest="7,10,,,,,,Good"), line(title="Talk", rest=",,3,,,,,"), line(title="Quiz", rest=",,,,yes,,,")]
    load(section, *lines)
    plan = load(section, *lines)
    assert (plan.count("new"), plan.count("same")) == (0, 3)
    assert (Evidence.objects.count(), Assessment.objects.count(), ResultNote.objects.count()) == (3, 3, 1)


def test_learner_is_found_by_key_address_and_uuid(section, ana, standard):
    ana.account.email = "Ana@lakeside.example"
    ana.account.save()
    load(
        section,
        line(title="A"),
        line(learner="ana@LAKESIDE.example", title="B"),
        line(learner=str(ana.uuid).upper(), title="C"),
    )
    assert set(Evidence.objects.values_list("learner_id", flat=True)) == {ana.pk}
    assert Evidence.objects.count() == 3


def test_standard_is_found_by_code_in_any_case_and_by_uuid(section, ana, standard):
    load(section, line(standard="5.nf.1", title="A"), line(standard=str(standard.uuid), title="B"))
    assert list(Evidence.objects.values_list("standard_id", flat=True)) == [standard.pk, standard.pk]


def test_zero_is_a_result_and_excused_is_none(section, ana, standard):
    load(section, line(title="A", rest="0,10,,,,,,"), line(title="B", rest=",,,,yes,,,"))
    assert list(Evidence.objects.order_by("assessment__title").values_list("kind", "points")) == [
        ("result", Decimal(0)),
        ("excused", None),
    ]


def test_time_of_day_orders_results_and_a_day_alone_is_noon(section, ana, standard):
    load(section, line(title="A", day=f"{DAY}T09:05"), line(title="B"))
    at = dict(Evidence.objects.values_list("assessment__title", "observed_at"))
    assert at == {
        "A": datetime(DAY.year, DAY.month, DAY.day, 9, 5, tzinfo=UTC),
        "B": datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC),
    }


def test_items_and_tries_of_one_assessment_are_kept_apart(section, ana, standard):
    load(section, line(rest="1,1,,,,q1,,"), line(rest="0,1,,,,q2,,"), line(rest="1,1,,,,q2,2,"))
    rows = list(Evidence.objects.values_list("item", "attempt"))
    assert (len(set(rows)), Assessment.objects.count()) == (3, 1)


def test_standard_that_comes_later_joins_the_assessment(section, ana, standard):
    make_standard(standard.framework, code="5.NF.2")
    load(section, line())
    load(section, line(), line(standard="5.NF.2"))
    [assessment] = Assessment.objects.all()
    assert [column.standard.code for column in assessment.columns.all()] == ["5.NF.1", "5.NF.2"]


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ({"learner": "stranger"}, ("nobody", 2, "learner", "stranger")),
        ({"standard": "9.X"}, ("no_standard", 2, "standard", "9.X")),
        ({"day": "2099-01-05"}, ("in_future", 2, "observed", "2099-01-05")),
        ({"rest": ",,5,,,,,"}, ("level_over", 2, "level", "5")),
    ],
)
def test_line_is_refused_with_column_and_value_and_nothing_is_stored(section, ana, standard, made, found):
    wrong, right = line(**made), line(title="Fine")
    assert problems(section, wrong, right) == [found]
    with pytest.raises(ResultsFileRefused):
        load(section, wrong, right)
    assert (Evidence.objects.count(), Assessment.objects.count()) == (0, 0)


def test_learner_of_another_class_is_nobody_here(section, ana, standard):
    make_learner(section.roster.school, key="50000")
    assert problems(section, line(learner="50000")) == [("nobody", 2, "learner", "50000")]


def test_learner_who_had_left_by_then_is_refused(section, ana, standard):
    gone = make_learner(section.roster.school, key="50000")
    enroll(gone, section.roster, ends_on=DAY - timedelta(days=10))
    assert problems(section, line(learner="50000")) == [("not_then", 2, "observed", str(DAY))]
    assert problems(section, line(learner="50000", day=DAY - timedelta(days=11))) == []


def test_code_of_two_frameworks_asks_which_unless_the_class_teaches_one(section, ana, standard):
    other = make_standard(make_framework(section.district, title="Other"), code="5.NF.1")
    assert problems(section, line()) == [("many_standards", 2, "standard", "5.NF.1")]
    load(section, line(standard=str(other.uuid)))  # now it is a column of the wall
    load(section, line(title="Next"))
    assert set(Evidence.objects.values_list("standard_id", flat=True)) == {other.pk}


def test_one_assessment_has_one_scale(section, ana, standard):
    ben = make_learner(section.roster.school, key="40018")
    enroll(ben, section.roster)
    assert problems(section, line(), line(learner="40018", rest="3,5,,,,,,")) == [("scales_differ", 3, "possible", "5")]
    load(section, line())
    assert problems(section, line(learner="40018", rest=",,3,,,,,")) == [("scale_stands", 2, "level", "3")]


def test_result_that_stands_otherwise_is_left_to_the_grid(section, ana, standard):
    load(section, line())
    [problem] = plan_results(file_of(line(rest="8,10,,,,,,")), section=section).file.blocking
    assert (problem.code, problem.params["recorded"], problem.who) == ("recorded_differently", "7", ana.name)


def test_one_cell_by_two_names_is_told(section, ana, standard):
    assert problems(section, line(), line(learner=str(ana.uuid))) == [("twice", 3, "learner", str(ana.uuid))]


def test_statements_do_not_grow_with_lines(section, ana, standard):
    learners = [make_learner(section.roster.school, key=f"K{n}") for n in range(40)]
    for learner in learners:
        enroll(learner, section.roster)
    with assert_statements(at_most=30) as few:
        load(section, line(learner="K0", title="A"))
    with assert_statements(at_most=30) as many:
        load(section, *[line(learner=f"K{n}", title="B") for n in range(40)])
    assert len(statements(few)) == len(statements(many))


# The page


def send(client, section, *lines):
    file = SimpleUploadedFile("results.csv", (HEADING + "\n".join(lines)).encode())
    address = reverse("section_results_import", args=[section.pk])
    return client.post(address, {"file": file, "default_kind": "formative", "date_order": ""})


@pytest.fixture
def teacher(client, section):
    teacher = make_teacher(section.roster)
    client.force_login(teacher)
    return teacher


def test_page_shows_then_stores(client, section, ana, standard, teacher):
    check = send(client, section, line()).url
    page = client.get(check)
    assert (page.context["new"], page.context["same"]) == (1, 0)
    assert Evidence.objects.count() == 0
    assert "1 result was stored." in client.post(check + "apply/", follow=True).text
    assert Evidence.objects.get().recorded_by == teacher
    assert Upload.objects.get().data is None


def test_page_names_lines_that_stop_the_file(client, section, ana, standard, teacher):
    check = send(client, section, line(), line(learner="stranger", title="B")).url
    page = client.get(check)
    for text in ("line 3", "stranger", "No student of this class has this id or address."):
        assert text in page.text
    assert "Nothing was stored." in client.post(check + "apply/", follow=True).text
    assert Evidence.objects.count() == 0
    assert '"3","stranger"' in client.get(check + "refused.csv").text.replace("3,stranger", '"3","stranger"')


def test_page_asks_for_the_order_of_dates(client, section, ana, standard, teacher):
    check = send(client, section, line(day=f"{DAY.month}/{DAY.day}/{DAY.year}")).url
    assert "Which comes first?" in client.get(check).text
    client.post(check + "discard/", {"date_order": "mdy"})
    assert client.get(check).context["new"] == 1


def test_file_of_one_class_does_not_open_in_another(client, section, ana, standard, teacher):
    check = send(client, section, line()).url
    other = make_section(make_roster(section.roster.school))
    enroll(teacher, other.roster)
    assert client.get(check.replace(f"/{section.pk}/", f"/{other.pk}/", 1)).status_code == 404
    client.force_login(make_teacher(make_roster(section.roster.school)))
    assert client.get(check).status_code == 404
    assert client.post(check + "apply/").status_code == 404
    assert send(client, section, line()).status_code == 404


def test_file_that_does_not_wait_any_more_says_why_in_its_place(client, section, ana, standard, teacher):
    check = send(client, section, line()).url
    client.post(check + "apply/")
    assert "The file was stored already." in client.post(check + "apply/", follow=True).text
    assert Evidence.objects.count() == 1
    check = send(client, section, line(title="Talk")).url
    Upload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    forget_undo_rows()
    for answer in (client.get(check, follow=True), client.post(check + "apply/", follow=True)):
        assert answer.redirect_chain[-1][0] == reverse("section_results_import", args=[section.pk])
        assert "The file is not kept any more: a day is over" in answer.text
    assert Evidence.objects.count() == 1


# The command


def test_command_imports_and_again_says_no_change(section, ana, standard, tmp_path, capsys):
    path = tmp_path / "results.csv"
    path.write_text(HEADING + line())
    run = lambda *words: call_command("import_results", str(path), "--section", section.key, *words)
    run("--dry-run")
    assert Evidence.objects.count() == 0
    run()
    run()
    said = capsys.readouterr().out
    assert "1 new, 0 same, 1 assessments (1 new), 1 learners, 1 standards\nImported.\n" in said
    assert said.endswith("0 new, 1 same, 1 assessments (0 new), 1 learners, 1 standards\nNo change.\n")
    path.write_text(HEADING + line(learner="stranger"))
    with pytest.raises(CommandError, match="correct the lines marked !"):
        run()
    assert "! line 2 learner 'stranger'" in capsys.readouterr().out
