"""Web archives, built by hand."""

from __future__ import annotations

import gzip
import zlib

import pytest

from journeyseo.errors import FormatError
from journeyseo.pages import read_pages
from journeyseo.pages.warc import is_warc, read_warc

A = "https://example.com/a"
HTML = "<html lang=en><title>Heat pumps</title><p>A heat pump moves warmth into the house, in winter too.</p>"


def _answer(body: bytes = HTML.encode(), status: str = "200 OK", version: str = "HTTP/1.1", **headers: str):
    head = {
        "Content-Type": "text/html; charset=utf-8",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    lines = [f"{version} {status}", *(f"{k}: {v}" for k, v in head.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _record(url: str = A, content: bytes | None = None, kind: str = "response", **fields: str) -> bytes:
    content = _answer() if content is None else content
    own = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2026-01-02T03:04:05Z"}
    own |= {"Content-Length": str(len(content))} | {k.replace("_", "-"): v for k, v in fields.items()}
    head = "\r\n".join(["WARC/1.1", *(f"{k}: {v}" for k, v in own.items())])
    return head.encode() + b"\r\n\r\n" + content + b"\r\n\r\n"


def _archive(folder, *records: bytes, packed: bool = True):
    path = folder / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(b"".join(gzip.compress(r) if packed else r for r in records))
    return path


def _reasons(report) -> list[str]:
    return [d.reason for d in report.dropped]


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_is_a_source_of_pages(tmp_path, packed):
    info = _record("", b"software: x", "warcinfo")
    asked = _record(A, b"GET /a HTTP/1.1\r\n\r\n", "request")
    path = _archive(tmp_path, info, asked, _record(), _record("https://example.com/b"), packed=packed)
    table = read_pages(path)
    assert table["url"].tolist() == [A, "https://example.com/b"]
    assert table[["title", "status", "source"]].iloc[0].tolist() == ["Heat pumps", 200, path.name]
    report = table.attrs["reports"][0]
    assert (report.format, report.rows_read, report.rows_kept) == ("warc", 2, 2)
    assert "request 1, warcinfo 1" in report.notes[0]


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (_answer(b"", "301 Moved", Location="/b"), "response", "redirect: moved to https://example.com/b"),
        (_answer(b"", "302 Found", Location="mailto:x@y"), "response", "redirect: It redirects to"),
        (_answer(status="404 Not Found"), "response", "status: 404"),
        (_answer(b"\x89PNG", Content_Type="image/png"), "response", "not_html: image/png"),
        (_answer(b"%PDF-1.7\n" + HTML.encode()), "response", "not_html: PDF"),
        (_answer(b" "), "response", "empty: nothing to read in it"),
        (_answer(), "revisit", "revisit: the same as a capture kept elsewhere"),
        (_answer(b"\x0b\x02\x80", Content_Encoding="br"), "response", "decode: packed as br"),
        (
            _answer(b"\x00\x01\x02", Content_Encoding="gzip"),
            "response",
            "decode: the packed answer is damaged",
        ),
        (b"nonsense", "response", "protocol: the answer is no HTTP"),
        (b"", "response", "protocol: the answer is no HTTP"),
    ],
)
def test_a_record_without_a_page_is_listed_with_its_reason(tmp_path, content, kind, reason):
    skipped = "https://example.com/skipped"
    rows, report = read_warc(_archive(tmp_path, _record(skipped, content, kind), _record()))
    assert [row["url"] for row in rows] == [A]
    assert report.dropped[0].reason.startswith(reason)
    assert report.dropped[0].text == skipped
    assert (report.rows_read, report.rows_kept) == (2, 1)


def _chunked(body: bytes) -> bytes:
    parts = (body[:20], body[20:])
    return b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "content",
    [
        _answer(_chunked(HTML.encode()), Transfer_Encoding="chunked"),
        _answer(Transfer_Encoding="chunked"),
        _answer(gzip.compress(HTML.encode()), Content_Encoding="gzip"),
        _answer(_chunked(gzip.compress(HTML.encode())), Content_Encoding="gzip", Transfer_Encoding="chunked"),
        _answer(zlib.compress(HTML.encode()), Content_Encoding="deflate"),
        _answer(zlib.compress(HTML.encode(), wbits=-15), Content_Encoding="deflate"),
        _answer(Content_Encoding="br"),
        _answer(Content_Length="7"),
        _answer(version="HTTP/2", status="200"),
    ],
    ids=["chunked", "chunks gone", "gzip", "both", "zlib", "bare", "unpacked", "other length", "http2"],
)
def test_answers_are_unpacked_by_their_bytes(tmp_path, content):
    rows, _ = read_warc(_archive(tmp_path, _record(A, content)))
    assert rows[0]["title"] == "Heat pumps"
    assert "moves warmth into the house, in winter" in rows[0]["text"]


