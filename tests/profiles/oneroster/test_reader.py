import datetime

import pytest

from profiles.oneroster.package import Options, PackageRefused
from profiles.oneroster.reader import read_roster
from tests.profiles.oneroster.packages import V1P1, V1P2, changed, without, zipped


def read(files, **options):
    return read_roster(zipped(files), options=Options(**options))


def places(roster):
    return [(p.code, p.place, p.value) for p in roster.blocking]


@pytest.mark.parametrize("files", [V1P1, V1P2], ids=["1.1", "1.2"])
def test_valid_package_has_no_problem(files):
    roster = read(files)
    assert (roster.problems, roster.version) == ([], "1.1" if files is V1P1 else "1.2")
    assert {name: len(rows) for name, rows in roster.rows.items() if name != "roles"} == {
        "academicSessions": 2,
        "classes": 1,
        "courses": 1,
        "orgs": 2,
        "users": 4,
        "enrollments": 3,
    }


def test_cells_become_typed_values_and_passwords_are_dropped():
    roster = read(V1P1)
    ana, keanu = roster["users"][1], roster["users"][2]
    assert (ana.name, ana.line, ana["enabledUser"], ana["agentSourcedIds"]) == ("Ana Ruiz", 3, True, ("u4",))
    assert (keanu["email"], keanu["agentSourcedIds"], keanu["grades"]) == (None, (), ("05",))
    assert roster["academicSessions"][0]["startDate"] == datetime.date(2026, 8, 24)
    assert "secret-word" not in repr(roster)


def test_folder_and_zip_and_zip_with_a_folder_inside_read_the_same(tmp_path):
    for name, text in V1P1.items():
        (tmp_path / name).write_text(text)
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "package.zip").write_bytes(zipped(V1P1))
    from_folder = read_roster(tmp_path)
    assert from_folder == read_roster(zipped(V1P1, folder="export/")) == read_roster(tmp_path / "package.zip")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_package_in_other_encodings_with_semicolons_reads_the_same(encoding):
    files = changed(V1P1, "users.csv", "Keanu,Ioane", "Zoë,Ioane")
    plain = read(files)
    written = {name: text.replace(",", ";").replace("\n", "\r").encode(encoding) for name, text in files.items()}
    assert read_roster(zipped(written)).rows == plain.rows


def test_status_decides_who_stays():
    files = changed(V1P1, "users.csv", "u3,,,", "u3,toBeDeleted,2026-10-01,")
    files = changed(files, "users.csv", "u1,,,", "u1,Active,,")
    roster = read(files)
    assert [row.status for row in roster["users"]] == ["active", "active", "tobedeleted", "active"]
    assert [row.status for row in roster["enrollments"]] == ["active", "active", "tobedeleted"]
    assert [(p.code, p.place) for p in roster.problems] == [("dangling_gone", "enrollments.csv:4 userSourcedId")]
    assert places(read(changed(V1P1, "users.csv", "u3,,,", "u3,gone,,"))) == [("status", "users.csv:4 status", "gone")]


def test_date_with_slashes_is_refused_unless_its_order_was_named():
    files = changed(V1P1, "academicSessions.csv", "2026-08-24,2027-06-11", "8/24/2026,6/11/2027")
    assert places(read(files)) == [
        ("slashed_date", "academicSessions.csv:2 startDate", "8/24/2026"),
        ("slashed_date", "academicSessions.csv:2 endDate", "6/11/2027"),
    ]
    year = read(files, date_order="mdy")["academicSessions"][0]
    assert (year["startDate"], year["endDate"]) == (datetime.date(2026, 8, 24), datetime.date(2027, 6, 11))


def test_impossible_date_says_why_and_suggests():
    files = changed(V1P1, "enrollments.csv", "2026-12-18", "2026-28-02")
    [problem] = read(files).blocking
    assert problem.why == "There is no month 28. Day and month look swapped."
    assert problem.suggestion == "2026-02-28"


def test_repair_and_leaving_out_settle_lines():
    files = changed(V1P1, "users.csv", "u3,,,true,s1", "u3,,,maybe,s9")
    assert places(read(files)) == [("boolean", "users.csv:4 enabledUser", "maybe")]
    repaired = read(files, repairs={("users.csv", 4, "enabledUser"): "true", ("users.csv", 4, "orgSourcedIds"): "s1"})
    assert (repaired.problems, len(repaired["users"])) == ([], 4)
    left = read(files, left_out=frozenset({("users.csv", 4)}))
    assert left.problems == []
    assert (len(left["users"]), len(left["enrollments"]), left.left_out) == (3, 2, 2)


def test_refused_line_does_not_make_lines_that_name_it_bad():
    roster = read(changed(V1P1, "users.csv", "u3,,,true", "u3,,,maybe"))
    assert len(roster.blocking) == 1
    assert roster.refused["users.csv", 4]["givenName"] == "Keanu"
    assert "password" not in roster.refused["users.csv", 4]


