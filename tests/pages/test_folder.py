"""A folder of HTML files."""

from __future__ import annotations

import pytest

from journeyseo.errors import FormatError
from journeyseo.pages.folder import read_folder
from journeyseo.results import Dropped

BASE = "https://example.com"


def _silent(items, _):
    return items


def _write(folder, name: str, body: str = "", head: str = "") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = body or f"<p>Some words about {name} and heat pumps.</p>"
    path.write_text(f"<html lang=en><head><title>{name}</title>{head}</head><body>{text}", encoding="utf-8")


def _urls(folder, base_url=None) -> dict[str, str]:
    return {row["source"]: row["url"] for row in read_folder(folder, base_url, _silent)[0]}


def test_paths_become_addresses_below_the_base(tmp_path):
    for name in ("index.html", "a/index.html", "a/b.html", "old/index.htm", "c.htm", "d.xhtml", "E.HTML"):
        _write(tmp_path, name)
    assert _urls(tmp_path, f"{BASE}/") == {
        "index.html": f"{BASE}/",
        "a/index.html": f"{BASE}/a/",
        "a/b.html": f"{BASE}/a/b.html",
        "old/index.htm": f"{BASE}/old/",
        "c.htm": f"{BASE}/c.htm",
        "d.xhtml": f"{BASE}/d.xhtml",
        "E.HTML": f"{BASE}/E.HTML",
    }


def test_base_with_a_path_and_without_a_slash(tmp_path):
    _write(tmp_path, "a/index.html")
    assert _urls(tmp_path, f"{BASE}/shop") == {"a/index.html": f"{BASE}/shop/a/"}


def test_without_base_the_path_is_the_address(tmp_path):
    _write(tmp_path, "index.html")
    _write(tmp_path, "a/b.html")
    assert _urls(tmp_path) == {"index.html": "/", "a/b.html": "/a/b.html"}


def test_canonical_is_the_address_where_there_is_no_base(tmp_path):
    _write(tmp_path, "a.html", head=f'<link rel="canonical" href="{BASE}/real#top">')
    assert _urls(tmp_path) == {"a.html": f"{BASE}/real"}


def test_canonical_is_the_address_also_with_a_base(tmp_path):
    _write(tmp_path, "a.html", head='<link rel="canonical" href="/real">')
    rows, _ = read_folder(tmp_path, BASE, _silent)
    assert rows[0]["url"] == f"{BASE}/real"
    assert rows[0]["indexable"]


def test_only_a_whole_name_is_an_index(tmp_path):
    _write(tmp_path, "myindex.html")
    assert _urls(tmp_path, BASE) == {"myindex.html": f"{BASE}/myindex.html"}


def test_signs_of_file_names_are_escaped(tmp_path):
    _write(tmp_path, "a#b.html")
    _write(tmp_path, "50%25.html")
    assert _urls(tmp_path, BASE) == {"a#b.html": f"{BASE}/a%23b.html", "50%25.html": f"{BASE}/50%2525.html"}


def test_signs_that_stand_in_a_path_and_bytes_that_are_no_text(tmp_path):
    _write(tmp_path, "a (b)+c.html")
    (tmp_path / "\udcff.html").write_text("<p>Some words about pumps.")
    assert _urls(tmp_path) == {"a (b)+c.html": "/a%20(b)+c.html", "\udcff.html": "/%FF.html"}


def test_rows_come_in_the_order_of_paths_and_hold_the_content(tmp_path):
    _write(tmp_path, "b.html", "<h1>Bee</h1><p>All about bees and their houses.</p>")
    _write(tmp_path, "a/z.html")
    rows, dropped = read_folder(tmp_path, BASE, _silent)
    assert [row["source"] for row in rows] == ["a/z.html", "b.html"]
    assert (rows[1]["title"], rows[1]["h1"], rows[1]["status"]) == ("b.html", "Bee", 200)
    assert dropped == []


def test_links_are_resolved_against_the_address(tmp_path):
    _write(tmp_path, "a/b.html", '<p>Words <a href="c.html">c</a> <a href="/d">d</a></p>')
    rows, _ = read_folder(tmp_path, BASE, _silent)
    assert rows[0]["outlinks"].split("\n") == [f"{BASE}/a/c.html", f"{BASE}/d"]


def test_other_files_and_folders_are_left_alone(tmp_path):
    _write(tmp_path, "a.html")
    (tmp_path / "style.css").write_text("p {}")
    (tmp_path / "folder.html").mkdir()
    assert list(_urls(tmp_path)) == ["a.html"]


def test_a_file_with_nothing_in_it_is_dropped_with_its_reason(tmp_path):
    _write(tmp_path, "a.html")
    (tmp_path / "empty.html").write_bytes(b" \n")
    rows, dropped = read_folder(tmp_path, BASE, _silent)
    assert [row["source"] for row in rows] == ["a.html"]
    assert dropped == [Dropped("empty.html", None, "nothing to read in it")]


def test_a_file_that_is_too_large_is_dropped_unread(tmp_path):
    _write(tmp_path, "a.html")
    for name, size in (("big.html", 10_000_001), ("null.html", 0)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    _, dropped = read_folder(tmp_path, BASE, _silent)
    assert dropped == [
        Dropped("big.html", None, "larger than 10 MB"),
        Dropped("null.html", None, "nothing to read in it"),
    ]


def test_no_html_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(FormatError, match="holds no HTML files") as caught:
        read_folder(tmp_path, None, _silent)
    assert caught.value.where == str(tmp_path)
    assert ".xhtml" in caught.value.hint


def test_progress_wraps_all_files(tmp_path):
    for name in ("a.html", "b.html"):
        _write(tmp_path, name)
    seen = []

    def progress(items, label):
        seen.append((len(items), label))
        return items

    read_folder(tmp_path, None, progress)
    assert seen == [(2, "Reading pages")]


def test_files_that_are_no_html_are_dropped_and_stray_zero_bytes_are_not_content(tmp_path):
    _write(tmp_path, "good.html", body="<p>Copper\x00 kettles, hand made.</p>")
    (tmp_path / "image.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (tmp_path / "zeros.html").write_bytes(b"\x00\x01\x02<p>kettle" * 60)
    (tmp_path / "wide.html").write_bytes("<title>Wide</title><p>Words of a page.</p>".encode("utf-16-le"))
    rows, dropped = read_folder(tmp_path, BASE, _silent)
    assert [(row["source"], row["title"]) for row in rows] == [
        ("good.html", "good.html"),
        ("wide.html", "Wide"),
    ]
    assert rows[0]["text"].strip() == "Copper kettles, hand made."
    assert dropped == [
        Dropped("image.html", None, "not_html: PNG image"),
        Dropped("zeros.html", None, "not_html: binary"),
    ]