def test_the_charset_is_found_as_for_fetched_pages(tmp_path):
    page = "<title>熱泵的價格</title><p>空氣源熱泵從室外的空氣吸收熱量。</p>".encode("big5")
    said = _record(A, _answer(page, Content_Type="text/html; charset=big5"))
    found = _record("https://example.com/b", _answer(page, Content_Type="text/html"))
    table = read_pages(_archive(tmp_path, said, found))
    assert table["title"].tolist() == ["熱泵的價格"] * 2
    assert table["language"].tolist() == ["zh-Hant"] * 2


def test_pages_beyond_the_bound_are_skipped_packed_or_not(tmp_path):
    big = HTML.encode() + b"x" * 200_000
    path = _archive(
        tmp_path,
        _record("https://example.com/big", _answer(big)),
        _record("https://example.com/bomb", _answer(gzip.compress(big), Content_Encoding="gzip")),
        _record(),
    )
    rows, report = read_warc(path, max_bytes=100_000)
    assert [row["url"] for row in rows] == [A]
    assert [r.partition(":")[0] for r in _reasons(report)] == ["too_large", "too_large"]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("lost", [30, 100, 200])
def test_of_an_archive_that_breaks_off_what_was_read_is_kept(tmp_path, packed, lost):
    path = _archive(tmp_path, _record(), _record("https://example.com/b"), packed=packed)
    whole = path.read_bytes()
    path.write_bytes(whole[:-lost])
    rows, report = read_warc(path)
    assert [row["url"] for row in rows] == [A]
    assert report.notes[-1].endswith("what was read before is kept")


def test_damage_between_records_is_told(tmp_path):
    path = _archive(tmp_path, _record(), b"rubbish\r\n", _record("https://example.com/b"), packed=False)
    rows, report = read_warc(path)
    assert len(rows) == 1
    assert report.notes == ("the archive is damaged after 1 records; what was read before is kept",)


@pytest.mark.parametrize("length", ["", "many", "-5"])
def test_a_record_of_no_known_length_ends_the_reading(tmp_path, length):
    path = _archive(tmp_path, _record(), _record(Content_Length=length), packed=False)
    rows, report = read_warc(path)
    assert len(rows) == 1
    assert "record 2" in report.notes[0]


def test_of_several_captures_the_newest_is_taken(tmp_path):
    new = _answer(HTML.replace("Heat pumps", "New").encode())
    old = _record(WARC_Date="2020-01-01T00:00:00Z")
    path = _archive(tmp_path, _record(), _record(A, new, WARC_Date="2026-05-01T00:00:00Z"), old)
    rows, report = read_warc(path)
    assert [row["title"] for row in rows] == ["New"]
    assert _reasons(report) == ["older: a newer capture is taken"] * 2
    assert (report.rows_read, report.rows_kept) == (3, 1)


def test_other_protocols_and_cut_off_pages_are_told(tmp_path):
    name = _record("dns:example.com", b"20260101 example.com. 300 IN A 192.0.2.1")
    path = _archive(tmp_path, name, _record(f"<{A}>", WARC_Truncated="length"))
    rows, report = read_warc(path)
    assert [row["url"] for row in rows] == [A]
    assert report.notes[0].endswith("dns 1")
    assert report.notes[1] == "1 pages were cut off by the crawler that kept them"


def test_rules_for_robots_in_the_header_count(tmp_path):
    rows, _ = read_warc(_archive(tmp_path, _record(A, _answer(X_Robots_Tag="noindex"))))
    assert rows[0]["indexable"] is False


def test_an_archive_without_answers_is_an_error(tmp_path):
    path = _archive(tmp_path, _record("", b"software: x", "warcinfo"))
    with pytest.raises(FormatError, match="holds no answer of a server") as caught:
        read_pages(path)
    assert caught.value.where == str(path)


def test_an_archive_of_skipped_records_says_why(tmp_path):
    with pytest.raises(FormatError, match="status: 404"):
        read_pages(_archive(tmp_path, _record(A, _answer(status="404 Gone"))))


def test_only_archives_are_taken_for_one(tmp_path):
    plain = tmp_path / "p.csv"
    plain.write_text("url,title\nhttps://example.com/a,T\n")
    packed = tmp_path / "p.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    damaged = tmp_path / "x.gz"
    damaged.write_bytes(b"\x1f\x8b\x08rubbish")
    assert not any(map(is_warc, (plain, packed, damaged, tmp_path / "none")))
    assert read_pages(packed)["url"].tolist() == [A]
