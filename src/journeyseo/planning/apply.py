"""Join a plan to the suggestions of another run: what stays work, and what is closed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from journeyseo.planning.columns import PLAN_FIELDS
from journeyseo.planning.statuses import statuses
from journeyseo.tables import CLOSED, SUGGESTIONS

_REASONS = {
    "rejected": {
        "en": "rejected by the planner",
        "zh-Hans": "策划人员已否决",
        "zh-Hant": "規劃人員已否決",
    },
    "published": {
        "en": "published, and nothing is missing there any more",
        "zh-Hans": "已发布，此处不再有缺口",
        "zh-Hant": "已發布，此處不再有缺口",
    },
    "still-open": {
        "en": "published, but this run still finds something missing there; "
        "check that the page was read and serves the topic and the stage",
        "zh-Hans": "已发布，但本次仍发现不足；请确认该页面已被读取，并且符合主题与阶段",
        "zh-Hant": "已發布，但本次仍發現不足；請確認該頁面已被讀取，並且符合主題與階段",
    },
    "gone": {
        "en": "this run does not suggest it any more: it is covered now, or its topic has another name",
        "zh-Hans": "本次不再建议：已被覆盖，或主题名称有变",
        "zh-Hant": "本次不再建議：已被覆蓋，或主題名稱有變",
    },
}


def closed_text(code: str, language: str = "en") -> str:
    """Return why a suggestion is closed (column ``reason``) in words."""
    texts = _REASONS[code]
    return texts.get(language, texts["en"])


def apply_plan(suggestions: pd.DataFrame, plan: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the suggestions that are still work, with the planner's columns, and those that are closed.

    A suggestion is known by its id; where its topic has got another name, and so another id, by its primary
    keyword: then it keeps the id that the plan knows. What was rejected or published is no work any more;
    where a decision's suggestion no longer arises it is closed too. Nothing that a planner wrote is lost: it
    is in one of the two tables.

    Args:
        suggestions: The suggestions of this run.
        plan: What `read_plan` returned.

    Returns:
        The suggestions table, ranked anew, and the closed table (`journeyseo.tables.CLOSED`), by id.
    """
    fields = list(PLAN_FIELDS)
    written = plan.set_index("id")
    written = written[written[fields].notna().any(axis=1)]
    suggestions = suggestions.assign(id=suggestions["id"].replace(_renamed(suggestions, written, plan["id"])))
    shuts = {key for key, status in statuses().items() if status.closes}
    found = suggestions.drop(columns=fields).join(written[fields], on="id")
    closing = found["status"].isin(shuts)
    work = found[~closing].reset_index(drop=True)
    work["rank"] = np.arange(1, len(work) + 1)
    titles = suggestions.set_index("id")["title"]
    over = written[written["status"].isin(shuts) | ~written.index.isin(titles.index)].sort_index()
    closed = over[["title", "primary_keyword", *fields]].reset_index()
    closed["title"] = closed["id"].map(titles).astype("str").fillna(closed["title"])
    arises = closed["id"].isin(titles.index).tolist()
    closed["reason"] = [_reason(s, here) for s, here in zip(closed["status"], arises, strict=True)]
    closed["why"] = [closed_text(code) for code in closed["reason"]]
    return SUGGESTIONS.conform(work), CLOSED.conform(closed)


def _renamed(suggestions: pd.DataFrame, written: pd.DataFrame, listed: pd.Series) -> dict[str, str]:
    """Return the id in the plan of suggestions that it knows by another id, by their own."""
    fresh = suggestions[~suggestions["id"].isin(listed)]
    lost = written[~written.index.isin(suggestions["id"])]
    # One query may lead two briefs, of two stages; which is meant is not known then.
    own = {keyword: ids.iloc[0] for keyword, ids in fresh.groupby("primary_keyword")["id"] if len(ids) == 1}
    old = lost[~lost["primary_keyword"].duplicated(keep=False)]["primary_keyword"]
    return {own[keyword]: str(key) for key, keyword in old.items() if keyword in own}


def _reason(status: object, arises: bool) -> str:
    if status == "rejected":
        return "rejected"
    if status == "published":
        return "still-open" if arises else "published"
    return "gone"
