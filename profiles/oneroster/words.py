"""Why something in a OneRoster package stops, and what to do about it."""

from functools import partial

from lrm.problems import Words, problem
from lrm.problems import noop as _

_EXPORT = _("Correct it in the student information system and export again.")
_HERE = _("Correct the value here or in the student information system.")
WORDS: Words = {
    # The package
    "nothing": (
        _("There is no OneRoster file in it."),
        _("Choose the folder or zip with users.csv, orgs.csv and the rest."),
    ),
    "no_manifest": (
        _("There is no manifest.csv. It was read as OneRoster %(version)s, complete (bulk), judging by its headings."),
        _("Ask the sender to include manifest.csv."),
    ),
    "manifest_missing": (
        _("There is neither a manifest.csv nor any roster file."),
        _("Choose the folder or zip that the student information system exported."),
    ),
    "manifest_heading": (
        _("The first line of manifest.csv is not “propertyName,value”, so nothing in it can be relied on."),
        _EXPORT,
    ),
    "manifest_unreadable": (_("manifest.csv cannot be read: %(reason)s."), _EXPORT),
    "unknown_version": (
        _("LRM reads OneRoster 1.1 and 1.2, and this says %(version)s."),
        _("Export as OneRoster 1.1 or 1.2 CSV."),
    ),
    "unknown_property": (_("The manifest has a property that OneRoster does not know."), _("It was left aside.")),
    "unknown_mode": (_("A file is “bulk”, “delta” or “absent”."), _EXPORT),
    "file_missing": (
        _("The manifest announces this file, and it is not there."),
        _("Export again; the package is incomplete."),
    ),
    "file_unexpected": (
        _("The file is there although the manifest says that it is absent."),
        _("Leave the file out, or export again."),
    ),
    "file_unread": (
        _("The manifest says that this file is absent. It is there, and was not read."),
        _("Nothing needs to be done."),
    ),
    "unknown_file": (_("OneRoster has no file of this name."), _("Leave it out if it does not belong to the roster.")),
    "unread_file": (_("OneRoster has no file of this name; it was not read."), _("Nothing needs to be done.")),
    "school_data_sync": (
        _("This is the School Data Sync format, a relative of OneRoster with other columns and no ids on enrollments."),
        _("Export as OneRoster 1.1 or 1.2 CSV."),
    ),
    "json": (
        _("These are answers of a OneRoster web service (JSON), not the CSV package."),
        _("Export as OneRoster CSV."),
    ),
    "not_a_zip": (
        _("The file is neither a folder nor a zip that can be opened."),
        _("Choose the zip as it was exported."),
    ),
    "encrypted": (_("The zip is locked with a password."), _("Export it without a password.")),
    "unsafe_path": (
        _("The zip has an entry that points outside of it."),
        _("Do not use this file; ask where it came from."),
    ),
    "too_big": (_("Unpacked it would be larger than %(limit)s MB."), _("Export fewer schools at a time.")),
    "bomb": (
        _("It unpacks to more than %(times)s times its size, as no roster does."),
        _("Do not use this file; ask where it came from."),
    ),
    "too_many_files": (_("The zip has more than %(limit)s entries."), _("Choose the zip as it was exported.")),
    "two_folders": (_("The zip has roster files in more than one folder."), _("Choose one package at a time.")),
    "same_file": (
        _("The package has both %(one)s and %(other)s, and only one of the two can be right."),
        _("Take one of them out, or export again."),
    ),
    # One file
    "not_text": (_("The file is not text."), _("Export as CSV, not as a workbook.")),
    "stray_quote": (_("A quotation mark stands in the middle of a cell, so the cells cannot be told apart."), _EXPORT),
    "unclosed_quote": (_("A quotation mark opens here and never closes."), _EXPORT),
    "long_cell": (_("A cell is longer than any name or id can be."), _EXPORT),
    "no_heading": (_("The file is empty, without even a heading line."), _EXPORT),
    "column_missing": (_("The heading lacks what is needed to understand the lines."), _EXPORT),
    "column_twice": (_("The column stands twice in the heading."), _EXPORT),
    "column_order": (
        _("OneRoster 1.2 has “%(expected)s” in this place."),
        _("Export again, or read the columns by their names."),
    ),
    "metadata_place": (
        _("Columns of one’s own stand after all columns of the standard."),
        _("Export again, or read the columns by their names."),
    ),
    "metadata_name": (
        _("OneRoster has no such column; one’s own begin with “metadata.”."),
        _("Export again, or read the columns by their names."),
    ),
    "own_columns": (
        _("Columns that OneRoster does not know were read and not stored."),
        _("Nothing needs to be done."),
    ),
    "checked_only": (
        _("The file was checked and is not stored: LRM has no declared use for it."),
        _("Nothing needs to be done."),
    ),
    # One line
    "cells": (
        _("The line has %(found)s cells where the heading has %(expected)s."),
        _("A comma may be missing or one too many."),
    ),
    "missing": (_("The value is needed and empty."), _HERE),
    "guid": (_("An id has no spaces and at most 255 characters."), _HERE),
    "boolean": (_("This is true or false."), _HERE),
    "integer": (_("This is a whole number."), _HERE),
    "decimal": (_("This is a number."), _HERE),
    "year": (_("This is a year with four digits."), _HERE),
    "enum": (_("One of these is meant: %(values)s."), _HERE),
    "texts": (_("A list has no empty places."), _HERE),
    "scale": (_("A scale is written {A:94},{B:84}, without empty places."), _HERE),
    "status": (_("A status is active, tobedeleted or empty."), _HERE),
    "datetime": (_("A moment is written 2026-11-22T08:30:00Z."), _HERE),
    "not_a_date": (_("A date is written 2026-11-22."), _HERE),
    "far_date": (_("Nobody is at school on such a day."), _HERE),
    "slashed_date": (
        _("Which comes first, the day or the month?"),
        _("Say so for the whole file, or write 2026-11-22."),
    ),
    "no_such_month": (_("There is no month %(number)s. Day and month look swapped."), _HERE),
    "no_such_day": (_("That month has no day %(number)s."), _HERE),
    "ends_before_start": (_("It ends before it starts, on %(start)s."), _HERE),
    "newer_below": (
        _("Line %(line)s says something newer about the same row; this line was not used."),
        _("Nothing needs to be done."),
    ),
    "older": (
        _("A newer change of this row, of %(when)s, is here already; the line was not used."),
        _("Nothing needs to be done."),
    ),
    "nothing_to_delete": (
        _("Nothing here has this sourcedId, so there was nothing to take away."),
        _("Nothing needs to be done."),
    ),
    "enrolled_already": (
        _("The person is in this class already, as %(key)s, and the package does not end that."),
        _("End that place first, or leave the line out."),
    ),
    "role_taken_away": (
        _("A role was taken away. LRM appoints administrators from a package and never dismisses them."),
        _("If the person administered a school or the district, end that here by hand."),
    ),
    "administrator_stays": (
        _("This person administers the district and is not in the file. The account stays: nobody is locked out."),
        _("If the person has left, end the role and the account here by hand, on the page of staff."),
    ),
    "role_without_user": (
        _("Who somebody is follows from their line in users.csv, which is not in this package."),
        _("Send the person's line in users.csv too."),
    ),
    "id_twice": (_("Line %(first)s of this file has the same sourcedId. Two rows cannot share it."), _HERE),
    "shared": (_("This belongs to %(who)s, line %(first)s. Two people cannot share it."), _HERE),
    "enrolled_twice": (
        _("Line %(first)s puts the same person in the same class on the same days."),
        _("Leave one of them out."),
    ),
    "dangling": (_("%(file)s has no row with this sourcedId."), _HERE),
    "dangling_close": (_("%(file)s has no row with this sourcedId. One is very close."), _HERE),
    "dangling_gone": (
        _("The row that it names in %(file)s is marked tobedeleted."),
        _("Leave the line out if it goes too."),
    ),
    "dangling_spare": (
        _("%(file)s has no row with this sourcedId; the line is used without it."),
        _("Nothing needs to be done."),
    ),
    "no_school": (_("This is no school that LRM knows."), _HERE),
    "no_term": (_("None of these terms is known."), _HERE),
    "own_course": (
        _("No course is known for this class; it gets one of its own with the same title."),
        _("Nothing needs to be done."),
    ),
    "no_address": (_("This is not an e-mail address, so it is not used to sign in."), _("Nothing needs to be done.")),
    "address_shared": (
        _("%(who)s, line %(first)s, has this address too; only one can sign in with it."),
        _("Nothing needs to be done."),
    ),
    "address_taken": (
        _("Another account signs in with this address already, so it is not used here."),
        _("Nothing needs to be done."),
    ),
    "other_role": (
        _("The person is something else in users.csv or roles.csv, and that decides what they may see."),
        _("Correct one of the two."),
    ),
    "no_class_role": (
        _("Administrators see classes through their school; the line was not used."),
        _("Nothing needs to be done."),
    ),
    "no_role": (
        _("roles.csv has no role for this person, so LRM cannot tell what they may do."),
        _("Add a role, or leave out."),
    ),
}
roster_problem = partial(problem, WORDS)
