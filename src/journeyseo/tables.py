"""The column contract of every table that travels between the steps.

A table is a pandas DataFrame. Each column is declared once here: name, type, unit, meaning and
whether it may be missing. Vectors are numpy arrays beside a table, never in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from journeyseo.contract import COUNT, FLAG, LABEL, NUMBER, TEXT, Column, Table
from journeyseo.stages import STAGES


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain Python data; what is missing is None."""
    plain = frame.astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return [{str(k): v.item() if hasattr(v, "item") else v for k, v in row.items()} for row in rows]


KEYWORDS = Table(
    "keywords",
    "a distinct query in a language and country",
    (
        Column("query", TEXT, "the query as read", required=True),
        Column("volume", NUMBER, "searches per month"),
        Column("volume_low", NUMBER, "lower end where the source gives a range, searches per month"),
        Column("volume_high", NUMBER, "upper end where the source gives a range, searches per month"),
        Column("volume_unit", TEXT, "unit of the volume as read: month or day"),
        Column("volume_is_bucket", FLAG, "whether the volume is the middle of a range"),
        Column("impressions", NUMBER, "search impressions in the period"),
        Column("clicks", NUMBER, "search clicks in the period"),
        Column("ctr", NUMBER, "clicks over impressions, 0 to 1"),
        Column("position", NUMBER, "average position, 1 is the top"),
        Column("url", TEXT, "landing page that ranks for the query"),
        Column("cpc", NUMBER, "cost per click in `currency`"),
        Column("currency", TEXT, "ISO code of cpc"),
        Column("competition", NUMBER, "paid competition, 0 to 1"),
        Column("difficulty", NUMBER, "organic keyword difficulty, 0 to 100"),
        Column("vendor_intent", TEXT, "intent column of the vendor, as read"),
        Column("serp_features", TEXT, "SERP features, as read"),
        Column("trend", TEXT, "trend column of the vendor, as read"),
        Column("language", TEXT, "BCP 47 language of the query"),
        Column("country", TEXT, "ISO 3166 alpha-2 code of the country; as read where it is none known"),
        Column("device", TEXT, "device, as read"),
        Column("period_start", TEXT, "first day of the data, ISO date"),
        Column("period_end", TEXT, "last day of the data, ISO date"),
        Column("brand", FLAG, "whether it names the team's brand, where one was given"),
        Column("source", TEXT, "file that the row came from, with the format"),
        Column("source_row", COUNT, "row in that file, the header's row counted, 1 is the first"),
        Column("n_merged", COUNT, "rows merged into this one"),
        Column("sources", TEXT, "file and row of each value that is not of `source` and `source_row`"),
    ),
)

STAGE_COLUMNS = (
    Column("stage", LABEL, "canonical stage, the most probable label"),
    Column("journey_stage", LABEL, "stage of the chosen journey, or outside"),
    Column("confidence", NUMBER, "calibrated probability of `stage`, 0 to 1"),
    Column("unclear", FLAG, "whether `confidence` is below one half; the label stays"),
    Column("second_stage", LABEL, "next most probable label"),
    *(Column(f"p_{s}", NUMBER, f"calibrated probability of {s}, 0 to 1") for s in STAGES),
    Column("engine", TEXT, "engine and version that gave the label"),
    Column("reason", TEXT, "what carried the label, as a sentence in English"),
    Column("carried_by", TEXT, "the word that carried the label, or parts of a page; empty where none did"),
)

STAGED_KEYWORDS = Table("staged_keywords", KEYWORDS.row, KEYWORDS.columns + STAGE_COLUMNS)

PAGES = Table(
    "pages",
    "a URL",
    (
        Column("url", TEXT, "address of the page", required=True),
        Column("title", TEXT, "title element"),
        Column("description", TEXT, "meta description"),
        Column("h1", TEXT, "first h1"),
        Column("headings", TEXT, "h2 and h3, one per line"),
        Column("text", TEXT, "main text without navigation"),
        Column("sections", TEXT, "of a long page each h2 and h3 with its text, a JSON list on one line"),
        Column("words", NUMBER, "words in the main text; a Han or kana character counts half"),
        Column("language", TEXT, "BCP 47 language of the page"),
        Column("canonical", TEXT, "canonical address"),
        Column("status", COUNT, "HTTP status"),
        Column("indexable", FLAG, "whether search engines may list it"),
        Column("schema_types", TEXT, "schema.org types, separated by blanks"),
        Column("outlinks", TEXT, "addresses it links to from its main part, one per line"),
        Column("lastmod", TEXT, "last change, ISO date"),
        Column("has_price", FLAG, "whether it shows a price"),
        Column("has_form", FLAG, "whether it has a form other than search"),
        Column("clicks", NUMBER, "search clicks in the period"),
        Column("impressions", NUMBER, "search impressions in the period"),
        Column("position", NUMBER, "average position, 1 is the top"),
        Column("sessions", NUMBER, "visits that began on the page in the period"),
        Column("source", TEXT, "where the page was read from"),
    ),
)

