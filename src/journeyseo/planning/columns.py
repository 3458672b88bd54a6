"""The columns of the suggestions as a workbook shows them: the writer and the reader share this list."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from journeyseo.tables import CLOSED, PLAN_COLUMNS, SUGGESTIONS
from journeyseo.wording import report_texts

BRIEF = (
    ("id", "id", 11), ("rank", "rank", 5), ("score", "score", 8), ("stage_name", "stage", 14),
    ("topic_name", "topic", 20), ("action_name", "action", 14), ("title", "working_title", 46),
    ("content_type", "content_type", 20), ("primary_keyword", "keyword", 26), ("keywords", "supporting", 40),
    ("questions", "questions", 40), ("concerns", "concerns", 34), ("outline", "outline", 44),
    ("call_to_action", "call", 30), ("links_from", "links_from", 30), ("links_to", "links_to", 30),
    ("page", "page", 30), ("check_first", "check_first", 30), ("check_why", "check_why", 34),
    ("demand", "demand", 10), ("demand_low", "low", 8), ("demand_high", "high", 8),
    ("clicks", "clicks_short", 8), ("touchpoint", "touchpoint", 22), ("channel", "channel_alone", 18),
    ("department", "owner", 16), ("kpi", "kpi", 30), ("schema_type", "schema", 14), ("why", "why", 34),
    ("score_parts", "score_parts", 34),
)  # fmt: skip
"""What a brief shows: column, name of its heading among the report's texts, width in characters."""

OWN = (
    ("status", "plan_status", 14), ("owner", "plan_owner", 16), ("due", "plan_due", 12),
    ("decision", "plan_decision", 24), ("notes", "plan_notes", 30),
)  # fmt: skip
"""What planners fill in; the same."""

CLOSED_BRIEF = (
    ("id", "id", 11), ("title", "working_title", 46), ("primary_keyword", "keyword", 26), ("why", "why", 34),
)  # fmt: skip
"""What is shown of a closed suggestion beside the planner's own columns; the same."""

PLAN_FIELDS = tuple(column.name for column in PLAN_COLUMNS)


@functools.cache
def columns_by_heading() -> Mapping[str, str]:
    """Return the column of each heading, in every language and as our CSV files name it."""
    found = {name: name for table in (SUGGESTIONS, CLOSED) for name in table.names}
    for texts in report_texts().values():
        for name, key, _ in (*BRIEF, *OWN, *CLOSED_BRIEF):
            found.setdefault(texts[key].casefold(), name)
    return found
