"""Files that are broken, polluted or made to harm: a right result or a clear refusal, in bounded memory."""

import gzip
import io
import resource
import subprocess
import sys
import zipfile
import zlib

import openpyxl
import pandas as pd
import pytest
from tests.keywords.exports import book

from journeyseo.errors import InputError
from journeyseo.keywords import read_keywords

HEADER = "Keyword,Volume,Clicks\n"
ROWS = "".join(f"kettle {i},{i}0,{i}\n" for i in range(1, 21))
WHOLE = (HEADER + ROWS).encode()


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def merged_cells(rows, *ranges):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for some in ranges:
        workbook.active.merge_cells(some)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def sheet_of_a_million_rows():
    cells = (
        '<c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="B{0}" t="inlineStr"><is><t>{2}</t></is></c>'
    )
    named = "".join(
        f'<row r="{n}">{cells.format(n, *cell)}</row>'
        for n, cell in ((1, ("Keyword", "Volume")), (2, ("red", 9)))
    )
    empty = "".join(f'<row r="{n}"><c r="A{n}"/><c r="B{n}"/></row>' for n in range(3, 1_048_577))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{named}{empty}</sheetData></worksheet>'
    )
    with zipfile.ZipFile(io.BytesIO(book({"S": [["x"]]}))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    return archive(parts | {"xl/worksheets/sheet1.xml": sheet})


def parquet():
    out = io.BytesIO()
    pd.DataFrame({"query": [f"kettle {i}" for i in range(500)], "volume": range(500)}).to_parquet(out)
    return out.getvalue()


def packed_in_itself(depth):
    data = archive({"Queries.csv": WHOLE})
    for _ in range(depth):
        data = archive({"inner.zip": data})
    return data


def bomb(size):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()


LOCKED_BOOK = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(3000)
)

READ = {
    # name: (file name, content, queries, volumes, rows dropped with their reasons)
    "another delimiter on some lines": (
        "a.csv",
        HEADER + "red,10,1\nblue;20;2\nold\t30\t3\n",
        ["red", "blue", "old"],
        [10, 20, 30],
        [],
    ),
    "quotes inside": (
        "a.csv",
        HEADER + 'a "red" pot,10,1\n12" pan,20,2\n',
        ['a "red" pot', '12" pan'],
        [10, 20],
        [],
    ),
    "more cells in some rows": (
        "a.csv",
        HEADER + "red,10,1,,\nblue,20,2,x\nold,30\n",
        ["red", "old"],
        [10, 30],
        [(3, "more cells than the header")],
    ),
    "a last column without a name": (
        "a.csv",
        "Keyword,Volume,\nred,10,x\nblue,20,y\nold,30,,z\n",
        ["red", "blue"],
        [10, 20],
        [(4, "more cells than the header")],
    ),
    "two tables": (
        "a.csv",
        "Keyword,Volume\nred,10\n\nPage,Clicks\nhttps://example.org/,5\n",
        ["red"],
        [10],
        [(4, "row of another table"), (5, "row of another table")],
    ),
    "empty columns": (
        "a.csv",
        ",,Keyword,,Volume,,\n,,red,,10,,\n,,,,,,\n",
        ["red"],
        [10],
        [(3, "blank row")],
    ),
    "line ends of three kinds": (
        "a.csv",
        "Keyword,Volume\r\nred,10\nblue,20\rold,30\r\n",
        ["red", "blue", "old"],
        [10, 20, 30],
        [],
    ),
    "a few NUL bytes": ("a.csv", HEADER + "re\x00d,10,1\nblue,2\x000,2\n", ["red", "blue"], [10, 20], []),
    "marks inside": (
        "a.csv",
        "\ufeff" + HEADER + "red,10,1\n\ufeff" + HEADER + "\ufeffblue,20,2\n",
        ["red", "blue"],
        [10, 20],
        [(3, "the header again")],
    ),
    "control characters": (
        "a.csv",
        HEADER + "\x1b[31mred\x07,10,1\nblue,20,2\n" + ROWS,
        ["[31mred", "blue", *(f"kettle {i}" for i in range(1, 21))],
        [10, 20, *range(10, 201, 10)],
        [],
    ),
    "five thousand blank lines": (
        "a.csv",
        HEADER + "red,10,1\n" + "\n" * 5000 + "blue,20,2\n",
        ["red", "blue"],
        [10, 20],
        [],
    ),
    "names twice": ("a.csv", "Keyword,Keyword,Volume,Volume\nred,x,10,7\n", ["red"], [10], []),
    "numbers without end": (
        "a.csv",
        HEADER + f"red,{'9' * 400},1\nblue,1e999,2\nold,30,3\n",
        ["red", "blue", "old"],
        [None, None, 30],
        [],
    ),
    "a number of 5,000 digits": (
        "a.json",
        '[{"query": "red", "volume": %s}, {"query": "blue", "volume": 20}]' % ("9" * 5000),
        ["red", "blue"],
        [None, 20],
        [],
    ),
    "queries like formulas": (
        "a.csv",
        HEADER + "=1+1,10,1\n@SUM(1),20,2\n-2+3,30,3\n+cmd|' /C calc'!A0,40,4\n",
        ["=1+1", "@SUM(1)", "-2+3", "+cmd|' /C calc'!A0"],
        [10, 20, 30, 40],
        [],
    ),
    "formulas that were never reckoned": (
        "a.xlsx",
        book({"S": [["Keyword", "Volume"], ["red", "=1+1"], ['=HYPERLINK("http://x")', 5], ["blue", 20]]}),
        ["red", "blue"],
        [None, 20],
        [(3, "no query")],
    ),
    "a merged title": (
        "a.xlsx",
        merged_cells([["January", None], ["Keyword", "Volume"], ["red", 10]], "A1:B1"),
        ["red"],
        [10],
        [],
    ),
    "a merged header over two": (
        "a.xlsx",
        merged_cells([["Keyword", "Volume", None], ["", "Desktop", "Mobile"], ["red", 10, 3]], "B1:C1"),
        ["red"],
        [10],
        [(2, "no query")],
    ),
    "a sheet of 1,048,576 rows": ("a.xlsx", sheet_of_a_million_rows, ["red"], [9], []),
    "an archive with odd names": (
        "a.zip",
        archive(
            {"../../etc/Queries.csv": HEADER + "red,10,1\n", "C:\\Gr\x1b+\u00e1fico.csv": "Date,Clicks\n"}
        ),
        ["red"],
        [10],
        [],
    ),
}

