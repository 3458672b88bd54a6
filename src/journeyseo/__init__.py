"""journeyseo: the customer-journey stage of queries and pages, and where content is missing.

The names below are the whole public door; each is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from journeyseo._version import __version__

if TYPE_CHECKING:
    from journeyseo.classifier import StageClassifier
    from journeyseo.coverage import match_coverage
    from journeyseo.crawling import CrawlOptions, Inventory, crawl
    from journeyseo.errors import (
        ConfigError,
        DependencyError,
        FetchError,
        FormatError,
        InputError,
        JourneyseoError,
        ModelError,
        TableError,
    )
    from journeyseo.findings import FindingRules, check_pages
    from journeyseo.gaps import GapRules, find_gaps
    from journeyseo.keywords import read_keywords
    from journeyseo.labels import classify_query
    from journeyseo.next_steps import NextTouchpoint, next_touchpoint, next_touchpoints
    from journeyseo.pages import read_pages
    from journeyseo.pipeline import classify_keywords, classify_pages, map_journey
    from journeyseo.planning import read_plan
    from journeyseo.report import write_report
    from journeyseo.results import JourneyMap, ReadReport, StageLabel
    from journeyseo.scorecard import ScoreCard, evaluate
    from journeyseo.stages import STAGES, Journey, journey_names, load_journey
    from journeyseo.suggest import suggest_content
    from journeyseo.topic_edits import edit_topics, read_topic_edits
    from journeyseo.topics import group_topics
    from journeyseo.vendor_audit import VendorAudit, audit_vendor
    from journeyseo.whatif import gap_changes, suggestion_changes, what_if

_HOME = {
    "StageClassifier": "classifier",
    "match_coverage": "coverage",
    "CrawlOptions": "crawling",
    "Inventory": "crawling",
    "crawl": "crawling",
    "ConfigError": "errors",
    "DependencyError": "errors",
    "FetchError": "errors",
    "FormatError": "errors",
    "InputError": "errors",
    "JourneyseoError": "errors",
    "ModelError": "errors",
    "TableError": "errors",
    "ScoreCard": "scorecard",
    "evaluate": "scorecard",
    "FindingRules": "findings",
    "check_pages": "findings",
    "GapRules": "gaps",
    "find_gaps": "gaps",
    "read_keywords": "keywords",
    "classify_query": "labels",
    "NextTouchpoint": "next_steps",
    "next_touchpoint": "next_steps",
    "next_touchpoints": "next_steps",
    "read_pages": "pages",
    "classify_keywords": "pipeline",
    "classify_pages": "pipeline",
    "map_journey": "pipeline",
    "read_plan": "planning",
    "write_report": "report",
    "JourneyMap": "results",
    "ReadReport": "results",
    "StageLabel": "results",
    "STAGES": "stages",
    "Journey": "stages",
    "journey_names": "stages",
    "load_journey": "stages",
    "suggest_content": "suggest",
    "edit_topics": "topic_edits",
    "read_topic_edits": "topic_edits",
    "group_topics": "topics",
    "VendorAudit": "vendor_audit",
    "audit_vendor": "vendor_audit",
    "gap_changes": "whatif",
    "suggestion_changes": "whatif",
    "what_if": "whatif",
}

__all__ = [
    "STAGES",
    "ConfigError",
    "CrawlOptions",
    "DependencyError",
    "FetchError",
    "FindingRules",
    "FormatError",
    "GapRules",
    "InputError",
    "Inventory",
    "Journey",
    "JourneyMap",
    "JourneyseoError",
    "ModelError",
    "NextTouchpoint",
    "ReadReport",
    "ScoreCard",
    "StageClassifier",
    "StageLabel",
    "TableError",
    "VendorAudit",
    "__version__",
    "audit_vendor",
    "check_pages",
    "classify_keywords",
    "classify_pages",
    "classify_query",
    "crawl",
    "edit_topics",
    "evaluate",
    "find_gaps",
    "gap_changes",
    "group_topics",
    "journey_names",
    "load_journey",
    "map_journey",
    "match_coverage",
    "next_touchpoint",
    "next_touchpoints",
    "read_keywords",
    "read_pages",
    "read_plan",
    "read_topic_edits",
    "suggest_content",
    "suggestion_changes",
    "what_if",
    "write_report",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'journeyseo' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"journeyseo.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
