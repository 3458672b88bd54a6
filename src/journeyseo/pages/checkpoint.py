"""What a crawl knows, in one SQLite file: it outlives a kill, and holds what memory need not.

Every step is one transaction. An answer is stored before anything is made of it, so that what was
fetched is never asked for again; only a request in flight when the process dies is.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from journeyseo.errors import InputError
from journeyseo.pages.fetch import Response

FORMAT = 2
"""Format number of the file; a change of its tables raises it."""

WAITING, FETCHED, READ, SKIPPED = range(4)
PAGE, SITEMAP = range(2)
# Reasons that another link to the same address can undo.
_UNDONE = ("nofollow", "depth")
# Reasons that may be gone another day; a robots.txt that was not to be had is one.
_PASSING = ("timeout", "deadline", "network", "dns", "tls", "decode", "protocol", "robots")
_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE urls (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL, state INTEGER NOT NULL,
  reason TEXT, detail TEXT, status INTEGER, depth INTEGER NOT NULL, hops INTEGER NOT NULL,
  found_on INTEGER, listed INTEGER NOT NULL, lastmod TEXT, target INTEGER
);
CREATE INDEX urls_waiting ON urls (kind DESC, depth, id) WHERE state = 0;
CREATE INDEX urls_fetched ON urls (id) WHERE state = 1;
CREATE TABLE answers (id INTEGER PRIMARY KEY, head TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE pages (
  id INTEGER PRIMARY KEY, row BLOB NOT NULL, exact TEXT NOT NULL, near INTEGER, javascript INTEGER NOT NULL,
  stage TEXT, rendered TEXT NOT NULL, refused TEXT NOT NULL
);
CREATE TABLE links (target INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (target, source))
  WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Address:
    """An address of the crawl.

    Attributes:
        id: Its number, in the order found.
        url: The address.
        kind: Whether it is a page or a sitemap.
        depth: Links between the start and it.
        hops: Redirects that led to it.
        listed: Whether a sitemap or the user names it.
    """

    id: int
    url: str
    kind: int
    depth: int
    hops: int
    listed: bool


@dataclass(frozen=True)
class Found:
    """How addresses were found.

    Attributes:
        depth: Links between the start and them.
        on: Number of the page that leads to them.
        kind: Whether they are pages or sitemaps.
        hops: Redirects that led to them.
        listed: Whether a sitemap or the user names them.
    """

    depth: int
    on: int | None = None
    kind: int = PAGE
    hops: int = 0
    listed: bool = False


class Checkpoint:
    """The state of a crawl on disk.

    Args:
        path: The file; made where it is missing.

    Raises:
        InputError: It is of another format, damaged, or in use by another process.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(path, timeout=0.2, isolation_level=None)
            # One crawl at a time: two would ask for the same addresses.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("BEGIN EXCLUSIVE")
            self._db.execute("COMMIT")
            tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if not tables:
                self._db.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
                self.remember(format=FORMAT)
        except sqlite3.OperationalError as error:
            raise InputError(
                f"The crawl's own file cannot be opened ({error}).",
                where=str(path),
                hint="Is another crawl running in this folder?",
            ) from error
        except sqlite3.DatabaseError as error:
            raise InputError(
                "The crawl's own file is damaged.", where=str(path), hint="Begin again with --fresh."
            ) from error
        if (found := self.recall("format")) != FORMAT:
            raise InputError(
                f"The crawl has format {found!r}; this version goes on with {FORMAT}.",
                where=str(path),
                hint="Begin again with --fresh.",
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        self._db.execute("BEGIN")
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")

    def remember(self, **values: Any) -> None:
        """Store plain values by name."""
        rows = [(name, json.dumps(value)) for name, value in values.items()]
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)

    def recall(self, name: str, default: Any = None) -> Any:
        """Return a value that was stored."""
        found = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else default

    def add(self, urls: Iterable[tuple[str, str]], found: Found) -> None:
        """Add addresses to ask for, with their dates of last change; known ones stay as they are."""
        rows = [
            (u, found.kind, WAITING, found.depth, found.hops, found.on, found.listed, d or None)
            for u, d in urls
        ]
        again = ""
        if found.listed:
            again = ", listed = 1, lastmod = coalesce(excluded.lastmod, lastmod)"
        undone = ", ".join(f"'{reason}'" for reason in _UNDONE)
        self._db.executemany(
            "INSERT INTO urls (url, kind, state, depth, hops, found_on, listed, lastmod) "  # noqa: S608
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET "
            f"state = iif(reason IN ({undone}), 0, state), "
            f"depth = iif(reason IN ({undone}), excluded.depth, depth), "
            f"reason = iif(reason IN ({undone}), NULL, reason){again}",
            rows,
        )

    def add_skipped(self, urls: Iterable[tuple[str, str, str]], found: Found) -> None:
        """Add addresses that are not asked for, with reason and detail; known ones stay as they are."""
        rows = [(u, PAGE, SKIPPED, r, d, found.depth, 0, found.on, 0) for u, r, d in urls]
        self._db.executemany(
            "INSERT OR IGNORE INTO urls (url, kind, state, reason, detail, depth, hops, found_on, listed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def link(self, source: int, urls: Sequence[str]) -> None:
        """Store that a page links to addresses, as far as these are known."""
        self._db.executemany(
            "INSERT OR IGNORE INTO links SELECT id, ? FROM urls WHERE url = ?", [(source, u) for u in urls]
        )

    def waiting(self, number: int) -> list[Address]:
        """Return addresses to ask for: sitemaps first, then the nearest to the start."""
        rows = self._db.execute(
            "SELECT id, url, kind, depth, hops, listed FROM urls WHERE state = 0 "
            "ORDER BY kind DESC, depth, id LIMIT ?",
            (number,),
        )
        return [_address(row) for row in rows]

    def find(self, url: str) -> int | None:
        """Return the number of an address; None where it is not known."""
        found = self._db.execute("SELECT id FROM urls WHERE url = ?", (url,)).fetchone()
        return int(found[0]) if found else None

    def leads_to(self, start: int, goal: int) -> bool:
        """Return whether the redirects from one address come to another."""
        at: int | None = start
        for _ in range(20):  # more redirects than are ever followed
            if at is None or at == goal:
                return at == goal
            at = self._db.execute("SELECT target FROM urls WHERE id = ?", (at,)).fetchone()[0]
        return False

    def store(self, address: Address, answer: Response) -> None:
        """Store an answer, to be read later."""
        head = json.dumps(
            [
                answer.url, answer.status, answer.content_type, dict(answer.headers), answer.charset,
                answer.rendered, answer.refused,
            ]
        )  # fmt: skip
        body = zlib.compress(answer.content, 1)
        self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (address.id, head, body))
        self._db.execute(
            "UPDATE urls SET state = ?, status = ? WHERE id = ?", (FETCHED, answer.status, address.id)
        )

    def fetched(self) -> Iterator[tuple[Address, Response]]:
        """Yield the answers that are not read yet, each read or skipped before the next."""
        while True:
            row = self._db.execute(
                "SELECT u.id, u.url, u.kind, u.depth, u.hops, u.listed, a.head, a.body "
                "FROM urls u JOIN answers a USING (id) WHERE u.state = 1 ORDER BY u.id LIMIT 1"
            ).fetchone()
            if row is None:
                return
            url, status, *rest = json.loads(row[6])
            yield _address(row[:6]), Response(url, status, zlib.decompress(row[7]), *rest)

    def read(
        self,
        address: Address,
        row: dict[str, Any],
        prints: tuple[str, int | None, bool],
        rendering: tuple[str, str] = ("", ""),
    ) -> None:
        """Store the row of a page.

        Args:
            address: Its address.
            row: The row.
            prints: Its fingerprints, and whether it needs a browser.
            rendering: What came of rendering it, and the requests that were refused then.
        """
        exact, near, javascript = prints
        packed = zlib.compress(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"), 6)
        signed = None if near is None else near - 2**63  # SQLite's numbers are signed
        self._db.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, NULL, ?, ?)",
            (address.id, packed, exact, signed, javascript, *rendering),
        )
        self._db.execute("UPDATE urls SET state = ? WHERE id = ?", (READ, address.id))
        self._db.execute("DELETE FROM answers WHERE id = ?", (address.id,))

    def finish_sitemap(self, address: Address) -> None:
        """Note that a sitemap was read."""
        self._db.execute("UPDATE urls SET state = ? WHERE id = ?", (READ, address.id))

    def skip(self, address: Address, reason: str, detail: str, *, status: int | None = None) -> None:
        """Note why an address gives no page."""
        self._db.execute(
            "UPDATE urls SET state = ?, reason = ?, detail = ?, status = coalesce(?, status) WHERE id = ?",
            (SKIPPED, reason, detail[:300], status, address.id),
        )
        self._db.execute("DELETE FROM answers WHERE id = ?", (address.id,))

    def redirect(self, address: Address, target: str) -> None:
        """Note which address a redirect leads to."""
        self._db.execute(
            "UPDATE urls SET target = (SELECT id FROM urls WHERE url = ?) WHERE id = ?", (target, address.id)
        )

    def count(self, state: int) -> int:
        """Return how many pages are in a state."""
        found = self._db.execute("SELECT count(*) FROM urls WHERE state = ? AND kind = 0", (state,))
        return int(found.fetchone()[0])

    def retry(self) -> None:
        """Let all wait again that failed for a reason that may be gone by now."""
        reasons = ", ".join(f"'{reason}'" for reason in _PASSING)
        self._db.execute(
            "UPDATE urls SET state = 0, reason = NULL, detail = NULL WHERE state = 3 AND "  # noqa: S608
            f"(reason IN ({reasons}) OR (reason = 'status' AND (status >= 500 OR status = 429)))"
        )
        # As if no browser had tried: the next one does.
        self._db.execute("UPDATE pages SET rendered = '', refused = '' WHERE rendered <> 'yes'")

    def render_again(self) -> None:
        """Let pages that need a browser and had none wait again."""
        self._db.execute(
            "UPDATE urls SET state = 0 WHERE id IN (SELECT id FROM pages WHERE javascript AND rendered = '')"
        )
        self._db.execute("DELETE FROM pages WHERE id IN (SELECT id FROM urls WHERE state = 0)")

    def select(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Return the rows of a query; for the tables that are written at the end."""
        return self._db.execute(query, values)

    def set_stages(self, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """Store the stage columns of pages."""
        self._db.executemany(
            "UPDATE pages SET stage = ? WHERE id = ?",
            [(json.dumps(stage, ensure_ascii=False), i) for i, stage in rows],
        )


def unpack(row: bytes) -> dict[str, Any]:
    """Return the row of a page as it was stored."""
    found: dict[str, Any] = json.loads(zlib.decompress(row).decode("utf-8", "surrogatepass"))
    return found


def _address(row: Sequence[Any]) -> Address:
    return Address(row[0], row[1], row[2], row[3], row[4], bool(row[5]))