STAGED_PAGES = Table(
    "staged_pages",
    PAGES.row,
    (
        *PAGES.columns,
        *STAGE_COLUMNS,
        Column("also_serves", TEXT, "other stages that a section of it serves, one per line"),
    ),
)

SECTIONS = Table(
    "sections",
    "a section of a long page: a heading and the text below it",
    (
        Column("url", TEXT, "address of the page", required=True),
        Column("section", COUNT, "place on the page, 1 is the first"),
        Column("level", COUNT, "2 for an h2, 3 for an h3"),
        Column("heading", TEXT, "the heading", required=True),
        *STAGE_COLUMNS,
    ),
)

CRAWLED_PAGES = Table(
    "crawled_pages",
    PAGES.row,
    (
        *STAGED_PAGES.columns,
        Column("depth", COUNT, "links between the start and the page; 1 where a sitemap lists it"),
        Column("found_on", TEXT, "page or sitemap that first led to it"),
        Column("in_sitemap", FLAG, "whether a sitemap, or the list that was given, names it"),
        Column("inlinks", COUNT, "pages of the site that link to it"),
        Column("duplicate_of", TEXT, "earlier page whose text it repeats"),
        Column("duplicate", TEXT, "exact (the same words) or near"),
        Column("needs_javascript", FLAG, "whether it is empty until a browser runs its scripts"),
        Column(
            "rendered", TEXT, "yes where a browser rendered it, else why not, as a code; empty if not tried"
        ),
        Column("refused", TEXT, "requests of its scripts that came to nothing, by reason"),
    ),
)

SKIPPED = Table(
    "skipped",
    "an address that was found and gave no page",
    (
        Column("url", TEXT, "the address", required=True),
        Column("reason", TEXT, "why, as a code", required=True),
        Column("detail", TEXT, "why, in words; the target of a redirect"),
        Column("status", COUNT, "HTTP status, where there was an answer"),
        Column("depth", COUNT, "links between the start and it"),
        Column("found_on", TEXT, "page or sitemap that first led to it"),
    ),
)

DEAD_LINKS = Table(
    "dead_links",
    "a link to an address that does not work",
    (
        Column("source", TEXT, "page that the link stands on", required=True),
        Column("target", TEXT, "address that it leads to", required=True),
        Column("reason", TEXT, "why it does not work, as a code", required=True),
        Column("status", COUNT, "HTTP status, where there was an answer"),
    ),
)

TOPICS = Table(
    "topics",
    "a group of queries on one subject",
    (
        Column("topic", TEXT, "stable key of the topic", required=True),
        Column("name", TEXT, "name, in the queries' own words", required=True),
        Column("queries", COUNT, "number of queries"),
        Column("demand", NUMBER, "sum of the demand of its queries, in the map's unit"),
        Column("language", TEXT, "most frequent language of its queries"),
        Column("exemplars", TEXT, "the queries with most demand, one per line"),
        Column("theme", TEXT, "what it shares with other topics, in the queries' own words; else its name"),
    ),
)

COVERAGE = Table(
    "coverage",
    "a query and the page that serves it best",
    (
        Column("query", TEXT, "the query", required=True),
        Column("language", TEXT, "language of query and page"),
        Column("topic", TEXT, "topic of the query"),
        Column("url", TEXT, "the page"),
        Column("similarity", NUMBER, "likeness of the subjects of query and page, 0 to 1"),
        Column("stage_fit", NUMBER, "probability that query and page serve one stage, 0 to 1"),
        Column("position", NUMBER, "position of the page for the query, where known"),
        Column("basis", TEXT, "rank (the source names the page) or similarity"),
    ),
)

