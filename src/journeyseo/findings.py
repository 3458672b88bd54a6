"""What is wrong with pages that exist: they compete, nobody looks for them, or they are of another stage."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from journeyseo.coverage import Coverage, is_home, page_key
from journeyseo.gaps import journey_shares
from journeyseo.similarity import TermSpace, page_focus
from journeyseo.stages import OUTSIDE, Journey
from journeyseo.tables import FINDINGS, QUERY_PAGES
from journeyseo.wording import finding_texts

KINDS = ("competing", "off-stage", "orphan")


@dataclass(frozen=True)
class FindingRules:
    """When a page is a finding. All thresholds stand here; they were chosen on the two example sites.

    Only pages that search engines may list, of a stage of the journey and other than the home page, are
    looked at.

    competing: two pages of one stage and language that both appear for one query, each with a share of its
    impressions (`share`, `impressions`; where a source has no impressions, both up to `position`), for at
    least `queries` queries of a topic, or for queries with `half` of the topic's demand. Where the source
    names no queries for one of them, likeness decides: both are about at least `queries` expected queries of
    their stage, these are at least `half` of those that either is about, and title, heading and address are
    alike by `alike`. Where it names queries for both, it alone decides.

    off-stage: a page that serves at least `served` queries, of which at least `half` (each by its
    probability) ask for one other stage and at most `own` for the page's, while the page is of that other
    stage with less than `own`.

    orphan: a page that serves no query, is about less than `sought` expected queries of its stage, is of a
    language in which there are queries, and has no clicks, impressions or sessions where these are known.

    Attributes:
        queries: Queries for which pages compete.
        share: Least share of a query's impressions.
        impressions: Least impressions for a query.
        position: Last position that counts where impressions are not known.
        half: Share that is most.
        about: How far a page must be about a query.
        alike: Least likeness of the focus of pages that compete, 0 to 1: 0.42 for a service and the page on
            which it is booked; 0.28 and less for a guide beside a case study or a product beside its kind.
        served: Queries that say what a page serves.
        own: Share of the queries that a page of the right stage has.
        sought: Expected queries under which nobody looks for a page.
    """

    queries: float = 2.0
    share: float = 0.2
    impressions: float = 10.0
    position: float = 20.0
    half: float = 0.5
    about: float = 0.5
    alike: float = 0.3
    served: int = 3
    own: float = 0.3
    sought: float = 0.5


@dataclass(frozen=True)
class _Site:
    """Queries and pages as the rules look at them.

    Attributes:
        keywords: Queries with a topic.
        pages: All pages.
        coverage: How they fit.
        share: Probability of each stage (columns, ``outside`` last) for each query.
        pages_share: The same for each page.
        keys: Keys of these columns.
        looked: Which pages are looked at.
        stage: Stage of each page.
        serves: The page of each query, -1 where none serves it.
        rules: The thresholds.
    """

    keywords: pd.DataFrame
    pages: pd.DataFrame
    coverage: Coverage
    share: npt.NDArray[np.float64]
    pages_share: npt.NDArray[np.float64]
    keys: tuple[str, ...]
    looked: npt.NDArray[np.bool_]
    stage: list[str]
    serves: npt.NDArray[np.int64]
    rules: FindingRules


def check_pages(
    keywords: pd.DataFrame,
    pages: pd.DataFrame,
    coverage: Coverage,
    journey: Journey,
    *,
    query_pages: pd.DataFrame | None = None,
    rules: FindingRules = FindingRules(),
) -> pd.DataFrame:
    """Return pages that compete with each other, are of another stage than their queries, or are not sought.

    The rules stand in `FindingRules`.

    Args:
        keywords: Staged keywords with ``topic`` and ``demand``.
        pages: Staged pages.
        coverage: What `match_coverage` returned for them.
        journey: The journey.
        query_pages: Pages of queries for which the source names several (`journeyseo.tables.QUERY_PAGES`).
        rules: When a page is a finding.

    Returns:
        The findings table (`journeyseo.tables.FINDINGS`), by kind and demand.
    """
    if keywords.empty or pages.empty:
        return FINDINGS.empty()
    site = _site(keywords, pages, coverage, journey, rules)
    named = query_pages if query_pages is not None else QUERY_PAGES.empty()
    records = [*_competing(site, named), *_off_stage(site), *_orphans(site)]
    if not records:
        return FINDINGS.empty()
    table = pd.DataFrame(records)
    table["evidence"] = [finding_text(code) for code in table["reason"]]
    table["to_do"] = [to_do_text(kind) for kind in table["kind"]]
    table["_order"] = table["kind"].map(KINDS.index)
    table = table.sort_values(["_order", "demand", "urls"], ascending=[True, False, True], na_position="last")
    return FINDINGS.conform(table.drop(columns="_order").reset_index(drop=True))


def _site(
    keywords: pd.DataFrame, pages: pd.DataFrame, coverage: Coverage, journey: Journey, rules: FindingRules
) -> _Site:
    keys = [*journey.keys, OUTSIDE]
    stage = pages["journey_stage"].astype(str).tolist()
    listed = pages["indexable"].fillna(value=True).to_numpy(bool)
    home = np.array([is_home(url) for url in pages["url"]])
    place = {url: i for i, url in enumerate(pages["url"])}
    return _Site(
        keywords.reset_index(drop=True),
        pages.reset_index(drop=True),
        coverage,
        journey_shares(keywords, journey),
        journey_shares(pages, journey),
        tuple(keys),
        listed & ~home & np.array([key != OUTSIDE for key in stage]),
        stage,
        np.array([place.get(url, -1) for url in coverage.table["url"].astype(object)]),
        rules,
    )


def _record(
    site: _Site, kind: str, places: Iterable[int], topic: str | None, rows: npt.NDArray[np.int64], reason: str
) -> dict[str, object]:
    """Return a finding on some pages, and the queries that it is about."""
    found = list(places)
    own = site.keywords.iloc[rows].sort_values(["demand", "query"], ascending=[False, True])
    return {
        "kind": kind,
        "urls": "\n".join(site.pages["url"].iloc[i] for i in found),
        "topic": topic,
        "journey_stage": site.stage[found[0]],
        "language": site.pages["language"].iloc[found[0]],
        "queries": "\n".join(own["query"].head(_NAMED)),
        "demand": float(own["demand"].fillna(0).sum()),
        "reason": reason,
    }


# Queries that a finding names.
_NAMED = 5


def _competing(site: _Site, named: pd.DataFrame) -> list[dict[str, object]]:
    """Return the groups of pages that compete, as the source says first, by likeness else."""
    place = {page_key(url): i for i, url in enumerate(site.pages["url"])}
    known = named.assign(_page=[place.get(page_key(url), -1) for url in named["url"]])
    ranked = {int(i) for i in known["_page"]} | {
        place[page_key(url)] for url in site.keywords["url"].dropna() if page_key(url) in place
    }
    shown = np.zeros(len(site.pages))
    inside = known[known["_page"] >= 0]
    np.add.at(shown, inside["_page"].to_numpy(np.int64), inside["impressions"].fillna(0).to_numpy(np.float64))
    weight = np.asarray(site.coverage.fit.sum(axis=0), np.float64).ravel()
    demand = site.keywords["demand"].fillna(0)
    worth = demand.groupby(site.keywords["topic"]).sum()
    found = []
    for topic, group, rows in _groups(site, _measured(site, known), shown):
        most = demand.iloc[rows].sum() >= site.rules.half * max(float(worth[topic]), 1e-9)
        if len(rows) >= site.rules.queries or most:
            found.append(_record(site, "competing", group, topic, rows, f"ranks {len(rows)}"))
    for topic, group, rows in _groups(site, _alike(site, ranked), weight):
        found.append(_record(site, "competing", group, topic, rows, f"alike {len(rows)}"))
    return found


_Pairs = dict[tuple[str, str, str], dict[tuple[int, int], set[int]]]


def _measured(site: _Site, known: pd.DataFrame) -> _Pairs:
    """Return pairs of pages of one stage and language that both appear for a query, and these queries."""
    rules = site.rules
    row_of = {
        key: i for i, key in enumerate(zip(site.keywords["query"], site.keywords["language"], strict=True))
    }
    found: _Pairs = defaultdict(lambda: defaultdict(set))
    for key, own in known.groupby(["query", "language"], sort=True):
        row = row_of.get((str(key[0]), str(key[1])))
        if row is None:
            continue
        shown = own["impressions"]
        if shown.notna().any():
            counts = (shown >= rules.impressions) & (shown >= rules.share * shown.sum())
        else:
            counts = own["position"] <= rules.position
        rivals = sorted({int(i) for i in own["_page"][counts.astype(bool)] if i >= 0 and site.looked[i]})
        for at, one in enumerate(rivals):
            for other in rivals[at + 1 :]:
                if _one_place(site, one, other):
                    topic, language = site.keywords["topic"].iloc[row], site.pages["language"].iloc[one]
                    found[topic, site.stage[one], language][one, other].add(row)
    return found


def _one_place(site: _Site, one: int, other: int) -> bool:
    """Return whether two pages are of one stage and one language."""
    language = site.pages["language"]
    return site.stage[one] == site.stage[other] and language.iloc[one] == language.iloc[other]


def _alike(site: _Site, ranked: set[int]) -> _Pairs:
    """Return pairs of pages that are about the same queries of their stage, and alike in focus."""
    rules = site.rules
    pairs: _Pairs = defaultdict(dict)
    about = sp.csc_matrix(site.coverage.fit >= rules.about).astype(np.float64)
    focus = page_focus(site.pages)
    spread = TermSpace.of(focus).matrix(focus, repeats=True)
    for j, key in enumerate(site.keys[:-1]):
        mine = np.flatnonzero(site.looked & (np.array(site.stage) == key))
        if len(mine) < 2:
            continue
        own = about[:, mine]
        shared = sp.coo_matrix(sp.triu(own.T @ sp.diags_array(site.share[:, j]) @ own, k=1))
        total = np.asarray(own.multiply(site.share[:, [j]]).sum(axis=0)).ravel()
        either = total[shared.row] + total[shared.col] - shared.data
        most = (shared.data >= rules.queries) & (shared.data >= rules.half * either)
        for a, b in zip(shared.row[most], shared.col[most], strict=True):
            one, other = int(mine[a]), int(mine[b])
            if {one, other} <= ranked or not _one_place(site, one, other):
                continue
            if float((spread[[one]] @ spread[[other]].T).toarray()[0, 0]) < rules.alike:
                continue
            rows = np.flatnonzero(own[:, [a]].toarray().ravel() * own[:, [b]].toarray().ravel())
            rows = rows[site.share[rows, j] >= rules.half]
            if len(rows):
                pairs[_topic(site, rows), key, site.pages["language"].iloc[one]][one, other] = set(
                    rows.tolist()
                )
    return pairs


def _topic(site: _Site, rows: npt.NDArray[np.int64]) -> str:
    """Return the topic of most of some queries."""
    count = Counter(site.keywords["topic"].iloc[rows])
    return str(min(count, key=lambda topic: (-count[topic], topic)))


def _groups(
    site: _Site, pairs: _Pairs, weight: npt.NDArray[np.float64]
) -> Iterator[tuple[str, list[int], npt.NDArray[np.int64]]]:
    """Yield topic, pages and queries of each set of pages that compete, the page with most weight first."""
    addresses, worth = site.pages["url"].tolist(), np.round(weight, 6).tolist()
    for (topic, _, _), own in pairs.items():
        places = sorted({i for pair in own for i in pair})
        at = {place: n for n, place in enumerate(places)}
        rows, columns = zip(*((at[a], at[b]) for a, b in own), strict=True)
        graph = sp.csr_matrix((np.ones(len(own)), (rows, columns)), shape=(len(places), len(places)))
        labels = connected_components(graph, directed=False)[1]
        for label in range(labels.max() + 1):
            group = sorted(
                (p for p in places if labels[at[p]] == label),
                key=lambda p: (-worth[p], addresses[p]),
            )
            queries = sorted(set().union(*(r for (a, _), r in own.items() if a in group)))
            yield topic, group, np.array(queries, np.int64)


def _off_stage(site: _Site) -> list[dict[str, object]]:
    """Return the pages whose queries ask for another stage."""
    found = []
    for place in np.flatnonzero(site.looked):
        rows = np.flatnonzero(site.serves == place)
        if len(rows) < site.rules.served:
            continue
        asked = site.share[rows].mean(axis=0)
        own = site.keys.index(site.stage[place])
        other = int(np.argmax(asked[:-1]))
        wrong = asked[other] >= site.rules.half and asked[own] <= site.rules.own
        if wrong and site.pages_share[place, other] < site.rules.own:
            reason = f"asks {len(rows)} {100 * asked[other]:.0f} {100 * asked[own]:.0f} {site.keys[other]}"
            found.append(_record(site, "off-stage", [int(place)], _topic(site, rows), rows, reason))
    return found


def _orphans(site: _Site) -> list[dict[str, object]]:
    """Return the pages that nobody looks for."""
    fit = sp.csc_matrix(site.coverage.fit)
    used = set(site.serves.tolist())
    spoken = set(site.keywords["language"].dropna())
    seen = site.pages[["clicks", "impressions", "sessions"]].fillna(0).sum(axis=1).to_numpy() > 0
    found = []
    for place in np.flatnonzero(site.looked & ~seen):
        share = site.share[:, site.keys.index(site.stage[place])]
        sought = float(fit[:, [place]].T.dot(share)[0])
        language = site.pages["language"].iloc[place]
        if place not in used and language in spoken and sought < site.rules.sought:
            reason = "other-stage" if fit[:, [place]].nnz else "none"
            found.append(_record(site, "orphan", [int(place)], None, np.array([], np.int64), reason))
    return found


def finding_text(code: str, language: str = "en", stages: Mapping[str, str] | None = None) -> str:
    """Return the evidence of a finding (column ``reason``) in words.

    Args:
        code: The code.
        language: Language of the words.
        stages: Display names of stages by key; the keys themselves where it is None.
    """
    # A stage comes last: its key may hold blanks.
    name, *values = code.split(" ", 4)
    names = stages or {}
    texts = finding_texts()["evidence"][name]
    return texts.get(language, texts["en"]).format(*(names.get(value, value) for value in values))


def to_do_text(kind: str, language: str = "en") -> str:
    """Return what to do about a kind of finding."""
    texts = finding_texts()["to_do"][kind]
    return texts.get(language, texts["en"])
