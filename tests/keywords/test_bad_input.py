"""Every input that cannot be used is refused by our own error, in one line that names it."""

import gzip
import io
import time
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeyseo.errors import FormatError, InputError, JourneyseoError
from journeyseo.keywords import read_keywords

ROWS = "Top queries,Clicks\n" + "".join(f"kettle number {i},{i * 7919 % 1000}\n" for i in range(400))


def archive(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def damage(data, start, bytes_=b"\xff" * 40):
    return data[:start] + bytes_ + data[start + len(bytes_) :]


def locked():
    data = archive({"Queries.csv": ROWS})
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data = damage(data, data.find(signature) + offset, b"\x01\x00")
    return data


def rewritten(data, entry, content):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return archive({name: content if name == entry else file.read(name) for name in file.namelist()})


BOOK = workbook([["Top queries", "Clicks"], *[[f"kettle {i}", i] for i in range(400)]])
PACKED = gzip.compress(ROWS.encode())

REFUSED = {
    "empty": ("a.csv", b"", "The file is empty"),
    "blanks": ("a.csv", b" \r\n\t\n  \n", "The file is empty"),
    "mark alone": ("a.csv", b"\xef\xbb\xbf\r\n", "The file is empty"),
    "blanks, packed": ("a.csv.gz", gzip.compress(b"\n \n"), "The file is empty"),
    "PNG": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(40), "it looks like a PNG image file"),
    "PDF": ("a.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "it looks like a PDF file"),
    "ELF": ("a.xlsx", b"\x7fELF\x02\x01\x01" + bytes(40), "it looks like a program file"),
    "SQLite": ("a.csv", b"SQLite format 3\x00" + bytes(40), "it looks like a SQLite database file"),
    "noise": ("a.csv", bytes(range(1, 32)) * 20, "it looks like a binary file"),
    "HTML": ("a.csv", b"\n<!DOCTYPE html>\n<html><body>Log in</body></html>", "The file is a web page"),
    "HTML without a type": (
        "a.xls",
        b"<html><table><tr><td>query</td></tr></table>",
        "The file is a web page",
    ),
    "HTML behind a comment": (
        "a.csv",
        b"<!-- saved -->\n<!-- twice --><html lang='en'>",
        "The file is a web page",
    ),
    "XHTML": (
        "a.xls",
        b'<?xml version="1.0"?>\n<!-- x --><html xmlns="x"><body>',
        "The file is a web page",
    ),
    "table of a page": (
        "a.xls",
        b"<table border=1><tr><td>query</td></tr></table>",
        "The file is a web page",
    ),
    "archive of pictures": (
        "a.zip",
        archive({"logo.png": b"x", "__MACOSX/._a.csv": b"x"}),
        "The archive holds no tables (seen: logo.png, __MACOSX/._a.csv)",
    ),
    "archive of an empty file": ("a.zip", archive({"b.csv": " \n"}), "a.zip:b.csv: The file is empty"),
    "archive of another method": (
        "a.zip",
        archive({"b.csv": ROWS}, zipfile.ZIP_BZIP2),
        "packed in a way that is not read",
    ),
    "open quote": ("a.csv", b'query,volume\n"red,10\nblue,20\n', "Line 2 cannot be split into cells"),
    "long line": ("a.csv", b"x" * 10_000_000, "Line 1 cannot be split into cells"),
    "long line below": ("a.csv", b"query,volume\nred,1\n" + b"y" * 10_000_000, "Line 3 cannot be split"),
    "old workbook": (
        "a.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "The workbook cannot be read",
    ),
    "cut JSON": ("a.json", b'{"rows": [{"keys": ["red', "The JSON does not parse"),
    "deep JSON": ("a.json", b"[" * 100_000, "The JSON does not parse"),
    "cut Parquet file": ("a.parquet", b"PAR1" + bytes(40) + b"PAR1", "The Parquet file is damaged"),
    "cut archive": ("a.zip", archive({"Queries.csv": ROWS})[:900], "The archive is damaged"),
    "locked archive": ("a.zip", locked(), "The archive has a password"),
    "cut gzip": ("a.csv.gz", PACKED[: len(PACKED) // 2], "The gzip file is damaged"),
    "wrong sum in gzip": ("a.csv.gz", PACKED[:-8] + bytes(8), "The gzip file is damaged"),
    "cut workbook": ("a.xlsx", BOOK[: len(BOOK) // 2], "The archive is damaged"),
    "broken sheet": (
        "a.xlsx",
        rewritten(BOOK, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c r="),
        "The workbook cannot be read",
    ),
    "damaged sheet": (
        "a.xlsx",
        damage(BOOK, BOOK.find(b"xl/worksheets/sheet1.xml") + 60),
        "The workbook cannot",
    ),
    "bomb": ("a.zip", archive({"Queries.csv": b"0" * 20_000_000}), "Unpacked it would hold 20,000,000 bytes"),
    "bomb in gzip": ("a.csv.gz", gzip.compress(b"0" * 12_000_000), "Unpacked it would hold"),
    "bomb in a workbook": (
        "a.xlsx",
        rewritten(BOOK, "xl/worksheets/sheet1.xml", b" " * 20_000_000),
        "Unpacked it would hold",
    ),
}


def refused(source, kind=InputError, **options):
    with pytest.raises(InputError) as caught:
        read_keywords(source, language="en", **options)
    assert type(caught.value) is kind
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 1000
    return text


@pytest.mark.parametrize("case", REFUSED)
def test_file_that_is_no_table(case, tmp_path):
    name, data, message = REFUSED[case]
    path = tmp_path / name
    path.write_bytes(data)
    start = time.perf_counter()
    text = refused(path, FormatError if case == "archive of pictures" else InputError)

    assert message in text
    assert name.removesuffix(".gz") in text
    assert time.perf_counter() - start < 10


DAMAGED = {
    "wrong sum of an entry": archive({"Queries.csv": ROWS}, zipfile.ZIP_STORED).replace(
        b"number 7,", b"number 8,", 1
    ),
    "damaged entry": damage(archive({"Queries.csv": ROWS}), 200),
    "damaged gzip": damage(PACKED, 10, b"\x07"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_content(case, tmp_path):
    path = tmp_path / "broken.zip"
    path.write_bytes(DAMAGED[case])

    assert "broken.zip" in refused(path)


@pytest.mark.parametrize("text", ["", " \r\n \r\n"])
def test_empty_wide_text(text, tmp_path):
    path = tmp_path / "stats.csv"
    path.write_bytes(("\ufeff" + text).encode("utf-16-le"))

    assert "The file is empty" in refused(path)


def test_header_alone(tmp_path):
    path = tmp_path / "stats.csv"
    path.write_bytes(b"# made today\nquery,volume\n")

    text = refused(path, FormatError)
    assert text.startswith(f"{path}: The file has a header (row 2) and no queries below it.")


def test_header_over_rows_without_a_query(tmp_path):
    path = tmp_path / "stats.csv"
    path.write_bytes(b"query,volume\n,10\n(not set),20\n")

    assert "no queries below it; 2 rows were dropped" in refused(path, FormatError)


def test_no_column_of_queries(tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_bytes(b"Colour;Size\nred;10\n")
    text = refused(path, FormatError)

    assert text.startswith(f"{path}: No column of queries was found")
    assert "Colour | Size" in text
    for expected in ("keyword", "top queries", "关键词", "關鍵字", "--query-column"):
        assert expected in text


def test_newline_in_a_header_stays_out_of_the_message(tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_bytes(b'"Main\ncolour",Size\nred,10\n')

    assert "Main colour | Size" in refused(path, FormatError)


def test_archive_without_queries_names_its_entries(tmp_path):
    path = tmp_path / "site.zip"
    path.write_bytes(
        archive({"Pages.csv": "Top pages,Clicks\nhttps://a.uk/,1\n", "Filters.csv": "Filter,Value\n"})
    )
    text = refused(path, FormatError)

    assert "Pages.csv: Top pages | Clicks; Filters.csv: Filter | Value" in text


def test_column_that_is_not_there(tmp_path):
    path = tmp_path / "sizes.csv"
    path.write_bytes(b"query,volume\nred,10\n")
    text = refused(path, FormatError, query_column="phrase of the user")

    assert text.startswith(f"{path}: There is no column 'phrase of the user'.")
    assert "query | volume" in text


def test_wrong_encoding(tmp_path):
    path = tmp_path / "stats.csv"
    path.write_bytes("关键词,搜索量\n登山鞋,10\n".encode("gb18030"))

    assert "stats.csv: The file is not utf-8: byte 0 does not fit." in refused(path, encoding="utf-8")
    assert "stats.csv: There is no encoding 'utf-99'." in refused(path, encoding="utf-99")


@pytest.mark.parametrize("as_text", [True, False])
def test_missing_file(as_text, tmp_path):
    path = tmp_path / "gone.csv"

    assert refused(str(path) if as_text else path).startswith(f"{path}: There is no such file.")


def test_missing_file_without_a_known_ending():
    assert refused("no such thing").startswith("no such thing: There is no such file.")


def test_folder_without_exports(tmp_path):
    assert refused(tmp_path, FormatError).startswith(f"{tmp_path}: The folder holds no keyword exports")
    (tmp_path / "pages.csv").write_bytes(b"Top pages,Clicks\nhttps://a.uk/,1\n")

    assert "pages.csv: No column of queries was found" in refused(tmp_path, FormatError)


def test_folder_with_a_damaged_export(tmp_path):
    (tmp_path / "good.csv").write_bytes(b"query\nred\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "bad.csv.gz").write_bytes(PACKED[:50])

    assert "bad.csv.gz: The gzip file is damaged" in refused(tmp_path)


def test_files_and_queries_mixed(tmp_path):
    path = tmp_path / "stats.csv"
    path.write_bytes(b"query\nred\n")

    assert refused([path, "blue kettle"]).startswith("Files and queries are mixed: 'blue kettle' is no file.")


def test_one_bad_file_of_several_is_named(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(b"query\nred\n")
    bad.write_bytes(b"")

    assert "bad.csv" in refused([good, bad])


def test_nothing():
    assert "No queries and no files" in refused([])
    assert "data frame" in refused(pd.DataFrame({"size": [1]}), FormatError)
    assert "No queries were given" in refused(pd.DataFrame({"query": []}))
    assert "No queries were given" in refused(["", "  "])


@given(
    st.binary(max_size=400),
    st.sampled_from(["a.csv", "a.txt", "a.xlsx", "a.zip", "a.csv.gz", "a.json", "a.parquet"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_give_rows_or_our_error(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    try:
        frame = read_keywords(path, language="en")
    except JourneyseoError as caught:
        error = caught
    else:
        error = None
        assert len(frame) > 0
    assert error is None or name.removesuffix(".gz") in str(error)