CELLS = Table(
    "cells",
    "a topic crossed with a stage of the journey",
    (
        Column("topic", TEXT, "topic", required=True),
        Column("journey_stage", LABEL, "stage of the journey, or outside", required=True),
        Column("demand", NUMBER, "expected demand: sum of demand x probability of the stage"),
        Column("demand_low", NUMBER, "lower end of the 90 % interval"),
        Column("demand_high", NUMBER, "upper end of the 90 % interval"),
        Column("queries", NUMBER, "expected number of queries"),
        Column("pages", COUNT, "pages that serve it"),
        Column("best_page", TEXT, "page that serves it best"),
        Column("quality", NUMBER, "how well that page serves it, 0 to 1"),
        Column("position", NUMBER, "median position of that page, where known"),
        Column("status", LABEL, "covered, weak, gap, excess or no-demand"),
        Column("deficit", NUMBER, "demand that no page serves: demand x (1 - quality)"),
        Column("reason", TEXT, "the reason of the status, as a code"),
        Column("why", TEXT, "the reason of the status, in English"),
    ),
)

SEGMENTS = Table(
    "segments",
    "a topic crossed with a stage of the journey, for one segment",
    (
        Column("segment", TEXT, "the segment; missing for the queries that are in none"),
        # An empty table of labels does not come back from Parquet as one of labels.
        *(replace(column, kind=TEXT) if column.kind == LABEL else column for column in CELLS.columns),
    ),
)

QUERY_SEGMENTS = Table(
    "query_segments",
    "a query in a segment",
    (
        Column("query", TEXT, "the query", required=True),
        Column("language", TEXT, "language of the query"),
        Column("country", TEXT, "country of the query, as in the keywords"),
        Column("segment", TEXT, "the segment; missing where the query is in none"),
        Column("demand", NUMBER, "demand of the query in the segment, in the map's unit"),
    ),
)

PLAN_COLUMNS = (
    Column("status", TEXT, "what became of it: planned, writing, later, published or rejected"),
    Column("owner", TEXT, "who does it"),
    Column("due", TEXT, "when it is due, ISO date"),
    Column("decision", TEXT, "what was decided, in the planner's words"),
    Column("notes", TEXT, "the planner's notes"),
)
"""What planners write beside a suggestion; all of it survives the next run."""

SUGGESTIONS = Table(
    "suggestions",
    "one thing to write or to change",
    (
        Column("id", TEXT, "stable id", required=True),
        Column("rank", COUNT, "place in the order of priority, 1 first"),
        Column("action", TEXT, "new page or change of an existing page"),
        Column("topic", TEXT, "topic"),
        Column("topic_name", TEXT, "name of the topic"),
        Column("journey_stage", TEXT, "stage of the journey"),
        Column("language", TEXT, "language of the content"),
        Column("title", TEXT, "working title"),
        Column("content_type", TEXT, "kind of content"),
        Column("touchpoint", TEXT, "touchpoint"),
        Column("channel", TEXT, "channel"),
        Column("department", TEXT, "department that usually owns it"),
        Column("primary_keyword", TEXT, "the query to aim at"),
        Column("keywords", TEXT, "supporting queries, one per line"),
        Column("questions", TEXT, "questions to answer, one per line"),
        Column("concerns", TEXT, "concerns to answer: price, trust, fit, effort, risk"),
        Column("outline", TEXT, "sections, one per line"),
        Column("call_to_action", TEXT, "what the reader should do next"),
        Column("links_from", TEXT, "pages that should link to it, one per line"),
        Column("links_to", TEXT, "pages that it should link to, one per line"),
        Column("schema_type", TEXT, "schema.org type"),
        Column("kpi", TEXT, "what to measure"),
        Column("page", TEXT, "page to change, where there is one"),
        Column("check_first", TEXT, "page to look at before a new one is written, where one is near"),
        Column("check_reason", TEXT, "why that page, as a code"),
        Column("check_why", TEXT, "why that page, in words"),
        Column("demand", NUMBER, "expected demand of the cell, in the map's unit"),
        Column("demand_low", NUMBER, "lower end of the 90 % interval"),
        Column("demand_high", NUMBER, "upper end of the 90 % interval"),
        Column("clicks", NUMBER, "expected clicks a month at the target position, of the brief's keywords"),
        Column("score", NUMBER, "priority, 0 to 100"),
        Column("score_parts", TEXT, "parts of the score"),
        Column("reason", TEXT, "reason, as a code of the cell"),
        Column("why", TEXT, "reason in a sentence"),
        *PLAN_COLUMNS,
    ),
)