def test_reference_to_a_row_that_is_not_there():
    files = changed(V1P1, "enrollments.csv", "e2,,,k1", "e2,,,zz")
    [problem] = read(files).blocking
    assert (problem.code, problem.place, problem.value) == ("dangling", "enrollments.csv:3 classSourcedId", "zz")
    files = changed(V1P1, "classes.csv", "k1,,,", "5-MAPLE-MATH,,,")
    files = changed(files, "enrollments.csv", ",k1,", ",5-MAPEL-MATH,")
    problem = read(files).blocking[0]
    assert (problem.code, problem.suggestion) == ("dangling_close", "5-MAPLE-MATH")


def test_reference_that_can_be_spared_is_dropped_in_1_1_and_refused_in_1_2():
    spare = lambda files: changed(files, "users.csv", "u4,05", '"u4,u9",05')
    roster = read(spare(V1P1))
    assert [(p.code, p.place, p.value, p.blocking) for p in roster.problems] == [
        ("dangling_spare", "users.csv:3 agentSourcedIds", "u9", False)
    ]
    assert roster["users"][1]["agentSourcedIds"] == ("u4",)
    assert places(read(spare(V1P2))) == [("dangling", "users.csv:3 agentSourcedIds", "u9")]


def test_same_id_twice_names_the_first():
    files = changed(V1P1, "users.csv", "u3,,,", "u2,,,")
    [problem] = [p for p in read(files).blocking if p.file == "users.csv"]
    assert (problem.place, problem.who) == ("users.csv:4 sourcedId", "Keanu Ioane")
    assert problem.why == "This belongs to Ana Ruiz, line 3. Two people cannot share it."
    files = changed(
        V1P1, "classes.csv", "k1,,,5 Maple", "k1,,,5 Oak Math,05,c1,5OM,scheduled,12,s1,t1,,,\nk1,,,5 Maple"
    )
    assert places(read(files)) == [("id_twice", "classes.csv:3 sourcedId", "k1")]


def test_person_twice_in_a_class_at_the_same_time():
    line = "e2,,,k1,s1,u2,student,false,2026-08-24,\n"
    again = line.replace("e2", "e9").replace("2026-08-24", "2026-10-01")
    assert places(read(changed(V1P1, "enrollments.csv", line, line + again))) == [
        ("enrolled_twice", "enrollments.csv:4 userSourcedId", "u2")
    ]
    apart = line.replace("24,", "24,2026-09-30")
    assert read(changed(V1P1, "enrollments.csv", line, apart + again)).problems == []


def test_line_with_too_few_or_too_many_cells():
    files = changed(V1P1, "orgs.csv", "Maple School", "Maple, the School")
    assert places(read(files))[0] == ("cells", "orgs.csv:3", "")
    assert read(files).blocking[0].why == "The line has 8 cells where the heading has 7."


def test_end_before_start():
    files = changed(V1P1, "academicSessions.csv", "2026-08-24,2026-12-18", "2026-12-18,2026-08-24")
    assert places(read(files)) == [("ends_before_start", "academicSessions.csv:3 endDate", "2026-08-24")]


def test_columns_of_1_1_may_stand_in_any_order_and_vendors_may_add_some():
    lines = ["name,type,ext_colour,sourcedId,metadata.boarding", "Maple School,School,red,s1,FALSE"]
    files = changed(V1P1, "courses.csv", ",s1,", ",s1,") | {"orgs.csv": "\n".join(lines)}
    roster = read(files)
    assert roster.blocking == []
    [org] = roster["orgs"]
    assert (org.values["type"], org.extra) == ("school", {"ext_colour": "red", "metadata.boarding": "FALSE"})
    assert [p.value for p in roster.problems if p.code == "own_columns"] == ["ext_colour, metadata.boarding"]


def test_columns_of_1_2_stand_in_order_unless_read_by_name():
    lines = V1P2["orgs.csv"].splitlines()
    swapped = [",".join([cells[1], cells[0], *cells[2:]]) for cells in (line.split(",") for line in lines)]
    files = V1P2 | {"orgs.csv": "\n".join(swapped)}
    assert [(p.code, p.place) for p in read(files).blocking] == [("column_order", "orgs.csv:1 status")]
    assert read(files, by_name=True).problems == []


def test_enumerations_differ_in_case_in_1_1_only():
    shout = lambda files: changed(files, "classes.csv", ",scheduled,", ",Scheduled,")
    assert read(shout(V1P1))["classes"][0]["classType"] == "scheduled"
    [problem] = read(shout(V1P2)).blocking
    assert (problem.code, problem.suggestion) == ("enum", "scheduled")


def test_version_without_a_manifest_is_told_from_the_headings():
    for files, version in ((V1P1, "1.1"), (V1P2, "1.2")):
        roster = read(without(files, "manifest.csv"))
        assert (roster.version, [p.code for p in roster.problems]) == (version, ["no_manifest"])


