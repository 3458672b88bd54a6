"""crawl: the whole way from a source to the files of an inventory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from journeyseo._version import __version__
from journeyseo.classifier import StageClassifier
from journeyseo.crawling.files import PAGES_FILE, write_summary, write_tables
from journeyseo.crawling.join import Joined, join_files
from journeyseo.crawling.stages import Stager, with_also_serves
from journeyseo.errors import ConfigError, FetchError, InputError
from journeyseo.pages import read_pages
from journeyseo.pages.address import normal_url
from journeyseo.pages.checkpoint import FETCHED, READ, WAITING, Checkpoint, Found
from journeyseo.pages.crawl import Crawler, CrawlOptions, seed
from journeyseo.pages.fetch import RENDERED
from journeyseo.pages.findings import dead_batches, page_batches, reasons, section_batches, skipped_batches
from journeyseo.pages.likeness import fingerprint

CHECKPOINT = "crawl.sqlite"
_BEGINNINGS = ("resume", "retry", "fresh")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/\S*)?", re.IGNORECASE)
# Ends of files, of which none is a top-level domain: a file that is missing is no host.
_FILES = (
    ".csv", ".tsv", ".xlsx", ".xls", ".txt", ".xml", ".html", ".htm", ".parquet", ".json", ".jsonl", ".gz",
    ".warc",
)  # fmt: skip
# Of a crawl's pages, from this share on we say that a browser is needed.
_MANY = 0.2

Progress = Callable[[int, int], None]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Inventory:
    """What a crawl gave.

    Attributes:
        folder: Where its files are.
        read: Pages that were read.
        skipped: Addresses that gave no page, by reason.
        dead_links: Links to addresses that do not work.
        duplicates: Pages whose text an earlier page has.
        javascript: Pages that are empty until a browser runs their scripts.
        rendered: Those of them that a browser rendered.
        waiting: Addresses that a bound left out; the same call with a higher bound goes on with them.
        notes: What else should be known.
    """

    folder: Path
    read: int
    skipped: Mapping[str, int]
    dead_links: int
    duplicates: int
    javascript: int
    rendered: int
    waiting: int
    notes: tuple[str, ...] = ()

    @property
    def pages(self) -> pd.DataFrame:
        """The pages (`journeyseo.tables.CRAWLED_PAGES`), read from the folder."""
        return pd.read_parquet(self.folder / PAGES_FILE)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        plain = asdict(self) | {"folder": str(self.folder), "skipped": dict(self.skipped)}
        return plain | {"notes": list(self.notes)}

    def __str__(self) -> str:
        left_out = ", ".join(f"{reason} {number:,}" for reason, number in self.skipped.items())
        lines = [
            f"{self.read:,} pages read; {sum(self.skipped.values()):,} addresses gave none"
            + (f" ({left_out})" if left_out else ""),
            f"{self.dead_links:,} dead links, {self.duplicates:,} duplicates",
        ]
        return "\n".join([*lines, *(f"note: {text}" for text in self.notes)])


@dataclass
class _Counts:
    """What is counted while the tables are written."""

    duplicates: int = 0
    javascript: int = 0
    dead: int = 0
    rendering: Counter[str] = field(default_factory=Counter)

    def pages(self, batches: Iterator[Rows]) -> Iterator[Rows]:
        for rows in batches:
            self.duplicates += sum(row["duplicate"] is not None for row in rows)
            shells = [row for row in rows if row["needs_javascript"]]
            self.javascript += len(shells)
            self.rendering.update(row["rendered"] or "" for row in shells)
            yield rows

    def links(self, batches: Iterator[Rows]) -> Iterator[Rows]:
        for rows in batches:
            self.dead += len(rows)
            yield rows


def crawl(
    source: str | Path,
    output: str | Path,
    *,
    options: CrawlOptions | None = None,
    classifier: StageClassifier | None = None,
    join: Sequence[str | Path] = (),
    begin: str = "resume",
    progress: Progress = lambda *_: None,
) -> Inventory:
    """Read a site, politely, into an inventory with a journey stage for each page.

    A crawl that was interrupted, killed even, goes on where it was when it is called again.

    Args:
        source: Address of a start page or a sitemap, a file that lists addresses, or a folder of HTML.
        output: Folder for ``pages.parquet``, ``sections.parquet``, ``inventory.xlsx``, ``skipped.csv``,
            ``dead-links.csv``, ``crawl.json`` and ``crawl.sqlite``, from which it goes on.
        options: Bounds.
        classifier: The classifier; the default one where it is None.
        join: Page reports of Search Console, GA4 or a rank tracker, whose clicks, impressions,
            positions and sessions join the pages.
        begin: ``resume``; ``retry``, to ask again for what failed for a reason that may be gone; or
            ``fresh``, to forget an earlier crawl in the folder.
        progress: Is told how many pages were read, and how many addresses are known.

    Raises:
        FetchError: No page could be read; `reason` says why the start could not.
        ConfigError: The folder holds the crawl of another source; the files of a folder shall be rendered;
            the browser cannot keep its sandbox here.
        DependencyError: Pages shall be rendered, and what that needs is not installed.
        InputError: A file or folder cannot be used.
    """
    options = options or CrawlOptions()
    if begin not in _BEGINNINGS:
        raise ConfigError(f"There is no way to begin {begin!r}.", hint=f"Use {', '.join(_BEGINNINGS)}.")
    folder = Path(output)
    place = _place(source)
    if options.browser and Path(place).is_dir():
        raise ConfigError(
            "The files of a folder are not rendered.",
            where=place,
            hint="Give the address of the site, or leave out --browser.",
        )
    judge = classifier or StageClassifier()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder cannot be made: {error.strerror}.", where=str(folder)) from error
    checkpoint = _open(folder, place, begin)
    try:
        if checkpoint.recall("source") is None:
            _seed(checkpoint, place, options)
        stager = Stager(checkpoint, judge)
        try:
            Crawler(checkpoint, options, progress=progress, on_read=stager.add).run()
            stager.finish()
        finally:
            stager.close()
        _check(checkpoint, place)
        base = options.base_url or (place if place.startswith("http") else None)
        return _write(checkpoint, folder, options, join_files(checkpoint, join, base), place)
    finally:
        checkpoint.close()


def _place(source: str | Path) -> str:
    """Return an address in its normal form, or the whole path of a file or folder."""
    text = str(source).strip()
    if text.lower().startswith(("http://", "https://")):
        if key := normal_url(text):
            return key
        raise FetchError("It is no web address.", where=text, hint="Begin with https://.", reason="not_http")
    path = Path(source)
    if path.exists():
        return str(path.resolve())
    if _HOST.fullmatch(text) and not text.lower().endswith(_FILES) and (key := normal_url(f"https://{text}")):
        return key
    raise InputError("There is no such file or folder.", where=text, hint="Addresses begin with https://.")


def _open(folder: Path, place: str, begin: str) -> Checkpoint:
    """Return the checkpoint of a folder, empty where there is nothing to go on from."""
    path = folder / CHECKPOINT
    if begin == "fresh":
        _forget(path)
    checkpoint = Checkpoint(path)
    known = checkpoint.recall("source")
    if known not in (None, place):
        checkpoint.close()
        raise ConfigError(
            f"The folder holds the crawl of {known}.",
            where=str(folder),
            hint="Give another folder, or forget that crawl with --fresh.",
        )
    if known and not checkpoint.count(READ) + checkpoint.count(FETCHED):
        # Whatever kept it from its first page may be gone.
        checkpoint.close()
        _forget(path)
        return Checkpoint(path)
    if begin == "retry":
        with checkpoint:
            checkpoint.retry()
    return checkpoint


def _forget(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _seed(checkpoint: Checkpoint, place: str, options: CrawlOptions) -> None:
    if place.startswith(("http://", "https://")):
        seed(checkpoint, [place], mode="start")
    elif Path(place).is_dir():
        _seed_folder(checkpoint, Path(place), options.base_url)
    else:
        table = read_pages(Path(place), base_url=options.base_url)
        keys = [(url, normal_url(url)) for url in table["url"]]
        seed(checkpoint, [key for _, key in keys if key], mode="list")
        with checkpoint:
            bad = [(url, "not_http", "it is no web address") for url, key in keys if not key]
            dropped = [d for report in table.attrs["reports"] for d in report.dropped]
            bad += [(d.text or d.source, "not_http", d.reason) for d in dropped if d.row is not None]
            checkpoint.add_skipped(bad, Found(0))
    with checkpoint:
        checkpoint.remember(source=place)


def _seed_folder(checkpoint: Checkpoint, folder: Path, base_url: str | None) -> None:
    """Put the pages of a folder into a checkpoint; nothing of them is fetched."""
    from journeyseo.pages.folder import read_folder

    rows, dropped = read_folder(folder, base_url, lambda items, _: items)
    with checkpoint:
        checkpoint.remember(mode="folder")
        checkpoint.add([(row["url"], "") for row in rows], Found(0, listed=True))
        numbers = {a.url: a for a in checkpoint.waiting(len(rows))}
        for row in rows:
            address = numbers.pop(row["url"], None)
            if address is None:
                twice = (f"{row['url']} ({row['source']})", "listed_twice", "another file has its address")
                checkpoint.add_skipped([twice], Found(0))
                continue
            prints = fingerprint(row["text"])
            checkpoint.read(address, row, (prints.exact, prints.near, False))
        checkpoint.add_skipped([(d.source, "empty", d.reason) for d in dropped], Found(0))


def _check(checkpoint: Checkpoint, place: str) -> None:
    """Raise an error where no page was read."""
    if checkpoint.count(READ):
        return
    if checkpoint.count(WAITING):
        raise FetchError("The time was over before the first page.", where=place, reason="deadline")
    first = checkpoint.select(
        "SELECT url, reason, detail FROM urls WHERE state = 3 AND reason <> 'redirect' "
        "ORDER BY kind, id LIMIT 1"
    ).fetchone() or (place, "empty", "nothing to read")
    hint = ""
    if first[1] == "private_address":
        hint = "Allow it with --allow-private if it is your own server."
    elif first[1] == "robots":
        hint = "Ask the site's owner, or read the pages from a folder or a crawl export."
    raise FetchError(
        f"No page could be read: {first[1]}, {str(first[2]).rstrip('.')}.",
        where=first[0], hint=hint, reason=first[1],
    )  # fmt: skip


def _write(
    checkpoint: Checkpoint, folder: Path, options: CrawlOptions, joined: Joined, place: str
) -> Inventory:
    counts = _Counts()
    waiting, read = checkpoint.count(WAITING), checkpoint.count(READ)
    full = read >= options.max_pages
    limit = f"more than {options.max_pages:,} pages" if full else "the time was over"
    left_out = reasons(checkpoint)
    if joined.missing:
        left_out["not_crawled"] = len(joined.missing)
    write_tables(
        folder,
        pages=with_also_serves(counts.pages(page_batches(checkpoint, joined.numbers))),
        sections=section_batches(checkpoint),
        skipped=chain(skipped_batches(checkpoint, limit), [joined.missing] if joined.missing else []),
        dead=counts.links(dead_batches(checkpoint)),
    )
    notes = _notes(checkpoint, waiting, limit, joined)
    notes += _javascript_notes(counts, read)
    found = Inventory(
        folder, read, left_out, counts.dead, counts.duplicates, counts.javascript, counts.rendering[RENDERED],
        waiting, tuple(notes),
    )  # fmt: skip
    said = {"version": __version__, "source": place, "options": asdict(options), **found.to_dict()}
    write_summary(folder, said)
    return found


def _javascript_notes(counts: _Counts, read: int) -> list[str]:
    notes = []
    rendered, untried = counts.rendering[RENDERED], counts.rendering[""]
    if rendered:
        notes.append(f"{rendered:,} of {read:,} pages need JavaScript and were rendered by a browser")
    if empty := counts.javascript - rendered:
        failed = {why: n for why, n in sorted(counts.rendering.items()) if why not in ("", RENDERED)}
        why = ", ".join(f"{reason} {number:,}" for reason, number in failed.items())
        many = " Much of the site is not in this inventory." if empty > _MANY * read else ""
        notes.append(
            f"{empty:,} of {read:,} pages are empty until a browser runs their JavaScript; "
            f"their stage rests on title and description.{many}"
            + (f" Rendering failed: {why}." if why else "")
            + (" --browser renders them." if untried else "")
        )
    return notes


def _notes(checkpoint: Checkpoint, waiting: int, limit: str, joined: Joined) -> list[str]:
    notes = []
    if waiting:
        notes.append(f"{waiting:,} addresses are left: {limit}. Call it again with a higher bound to go on.")
    if beyond := checkpoint.recall("beyond", 0):
        notes.append(f"{beyond:,} more links were counted and not kept")
    rows = joined.matched + len(joined.missing)
    if rows:
        notes.append(f"{joined.matched:,} of {rows:,} rows of the joined files belong to a page of the crawl")
    return notes
