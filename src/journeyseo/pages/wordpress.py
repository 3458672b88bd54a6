"""A WordPress export (WXR): the published posts and pages in it."""

from __future__ import annotations

from typing import Any

from journeyseo.languages import language_tag
from journeyseo.pages.address import normal_url
from journeyseo.pages.dates import iso_date
from journeyseo.pages.fragment import plain, read_fragment
from journeyseo.pages.markup import child_text, elements, title_of, xml_report
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.formats import Format

_WP, _CONTENT, _EXCERPT = "wordpress.org/export/", "/content/", "/excerpt/"
_TYPES = ("post", "page")
# Where the plug-ins for search engines keep the description; a template in it has percent signs.
_DESCRIPTIONS = ("_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description")
_COLUMNS = {
    "url": "link", "title": "title", "text": "content:encoded", "description": "excerpt:encoded",
    "lastmod": "wp:post_modified", "language": "language",
}  # fmt: skip


def read_wordpress(
    data: bytes, name: str, where: str, form: Format
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    """Return a row for each published post and page, and the report.

    Args:
        data: The export.
        name: Its name in reports.
        where: Its name in errors.
        form: Its format.

    Raises:
        FormatError: Nothing in it can be read.
    """
    rows: list[dict[str, Any]] = []
    dropped: list[Dropped] = []
    notes: list[str] = []
    for item in elements(data, where, ("item",), notes):
        url = normal_url(child_text(item, "link"))
        if refused := _refused(item, url):
            shown = title_of(child_text(item, "title")) or url
            dropped.append(Dropped(name, item.sourceline, refused, shown[:60]))
        else:
            rows.append(_row(item, url) | {"source": name})
    return rows, [xml_report(name, form, _COLUMNS, len(rows), dropped, notes)]


def _refused(item: Any, url: str) -> str:
    """Return why an item is no page that readers see; empty where it is one."""
    kind = child_text(item, "post_type", _WP).strip()
    status = child_text(item, "status", _WP).strip().lower()
    if kind not in _TYPES:
        return f"not a post or page ({kind[:30] or 'no type'})"
    if status != "publish":
        return f"not published ({status[:30] or 'no status'})"
    if child_text(item, "post_password", _WP).strip():
        return "needs a password"
    return "" if url else "no address"


def _row(item: Any, url: str) -> dict[str, Any]:
    plugins = _meta(item)
    given = (plugins.get(key, "").strip() for key in _DESCRIPTIONS)
    about = next((text for text in given if text and "%" not in text), "")
    dates = [child_text(item, key, _WP) for key in ("post_modified", "post_date")]
    texts = {
        "title": title_of(child_text(item, "title")),
        "description": title_of(about) or plain(child_text(item, "encoded", _EXCERPT)),
        "lastmod": next(
            (day for text in (*dates, child_text(item, "pubDate")) if (day := iso_date(text))), ""
        ),
        "language": _language(item),
    }
    row: dict[str, Any] = {"url": url} | {key: text for key, text in texts.items() if text}
    hidden = plugins.get("_yoast_wpseo_meta-robots-noindex") == "1" or "noindex" in plugins.get(
        "rank_math_robots", ""
    )
    return row | read_fragment(child_text(item, "encoded", _CONTENT), url) | {"indexable": not hidden}


def _meta(item: Any) -> dict[str, str]:
    """Return what plug-ins keep with a post."""
    return {
        child_text(pair, "meta_key", _WP).strip(): child_text(pair, "meta_value", _WP)
        for pair in item.iterchildren("{*}postmeta")
    }


def _language(item: Any) -> str:
    """Return the language of a post where a plug-in says it, else that of the site."""
    own = [c.get("nicename") or "" for c in item.iterchildren("category") if c.get("domain") == "language"]
    site = child_text(item.getparent(), "language")
    return next((tag for said in (*own, site) if (tag := language_tag(said.strip()))), "")
