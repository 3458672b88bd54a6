"""Where a reader goes next: from a page or a query to the page of a following stage, or to the gap there."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from journeyseo.coverage import page_key
from journeyseo.errors import InputError
from journeyseo.results import JourneyMap
from journeyseo.stages import OUTSIDE


@dataclass(frozen=True)
class NextTouchpoint:
    """The step that follows a page or a query.

    Journeys are not linear; the order of the journey's stages is used here only to point one arrow onwards.

    Attributes:
        of: The page's address, or the query.
        topic: Its topic; empty where it has none.
        stage: Its stage of the journey.
        next_stage: The next stage that the topic has demand for; empty where none follows.
        page: The page that serves it; empty where there is none.
        linked: Whether the page that it is about links to that page already; None where that is not known.
        suggestion: Id of the suggestion for that stage; empty where there is none.
        status: Status of that cell: covered, weak, excess or gap; empty where none follows.
    """

    of: str
    topic: str
    stage: str
    next_stage: str = ""
    page: str = ""
    linked: bool | None = None
    suggestion: str = ""
    status: str = ""

    def __str__(self) -> str:
        if not self.topic:
            return f"{self.of}: it belongs to no topic of this map"
        if not self.next_stage:
            return f"{self.of} ({self.stage}): no stage with demand follows in {self.topic!r}"
        if not self.page:
            return f"{self.of} ({self.stage}) -> {self.next_stage}: a gap; see suggestion {self.suggestion}"
        has = {True: ", linked already", False: ", add a link", None: ""}[self.linked]
        return f"{self.of} ({self.stage}) -> {self.next_stage}: {self.page}{has}"


def next_touchpoint(journey_map: JourneyMap, page_or_query: str) -> NextTouchpoint:
    """Return the step that follows a page or a query of a map.

    Args:
        journey_map: The map.
        page_or_query: Address of one of its pages, or one of its queries.

    Raises:
        InputError: It is neither.
    """
    pages, keywords = journey_map.pages, journey_map.keywords
    key = page_key(page_or_query)
    at = [i for i, url in enumerate(pages["url"]) if page_key(url) == key]
    if at:
        row = pages.iloc[at[0]]
        return _step(journey_map, str(row["url"]), row["topic"], str(row["journey_stage"]), row)
    own = keywords[keywords["query"] == page_or_query]
    if own.empty:
        raise InputError(
            f"The map has neither a page nor a query {page_or_query[:80]!r}.",
            hint="Give the address of a page, or a query as it stands in the map's keywords.",
        )
    query = own.iloc[0]
    served = journey_map.coverage.loc[journey_map.coverage["query"] == page_or_query, "url"].dropna()
    page = pages[pages["url"].isin(served)]
    return _step(
        journey_map,
        page_or_query,
        query["topic"],
        str(query["journey_stage"]),
        None if page.empty else page.iloc[0],
    )


def next_touchpoints(journey_map: JourneyMap) -> pd.DataFrame:
    """Return the step that follows each page that has a topic and a stage of the journey.

    Args:
        journey_map: The map.

    Returns:
        One row a page, with the attributes of `NextTouchpoint` as columns; pages in the order of the map.
    """
    pages = journey_map.pages
    own = pages[pages["topic"].notna() & (pages["journey_stage"] != OUTSIDE)]
    steps = [
        _step(journey_map, str(row["url"]), row["topic"], str(row["journey_stage"]), row)
        for _, row in own.iterrows()
    ]
    names = list(NextTouchpoint.__dataclass_fields__)
    table = pd.DataFrame([[getattr(step, name) for name in names] for step in steps], columns=names)
    return table.astype({"linked": "boolean"})


def _step(
    journey_map: JourneyMap, of: str, topic: object, stage: str, page: pd.Series | None
) -> NextTouchpoint:
    if not isinstance(topic, str) or not topic:
        return NextTouchpoint(of, "", stage)
    cells = journey_map.cells[journey_map.cells["topic"] == topic].set_index("journey_stage")
    keys = [str(s["key"]) for s in journey_map.provenance["stages"]]
    following = keys[keys.index(stage) + 1 :] if stage in keys else []
    own = "" if page is None else page_key(str(page["url"]))
    for key in following:
        if key not in cells.index or cells.at[key, "status"] == "no-demand":
            continue
        status, best = str(cells.at[key, "status"]), cells.at[key, "best_page"]
        if status == "gap" or not isinstance(best, str):
            return NextTouchpoint(
                of, topic, stage, key, "", None, _suggestion(journey_map, topic, key), status
            )
        if page_key(best) == own:
            continue  # the page serves that stage itself
        linked = None
        if page is not None and isinstance(page["outlinks"], str):
            linked = page_key(best) in {page_key(url) for url in page["outlinks"].splitlines()}
        suggestion = _suggestion(journey_map, topic, key)
        return NextTouchpoint(of, topic, stage, key, best, linked, suggestion, status)
    return NextTouchpoint(of, topic, stage)


def _suggestion(journey_map: JourneyMap, topic: str, stage: str) -> str:
    table = journey_map.suggestions
    found = table.loc[(table["topic"] == topic) & (table["journey_stage"] == stage), "id"]
    return "" if found.empty else str(found.iloc[0])
