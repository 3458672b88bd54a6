"""docs/formats.md names every vendor and every layout that is declared, and no other.

    python -m tests.keywords.test_formats_page

writes the table of layouts anew.
"""

from pathlib import Path

import pytest

from journeyseo.sheets.formats import formats

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"
BEGIN, END = "here -->\n", "<!-- end of layouts -->"


def told_by(form):
    """Return in words what a header must have for a layout."""
    parts = [f"`{name}`" for name in form.has]
    if form.any_of:
        some = [f"`{name}`" for name in form.any_of[:3]]
        parts.append(" or ".join(some) + (" …" if len(form.any_of) > 3 else ""))
    parts += [f"`{start}…`" for start in form.starts] + [f"`…{end}`" for end in form.ends]
    parts += [f"a name like `{shape}`" for shape in form.shapes]
    if form.pairs:
        parts.append(f"two columns for each of {', '.join(form.pairs)}")
    if form.titles:
        parts.append(f"no header; sections {', '.join(f'`{title}`' for title in form.titles)}")
    if form.root:
        parts.append(f"XML that begins with `{form.root}`")
    return ", ".join(parts).replace("|", "\\|")


def layouts():
    """Return the table of all declared layouts."""
    lines = ["| vendor | report | told by | |", "| --- | --- | --- | --- |"]
    for kind, what in (("vendors", "queries"), ("pages", "pages")):
        for form in formats(kind):
            read = "refused" if form.refuse else what
            lines.append(f"| {form.vendor} | {form.report} | {told_by(form)} | {read} |")
    return "\n".join(lines) + "\n"


def test_page_lists_every_layout():
    page = PAGE.read_text(encoding="utf-8")

    assert page.partition(BEGIN)[2].partition(END)[0] == layouts(), (
        "run: python -m tests.keywords.test_formats_page"
    )


@pytest.mark.parametrize("vendor", sorted({form.vendor for form in formats("vendors")}))
def test_page_says_how_to_export(vendor):
    page = PAGE.read_text(encoding="utf-8")
    steps = page.partition("| tool | how to export |")[2].partition("\n\n")[0]

    assert f"| {vendor} | " in steps


@pytest.mark.parametrize("vendor", sorted({form.vendor for form in formats("pages")}))
def test_page_says_how_to_export_pages(vendor):
    pages = PAGE.read_text(encoding="utf-8").partition("## Pages")[2]

    assert vendor.replace("Google Search", "Search") in pages


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    above, below = text.partition(BEGIN)[0], text.partition(END)[2]
    PAGE.write_text(above + BEGIN + layouts() + END + below, encoding="utf-8")
