"""Topic x stage: expected demand against supply, and what each cell is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from journeyseo.coverage import Coverage
from journeyseo.sections import serving
from journeyseo.stages import OUTSIDE, STAGES, Journey, share_column
from journeyseo.tables import CELLS, SECTIONS

BY_SECTION = "section"
"""Code of the reason of a cell whose best page serves it by a section only; the heading follows."""

STATUSES = ("gap", "weak", "covered", "excess", "no-demand")

# Probability of a page's stage from which on it serves the stage at all, and in full.
_BRUSHED, _SERVED = 0.15, 0.5
# A page that serves less of a cell than this is not named as its best.
_NAMED = 0.05
# What an empty page is worth: it covers nothing, but it is there.
_THIN = 0.4

# Half-width of a 90 % interval in standard deviations.
Z90 = 1.645

SHARE_ERROR: Mapping[str, float] = {
    "awareness": 0.06,
    "consideration": 0.07,
    "decision": 0.035,
    "retention": 0.03,
    "advocacy": 0.01,
    "none": 0.04,
}
"""Standard deviation of the error of a stage's share that all queries of one subject have in common.
Measured on the frozen split by `python -m benchmarks.intervals`, which also tries it on kinds left out."""


@dataclass(frozen=True)
class GapRules:
    """When a cell is what.

    Attributes:
        min_queries: Expected queries from which on a cell is judged at all.
        covered: Quality from which on a cell is covered. This and the next were chosen on the two example
            sites; re-run: python -m benchmarks.topics
        weak: Quality from which on it is weak and no gap.
        thin_words: Words under which a page is thin.
        good_position: Position up to which a page that ranks counts in full.
        excess_pages: Pages that serve a cell from which on it may have too many.
        excess_share: Queries for each page under which it then has.
        section: What a section that serves a stage is worth of a page of that stage, in cells that no page
            serves. Below `weak`, so that such a cell stays a gap: nobody finds the section by the page's
            title, and its stage is less sure than a page's (see `journeyseo.sections.SURE`).
    """

    min_queries: float = 2.0
    covered: float = 0.5
    weak: float = 0.2
    thin_words: float = 150.0
    good_position: float = 10.0
    excess_pages: int = 4
    excess_share: float = 1.0
    section: float = 0.15


@dataclass(frozen=True)
class _Serves:
    """How far each page (rows) serves each stage (columns), 0 to 1.

    Attributes:
        page: By itself.
        section: By a section that serves a stage which the page does not.
        headings: The heading of that section.
    """

    page: npt.NDArray[np.float64]
    section: npt.NDArray[np.float64]
    headings: Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class _Supply:
    """What each cell (topics x stages) has.

    Attributes:
        quality: How well it is served, 0 to 1.
        pages: Pages that serve it by themselves.
        best: The best page, -1 where there is none.
        section: Heading of the section by which that page serves it, where no page does by itself.
    """

    quality: npt.NDArray[np.float64]
    pages: npt.NDArray[np.int64]
    best: npt.NDArray[np.int64]
    section: Mapping[tuple[int, int], str]


def find_gaps(
    keywords: pd.DataFrame,
    pages: pd.DataFrame,
    coverage: Coverage,
    journey: Journey,
    *,
    sections: pd.DataFrame | None = None,
    rules: GapRules = GapRules(),
) -> pd.DataFrame:
    """Cross topics with the stages of a journey.

    A cell's demand is the sum of demand x probability of the stage over the topic's queries, with
    a 90 % interval that carries the doubt of the labels: the chance of each, and the error that the
    queries of one subject have in common (`SHARE_ERROR`). Its quality is how well its
    queries are served, each by the page that is most about it and of the stage, and not thin; where the
    page ranks counts too. Where no page serves a cell but a section of one does, that counts in part
    (`GapRules.section`). Retention and advocacy stand in the row ``outside`` of a three-stage journey.

    Args:
        keywords: Staged keywords with ``topic`` and ``demand``.
        pages: Staged pages.
        coverage: What `match_coverage` returned for them.
        journey: The journey.
        sections: Staged sections of the pages (`journeyseo.tables.SECTIONS`).
        rules: When a cell is what.

    Returns:
        The cells table (`journeyseo.tables.CELLS`), by topic and stage.
    """
    if keywords.empty:
        return CELLS.empty()
    keys = [*journey.keys, OUTSIDE]
    mix = stage_mix(journey, keys)
    share = journey_shares(keywords, journey)
    demand = keywords["demand"].fillna(0).to_numpy(np.float64)
    number = {t: i for i, t in enumerate(coverage.topics)}
    at = np.array([number[t] for t in keywords["topic"]])
    size = (len(coverage.topics), len(keys))
    total, spread, count = np.zeros(size), np.zeros(size), np.zeros(size)
    np.add.at(total, at, demand[:, None] * share)
    np.add.at(spread, at, demand[:, None] ** 2 * share * (1 - share))
    np.add.at(count, at, share)
    ceiling = np.zeros(size[0])
    np.add.at(ceiling, at, demand)
    half = Z90 * np.sqrt(spread + np.outer(ceiling**2, _common_error(mix)))
    parts = serving(pages, SECTIONS.empty() if sections is None else sections)
    serves = _serves(pages, journey_shares(pages, journey), parts, keys, rules)
    supply = _supply(coverage, share, at, serves, rules)
    position = _positions(pages, coverage.table)
    addresses = pages["url"].tolist()
    lengths = [*pages["words"].fillna(np.inf), np.inf]  # the last for a cell without a page
    records = []
    for i, topic in enumerate(coverage.topics):
        for j, key in enumerate(keys):
            best = int(supply.best[i, j])
            quality, place = float(supply.quality[i, j]), position.get(best, np.nan)
            section = supply.section.get((i, j), "")
            pages_there, words = int(supply.pages[i, j]), float(lengths[best])
            status, reason = _status(count[i, j], quality, pages_there, place, words, section, rules)
            records.append(
                {
                    "topic": topic,
                    "journey_stage": key,
                    "demand": total[i, j],
                    "demand_low": max(0.0, total[i, j] - half[i, j]),
                    "demand_high": min(ceiling[i], total[i, j] + half[i, j]),
                    "queries": count[i, j],
                    "pages": int(supply.pages[i, j]),
                    "best_page": addresses[best] if best >= 0 else None,
                    "quality": quality,
                    "position": place,
                    "status": status,
                    "deficit": total[i, j] * (1 - quality) if status in ("gap", "weak") else 0.0,
                    "reason": reason,
                    "why": reason_text(reason),
                }
            )
    cells = CELLS.conform(pd.DataFrame(records))
    cells["journey_stage"] = pd.Categorical(cells["journey_stage"], categories=keys, ordered=False)
    cells["status"] = pd.Categorical(cells["status"], categories=list(STATUSES))
    return cells


def stage_mix(journey: Journey, keys: list[str]) -> npt.NDArray[np.float64]:
    """Return which canonical stage counts for which stage of the journey; ``none`` for no stage.

    One that several stages share counts for each of them in part.
    """
    mix = np.zeros((len(STAGES), len(keys)))
    for i, stage in enumerate(STAGES):
        own = journey.stages_of(stage)
        if stage != "none" or own != (OUTSIDE,):
            mix[i, [keys.index(key) for key in own]] = 1.0 / len(own)
    return mix


def journey_shares(table: pd.DataFrame, journey: Journey) -> npt.NDArray[np.float64]:
    """Return the probability of each stage of a journey and of ``outside``, one row a query or page.

    Args:
        table: Staged keywords or pages.
        journey: The journey that they were staged with, or one whose stages share no canonical one.
    """
    keys = [*journey.keys, OUTSIDE]
    canonical = table[[f"p_{s}" for s in STAGES]].to_numpy(np.float64)
    shares: npt.NDArray[np.float64] = canonical @ stage_mix(journey, keys)
    for j, key in enumerate(keys):
        if share_column(key) in table.columns:
            shares[:, j] = table[share_column(key)]
    return shares


def stage_totals(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the demand of each stage over all topics, with its 90 % interval.

    Topics are judged apart from each other, so their intervals add as squares.

    Args:
        cells: The cells table.

    Returns:
        Columns demand, low and high; one row a stage, the index its key.
    """
    own = cells.assign(
        stage=cells["journey_stage"].astype(str),
        below=(cells["demand"] - cells["demand_low"]) ** 2,
        above=(cells["demand_high"] - cells["demand"]) ** 2,
    )
    found = own.groupby("stage")[["demand", "below", "above"]].sum()
    low = (found["demand"] - np.sqrt(found["below"])).clip(lower=0)
    return pd.DataFrame(
        {"demand": found["demand"], "low": low, "high": found["demand"] + np.sqrt(found["above"])}
    )