CLOSED = Table(
    "closed",
    "a suggestion that a planner closed, or that no longer arises",
    (
        Column("id", TEXT, "id of the suggestion", required=True),
        Column("title", TEXT, "its working title"),
        Column("primary_keyword", TEXT, "the query that it aims at"),
        *PLAN_COLUMNS,
        Column("reason", TEXT, "why it is closed, as a code: rejected, published, still-open or gone"),
        Column("why", TEXT, "why it is closed, in English"),
    ),
)

FINDINGS = Table(
    "findings",
    "something wrong with pages that exist",
    (
        Column("kind", TEXT, "competing, off-stage or orphan", required=True),
        Column("urls", TEXT, "the pages, one per line, the one to keep first", required=True),
        Column("topic", TEXT, "topic, where it is about one"),
        Column("journey_stage", TEXT, "stage of the pages"),
        Column("language", TEXT, "language of the pages"),
        Column("queries", TEXT, "the queries with most demand that it is about, one per line"),
        Column("demand", NUMBER, "demand of all these queries, in the map's unit"),
        Column("reason", TEXT, "the evidence, as a code"),
        Column("evidence", TEXT, "the evidence, in English"),
        Column("to_do", TEXT, "what to do, in English"),
    ),
)

QUERY_PAGES = Table(
    "query_pages",
    "a query and a page that ranks for it, where the source names several",
    (
        Column("query", TEXT, "the query", required=True),
        Column("language", TEXT, "language of the query"),
        Column("url", TEXT, "the page", required=True),
        Column("impressions", NUMBER, "search impressions of the page for the query"),
        Column("clicks", NUMBER, "search clicks"),
        Column("position", NUMBER, "best position"),
    ),
)

STRIKING_DISTANCE = Table(
    "striking_distance",
    "a query with impressions at positions 4 to 20",
    (
        Column("query", TEXT, "the query", required=True),
        Column("language", TEXT, "language of the query"),
        Column("country", TEXT, "country of the figures, where the source says it"),
        Column("topic", TEXT, "topic of the query; missing where it is on no journey"),
        Column("stage", TEXT, "canonical stage of the query"),
        Column("journey_stage", TEXT, "stage of the journey, or outside"),
        Column("clicks", NUMBER, "search clicks in the period"),
        Column("impressions", NUMBER, "search impressions in the period"),
        Column("ctr", NUMBER, "clicks over impressions, 0 to 1"),
        Column("position", NUMBER, "average position, 1 is the top"),
        Column("url", TEXT, "landing page"),
        Column("basis", TEXT, "rank (the source names the page) or similarity"),
        Column("more_clicks", NUMBER, "clicks more at the target position, in the period; estimated"),
    ),
)

PLAN = Table(
    "plan",
    "a suggestion with what a planner wrote beside it",
    (
        Column("id", TEXT, "id of the suggestion", required=True),
        Column("title", TEXT, "its working title"),
        Column("primary_keyword", TEXT, "the query that it aims at"),
        *PLAN_COLUMNS,
        Column("source", TEXT, "file and sheet that it was read from"),
        Column("source_row", COUNT, "row in that sheet, 1 is the first"),
    ),
)

DROPPED = Table(
    "dropped",
    "a row or page that was read and not used",
    (
        Column("source", TEXT, "file or address", required=True),
        Column("row", COUNT, "row in that file, where it has rows"),
        Column("reason", TEXT, "why it was dropped", required=True),
        Column("text", TEXT, "beginning of what was dropped"),
        Column("column", TEXT, "column that the reason is about, where it is about one"),
    ),
)

ALL_TABLES = (
    KEYWORDS, PAGES, SECTIONS, TOPICS, COVERAGE, CELLS, SUGGESTIONS, CLOSED, FINDINGS, QUERY_PAGES, SEGMENTS,
    QUERY_SEGMENTS, STRIKING_DISTANCE, PLAN, DROPPED,
)  # fmt: skip
CRAWL_TABLES = (CRAWLED_PAGES, SKIPPED, DEAD_LINKS)