REFUSED = {
    "a quote never closed": ("a.csv", HEADER + ROWS + '"open,10,1\nnext,20,2\n', "it opens a quote"),
    "more cells in all rows": (
        "a.csv",
        HEADER + "red,10,1,x\nblue,20,2,y\n",
        "2 rows were dropped (more cells than the header: 2)",
    ),
    "a header alone": ("a.csv", HEADER, "no queries below it"),
    "nothing": ("a.csv", b"", "The file is empty"),
    "machine code": ("a.csv", bytes(range(1, 9)) * 400, "it looks like a binary file"),
    "mostly NUL bytes": (
        "a.csv",
        b"Keyword,Volume\n" + bytes(5000) + b"red,10\n",
        "it looks like a binary file",
    ),
    "twenty million cells in a line": (
        "a.csv",
        lambda: HEADER + "," * 20_000_000 + "\n",
        "it would have 20,000,001 cells",
    ),
    "quotes alone": ("a.csv", lambda: HEADER + '"' * 3_000_000, "cannot be split into cells"),
    "a zip bomb": ("a.zip", lambda: archive({"a.csv": bytes(30_000_000)}), "times its size"),
    "a gzip bomb": ("a.csv.gz", lambda: bomb(64 << 20), "times its size"),
    "archives in archives": ("a.zip", packed_in_itself(3), "The archive holds no tables (seen: inner.zip)"),
    "a gzip file cut off": ("a.csv.gz", gzip.compress(WHOLE)[:-20], "The gzip file is damaged"),
    "a Parquet file cut off": ("a.parquet", parquet()[:-100], "The Parquet file is damaged"),
    "a Parquet file without its middle": ("a.parquet", parquet()[:200] + parquet()[-200:], "is damaged"),
    "a workbook cut off": ("a.xlsx", book({"S": [["Keyword"], ["red"]]})[:2000], "The archive is damaged"),
    "a workbook with a password": ("a.xlsx", LOCKED_BOOK, "The workbook has a password"),
    "lists without end": (
        "a.json",
        '{"rows":' + "[" * 100_000 + "]" * 100_000 + "}",
        "The JSON does not parse",
    ),
    "records without end": (
        "a.json",
        '[{"query":' + '{"a":' * 5000 + "1" + "}" * 5001 + "]",
        "does not parse",
    ),
}


def laid(tmp_path, name, content):
    path = tmp_path / name
    content = content() if callable(content) else content
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("case", READ)
def test_read_right(case, tmp_path):
    name, content, queries, volumes, dropped = READ[case]
    frame = read_keywords(laid(tmp_path, name, content), language="en")
    reports = frame.attrs["reports"]

    assert frame["query"].tolist() == queries
    assert frame["volume"].astype(object).where(frame["volume"].notna(), None).tolist() == volumes
    assert [(d.row, d.reason) for report in reports for d in report.dropped] == dropped
    assert all(report.rows_read == report.rows_kept + len(report.dropped) for report in reports)


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_reason(case, tmp_path):
    name, content, reason = REFUSED[case]
    with pytest.raises(InputError) as caught:
        read_keywords(laid(tmp_path, name, content), language="en")

    assert reason in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("case", ["a quote never closed", "a zip bomb", "records without end"])
def test_refusal_at_the_command_line_is_no_traceback(case, tmp_path):
    name, content, reason = REFUSED[case]
    command = [sys.executable, "-m", "journeyseo", "formats", str(laid(tmp_path, name, content))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert reason in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_halves_of_characters_become_a_sign():
    frame = read_keywords(["red \ud800kettle", "blue"], language="en")

    assert frame["query"].tolist() == ["red \ufffdkettle", "blue"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of memory are those of Unix")
@pytest.mark.parametrize("quote", ["", '"'])
def test_line_of_200_million_letters_is_refused_in_bounded_memory(tmp_path, quote):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(f"{HEADER}{quote}".encode())
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b",1,1\nred,2,2\n")
    limit = 3 << 30  # the file once, the libraries, and room to look at it
    code = (
        "import sys; from journeyseo.keywords import read_keywords; read_keywords(sys.argv[1], language='en')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "InputError: long.csv: Line 2 cannot be split into cells" in done.stderr