def test_manifest_that_disagrees_with_the_files():
    assert places(read(without(V1P1, "courses.csv"))) == [("file_missing", "manifest.csv:6 file.courses", "bulk")]
    files = changed(V1P1, "manifest.csv", "file.courses,bulk", "file.courses,absent")
    assert places(read(files)) == [("file_unexpected", "courses.csv file.courses", "absent")]
    assert read(files, left_out=frozenset({("courses.csv", 0)})).blocking == []


@pytest.mark.parametrize("written", ["v1.1", "1.1.0", "v1p1", "1.1.1"])
def test_version_may_be_written_in_other_ways(written):
    files = changed(V1P1, "manifest.csv", "oneroster.version,1.1", f"oneroster.version,{written}")
    read = read_roster(zipped(files))
    assert (read.version, read.blocking) == ("1.1", [])


def test_manifest_that_names_files_and_says_nothing_of_them():
    spare = changed(V1P1, "manifest.csv", "file.demographics,absent", "file.demographics,\nfile.results,")
    assert read_roster(zipped(spare)).problems == []
    unsaid = read_roster(zipped(changed(V1P1, "manifest.csv", "file.users,bulk", "file.users,")))
    assert [(p.code, p.file, p.line, p.field) for p in unsaid.blocking] == [
        ("unknown_mode", "manifest.csv", 8, "file.users")
    ]


def test_days_with_midnight_behind_them_and_yes_and_no_in_1_1_only():
    start = "2026-08-24,\ne2"
    for day in ("2026-08-24T00:00:00.000Z", "2026-08-24 00:00:00", "2026-08-24T00:00:00-05:00"):
        read = read_roster(zipped(changed(V1P1, "enrollments.csv", start, start.replace("2026-08-24", day))))
        assert (read.blocking, read["enrollments"][0]["beginDate"]) == ([], datetime.date(2026, 8, 24))
    asked = read_roster(zipped(changed(V1P1, "enrollments.csv", start, "8/24/2026 12:00:00 AM,\ne2")))
    assert [(p.code, p.line) for p in asked.blocking] == [("slashed_date", 2)]
    later = read_roster(zipped(changed(V1P1, "enrollments.csv", start, "2026-08-24T05:00:00Z,\ne2")))
    assert [(p.code, p.line) for p in later.blocking] == [("not_a_date", 2)], "which day that is, is a guess"
    strict = read_roster(zipped(changed(V1P2, "enrollments.csv", start, "2026-08-24T00:00:00Z,\ne2")))
    assert [(p.code, p.line) for p in strict.blocking] == [("not_a_date", 2)]
    read = read_roster(zipped(changed(V1P1, "users.csv", "u3,,,true", "u3,,,No")))
    assert (read.blocking, read["users"][2]["enabledUser"]) == ([], False)


def test_manifest_with_a_misspelt_property_is_told():
    files = changed(V1P1, "manifest.csv", "file.demographics", "fiel.demographics")
    assert [(p.code, p.place, p.blocking) for p in read(files).problems] == [
        ("unknown_property", "manifest.csv:10 fiel.demographics", False)
    ]


def test_person_without_a_role_in_1_2():
    files = changed(V1P2, "roles.csv", "r3,,,u3,primary,student,2026-08-24,,s1,\n", "")
    assert places(read(files)) == [("no_role", "users.csv:4 sourcedId", "u3")]


def test_demographics_are_checked_and_not_stored():
    files = changed(V1P1, "manifest.csv", "file.demographics,absent", "file.demographics,bulk")
    files |= {"demographics.csv": "sourcedId,status,dateLastModified,birthDate,sex\nu2,,,2016-28-02,female\n"}
    assert places(read(files)) == [("no_such_month", "demographics.csv:2 birthDate", "2016-28-02")]
    files = changed(files, "demographics.csv", "28-02", "02-28")
    assert [(p.code, p.blocking) for p in read(files).problems] == [("checked_only", False)]


REFUSED = {
    "unknown_version": changed(V1P1, "manifest.csv", "oneroster.version,1.1", "oneroster.version,1.0"),
    "manifest_heading": changed(V1P1, "manifest.csv", "propertyName", "PropertyName"),
    "manifest_missing": {"notes.txt": "nothing here"},
    "json": {"users.json": '{"users": []}'},
    "school_data_sync": {"classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\n"},
    "not_text": {"manifest.csv": b"\x81\x8d"},
}


@pytest.mark.parametrize("code", REFUSED)
def test_package_that_cannot_be_read_is_refused(code):
    with pytest.raises(PackageRefused) as refused:
        read(REFUSED[code])
    assert refused.value.problem.code == code
    assert str(refused.value) == f"{refused.value.problem.why} {refused.value.problem.fix}"
