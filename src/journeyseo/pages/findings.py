"""What a crawl found, read from its checkpoint a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from journeyseo.pages.checkpoint import Checkpoint, unpack
from journeyseo.pages.likeness import near_pairs
from journeyseo.pages.sections import SITE_WIDE

_BATCH = 512  # pages in memory at once
_ROWS = 20_000  # rows of a plain table in memory at once
# Reasons for which a link to an address is a broken one.
_BROKEN = ("status", "dns", "network", "timeout", "deadline", "tls", "protocol", "decode", "redirect_loop")
# A sitemap that was only looked for where it usually lies need not be there.
_SHOWN = (
    "NOT (u.kind = 1 AND u.found_on IS NULL AND "
    "EXISTS (SELECT 1 FROM meta WHERE name = 'sitemaps_named' AND value = 'false'))"
)

Numbers = dict[int, dict[str, float]]


def duplicates(checkpoint: Checkpoint) -> dict[int, tuple[int, str]]:
    """Return for each page whose text an earlier one has: that page, and ``exact`` or ``near``."""
    rows = checkpoint.select("SELECT id, near FROM pages WHERE near IS NOT NULL ORDER BY id").fetchall()
    ids = np.array([row[0] for row in rows], np.int64)
    codes = np.array([row[1] + 2**63 for row in rows], np.uint64)
    found = {int(ids[a]): (int(ids[b]), "near") for a, b in near_pairs(codes).items()} if rows else {}
    exact = checkpoint.select(
        "SELECT id, first FROM (SELECT id, min(id) OVER (PARTITION BY exact) AS first FROM pages "
        "WHERE exact <> '') WHERE id <> first"
    )
    return found | {page: (first, "exact") for page, first in exact}


def page_batches(checkpoint: Checkpoint, numbers: Numbers) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of the pages that were read, in the order found; ``parts`` are their staged sections.

    Args:
        checkpoint: The crawl.
        numbers: What other tools say of a page, by its number.
    """
    twins = duplicates(checkpoint)
    common = _common_parts(checkpoint)
    last = 0
    while batch := checkpoint.select(
        "SELECT p.id, p.row, p.stage, p.javascript, p.rendered, p.refused, "
        "u.url, u.depth, u.listed, u.lastmod, f.url, "
        "(SELECT count(*) FROM links l WHERE l.target = p.id AND l.source <> p.id) "
        "FROM pages p JOIN urls u ON u.id = p.id LEFT JOIN urls f ON f.id = u.found_on "
        "WHERE p.id > ? ORDER BY p.id LIMIT ?",
        (last, _BATCH),
    ).fetchall():
        rows = []
        for page, packed, stage, javascript, rendered, refused, *way in batch:
            url, depth, listed, lastmod, found_on, inlinks = way
            twin, kind = twins.get(page, (0, None))
            rows.append(
                unpack(packed)
                | _stage(stage, common)
                | numbers.get(page, {})
                | {
                    "url": url, "source": url, "lastmod": lastmod, "depth": depth, "found_on": found_on,
                    "in_sitemap": bool(listed), "inlinks": inlinks, "duplicate_of": _url_of(checkpoint, twin),
                    "duplicate": kind, "needs_javascript": bool(javascript),
                    "rendered": rendered or None, "refused": refused or None,
                }
            )  # fmt: skip
        last = batch[-1][0]
        yield rows


def section_batches(checkpoint: Checkpoint) -> Iterator[list[dict[str, Any]]]:
    """Yield the staged sections of the pages that were read; see `page_batches`."""
    common = _common_parts(checkpoint)
    cursor = checkpoint.select(
        "SELECT u.url, p.stage FROM pages p JOIN urls u ON u.id = p.id WHERE p.stage NOT NULL ORDER BY p.id"
    )
    while pages := cursor.fetchmany(_BATCH):
        yield [part | {"url": url} for url, stage in pages for part in _stage(stage, common)["parts"]]


def _common_parts(checkpoint: Checkpoint) -> frozenset[str]:
    """Return the keys of the sections that are the whole site's."""
    found = checkpoint.select(
        # Not named key: so json_each names the place of a part.
        "SELECT json_extract(part.value, '$.key') AS known FROM pages p, json_each(p.stage, '$.parts') part "
        "GROUP BY known HAVING count(DISTINCT p.id) >= ?",
        (SITE_WIDE,),
    )
    return frozenset(key for (key,) in found)


def _stage(stage: str | None, common: frozenset[str]) -> dict[str, Any]:
    """Return the stage columns of a page as they were stored, and its own staged sections."""
    found: dict[str, Any] = json.loads(stage) if stage else {}
    return found | {"parts": [part for part in found.get("parts", ()) if part["key"] not in common]}


def skipped_batches(checkpoint: Checkpoint, limit: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the addresses that gave no page, with the reason of each.

    Args:
        checkpoint: The crawl.
        limit: Why those that still wait were not asked for.
    """
    cursor = checkpoint.select(
        "SELECT u.url AS url, iif(u.state = 0, 'limit', u.reason) AS reason, "  # noqa: S608
        "iif(u.state = 0, ?, u.detail) AS detail, u.status AS status, u.depth AS depth, "
        "f.url AS found_on FROM urls u LEFT JOIN urls f ON f.id = u.found_on "
        f"WHERE u.state IN (0, 3) AND {_SHOWN} ORDER BY u.id",
        (limit,),
    )
    yield from _batches(cursor)


def dead_batches(checkpoint: Checkpoint) -> Iterator[list[dict[str, Any]]]:
    """Yield the links that lead to what does not work."""
    reasons = ", ".join(f"'{reason}'" for reason in _BROKEN)
    cursor = checkpoint.select(
        "SELECT s.url AS source, t.url AS target, t.reason AS reason, t.status AS status FROM links l "  # noqa: S608
        f"JOIN urls t ON t.id = l.target AND t.state = 3 AND t.reason IN ({reasons}) "
        "JOIN urls s ON s.id = l.source ORDER BY t.id, s.id"
    )
    yield from _batches(cursor)


def reasons(checkpoint: Checkpoint) -> dict[str, int]:
    """Return how many addresses gave no page, by reason, most first."""
    found = dict(
        checkpoint.select(
            "SELECT iif(u.state = 0, 'limit', u.reason), count(*) FROM urls u "  # noqa: S608
            f"WHERE u.state IN (0, 3) AND {_SHOWN} GROUP BY 1"
        )
    )
    if beyond := checkpoint.recall("beyond", 0):
        found["limit"] = found.get("limit", 0) + beyond
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _url_of(checkpoint: Checkpoint, number: int) -> str | None:
    found = checkpoint.select("SELECT url FROM urls WHERE id = ?", (number,)).fetchone()
    return str(found[0]) if found else None


def _batches(cursor: Any) -> Iterator[list[dict[str, Any]]]:
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(_ROWS):
        yield [dict(zip(names, row, strict=True)) for row in rows]
