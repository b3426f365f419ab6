import pytest

from lrm.csvfiles import Undecodable, read_table

PLAIN = "name,note\nAna,one\nBéa,two\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_table_reads_the_same_in_every_encoding_and_line_end(encoding, line_end):
    table = read_table(PLAIN.replace("\n", line_end).encode(encoding))
    assert table.heading == ["name", "note"]
    assert table.rows == [(2, ["Ana", "one"]), (3, ["Béa", "two"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_table_recognises_its_delimiter(delimiter):
    table = read_table(PLAIN.replace(",", delimiter).encode())
    assert (table.delimiter, table.rows[0]) == (delimiter, (2, ["Ana", "one"]))


def test_delimiter_inside_quotes_does_not_count():
    assert read_table(b'"a;b;c",d\n1,2\n').heading == ["a;b;c", "d"]


def test_line_numbers_count_lines_of_the_file_not_records():
    table = read_table(b'a,b\n"two\nlines",1\n\n  ,\n3,4')
    assert table.rows == [(2, ["two\nlines", "1"]), (6, ["3", "4"])]


def test_doubled_quotes_are_one_quote():
    assert read_table(b'a\n"say ""hi"""\n').rows == [(2, ['say "hi"'])]


def test_stray_quote_is_told_with_its_line_and_the_rest_is_read():
    table = read_table(b'a,b\n1,bad"quote\n"x"y,2\n3,4\n')
    assert table.broken == {2: "stray_quote", 3: "stray_quote"}
    assert table.rows == [(4, ["3", "4"])]


def test_quote_that_never_closes_is_told_where_it_opens():
    table = read_table(b'a,b\n1,2\n3,"open\n5,6\n')
    assert (table.broken, table.rows) == ({3: "unclosed_quote"}, [(2, ["1", "2"])])


def test_cell_beyond_all_measure_is_told_with_its_line():
    assert read_table(b"a\n" + b"x" * 200_000 + b"\n").broken == {2: "long_cell"}


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n \r\n"])
def test_empty_file_has_no_heading(data):
    assert read_table(data).heading == []


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\x00\x00\x00", b"a,b\n\x81\x8d"])
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(Undecodable):
        read_table(data)