def _common_error(mix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the variance of each column's share that a subject's queries have in common."""
    # A stage that shares a canonical one has that one's whole error: how it is split may be wrong too.
    variance: npt.NDArray[np.float64] = np.array([SHARE_ERROR[s] ** 2 for s in STAGES]) @ (mix > 0)
    return variance


def _serves(
    pages: pd.DataFrame,
    stage: npt.NDArray[np.float64],
    sections: pd.DataFrame,
    keys: list[str],
    rules: GapRules,
) -> _Serves:
    # A page serves a stage in full that is as likely as not, and not at all one that it only brushes.
    serves = np.clip((stage - _BRUSHED) / (_SERVED - _BRUSHED), 0.0, 1.0)
    words = pages["words"].fillna(rules.thin_words).to_numpy(np.float64)
    listed = pages["indexable"].fillna(value=True).to_numpy(bool)
    serves *= (np.clip(words / rules.thin_words, _THIN, 1.0) * listed)[:, None]
    parts = np.zeros_like(serves)
    headings = {}
    for page, key, heading in zip(
        sections["page"], sections["journey_stage"], sections["heading"], strict=True
    ):
        at = int(page), keys.index(key)
        parts[at] = rules.section * listed[page]
        headings[at] = str(heading)
    return _Serves(serves, parts, headings)


def _supply(
    coverage: Coverage,
    share: npt.NDArray[np.float64],
    at: npt.NDArray[np.int64],
    serves: _Serves,
    rules: GapRules,
) -> _Supply:
    """Return the quality of each cell, the pages that serve it, and the best of them.

    Each query asks on its own for a page that is about it and of the stage; a cell's quality is the mean
    over its queries, each by the probability that it is of the stage.
    """
    topics, stages = len(coverage.topics), serves.page.shape[1]
    quality, count = np.zeros((topics, stages)), np.zeros((topics, stages), np.int64)
    best = np.full((topics, stages), -1)
    section: dict[tuple[int, int], str] = {}
    if not len(serves.page):
        return _Supply(quality, count, best, section)
    for j in range(stages):
        asked = sp.csr_matrix((share[:, j], (at, np.arange(len(at)))), shape=(topics, len(at)))
        size = np.maximum(np.asarray(asked.sum(axis=1)).ravel(), 1e-9)
        served = sp.csr_matrix(coverage.fit @ sp.diags_array(serves.page[:, j]))
        quality[:, j] = np.round((asked @ served.max(axis=1).toarray().ravel()) / size, 6)
        by_page = np.round((asked @ served).toarray() / size[:, None], 6)
        count[:, j] = (by_page >= rules.weak).sum(axis=1)
        first = by_page.argmax(axis=1)
        best[:, j] = np.where(by_page.max(axis=1) > _NAMED, first, -1)
        if not serves.section[:, j].any():
            continue
        part = sp.csr_matrix(coverage.fit @ sp.diags_array(serves.section[:, j]))
        by_part = np.round((asked @ part).toarray() / size[:, None], 6)
        surest = by_part.argmax(axis=1)
        alone = (quality[:, j] < rules.weak) & (by_part.max(axis=1) > np.maximum(quality[:, j], _NAMED))
        for i in np.flatnonzero(alone).tolist():
            best[i, j], quality[i, j] = surest[i], by_part[i, surest[i]]
            section[i, j] = serves.headings[int(surest[i]), j]
    return _Supply(quality, count, best, section)


def _positions(pages: pd.DataFrame, table: pd.DataFrame) -> dict[int, float]:
    """Return the median position of each page over the queries for which it ranks."""
    known = table[table["position"].notna()]
    if known.empty:
        return {}
    number = {u: i for i, u in enumerate(pages["url"])}
    return {number[u]: float(p) for u, p in known.groupby("url")["position"].median().items()}


def _status(
    queries: float,
    quality: float,
    count: int,
    position: float,
    words: float,
    section: str,
    rules: GapRules,
) -> tuple[str, str]:
    """Return what a cell is, and why as a code: the one place where the rule stands."""
    if queries < rules.min_queries:
        return "no-demand", f"few {rules.min_queries:g}"
    if quality < rules.weak:
        return "gap", f"{BY_SECTION} {section}" if section else "no-page"
    if quality >= rules.covered and not position > rules.good_position:
        if count >= rules.excess_pages and queries < rules.excess_share * count:
            return "excess", f"many {count}"
        return "covered", "served"
    if position > rules.good_position:
        return "weak", f"position {position:.0f}"
    return "weak", f"thin {words:.0f}" if words < rules.thin_words else "partly"


_REASONS = {
    "few": {
        "en": "fewer than {0} queries expected",
        "zh-Hans": "预计不到 {0} 个查询",
        "zh-Hant": "預計不到 {0} 個查詢",
    },
    "no-page": {
        "en": "no page of this topic serves this stage",
        "zh-Hans": "没有这个主题的页面服务这个阶段",
        "zh-Hant": "沒有這個主題的頁面服務這個階段",
    },
    "many": {
        "en": "{0} pages for few queries",
        "zh-Hans": "{0} 个页面争少量查询",
        "zh-Hant": "{0} 個頁面爭少量查詢",
    },
    "served": {
        "en": "a page of this topic serves this stage",
        "zh-Hans": "有这个主题的页面服务这个阶段",
        "zh-Hant": "有這個主題的頁面服務這個階段",
    },
    "position": {
        "en": "its page ranks at position {0}",
        "zh-Hans": "页面排名在第 {0} 位",
        "zh-Hant": "頁面排名在第 {0} 位",
    },
    "thin": {
        "en": "its page has only {0} words",
        "zh-Hans": "页面内容太少（约 {0} 词）",
        "zh-Hant": "頁面內容太少（約 {0} 詞）",
    },
    BY_SECTION: {
        "en": "only the section “{0}” of a page serves this stage",
        "zh-Hans": "只有页面里的「{0}」一节服务这个阶段",
        "zh-Hant": "只有頁面裡的「{0}」一節服務這個階段",
    },
    "partly": {
        "en": "its page serves the stage or the topic only in part",
        "zh-Hans": "页面只部分符合这个主题或阶段",
        "zh-Hant": "頁面只部分符合這個主題或階段",
    },
}


def reason_text(code: str, language: str = "en") -> str:
    """Return the reason of a cell's status (column ``reason``) in words."""
    name, _, value = code.partition(" ")
    texts = _REASONS[name]
    return texts.get(language, texts["en"]).format(value)
