"""The quality gate: the shipped models against pinned floors on the frozen split.

``python -m journeyseo.training.gate`` exits 1 where a score falls under its floor, or where the
data is not the data that the floors were set on. ``--pin`` sets new floors; it refuses to lower one
unless ``--lower`` is given too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from journeyseo.assets import asset
from journeyseo.classifier import StageClassifier
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.classifier.pages import PageModel
from journeyseo.classifier.stage_classifier import ENGINES
from journeyseo.training.data import digest_of, load_pages, split
from journeyseo.training.models import BASE, PAGES, score_pages, score_queries

FLOORS = ("splits", "floors.json")
# A floor lies this much under the score it was set on, or this many rows where that is more: another
# processor adds in another order, which moves a row or two that stand at a tie.
_SLACK = 0.005
_SLACK_ROWS = 2


def measure() -> dict[str, Any]:
    """Return the digests of the frozen split, every pinned score of the shipped models, and its rows."""
    queries, pages = split(labelled_queries(), "queries").test, split(load_pages(), "pages").test
    reader = BaseModel.load(asset("models", BASE))
    page_scores = score_pages(PageModel.load(asset("models", PAGES), reader))
    found: dict[str, tuple[float, int]] = {
        "pages six labels": (page_scores["accuracy"], len(pages)),
        "pages calibration": (1 - page_scores["calibration_error"], len(pages)),
    }
    found |= {
        f"pages recall {s}": (v, int((pages["stage"] == s).sum())) for s, v in page_scores["recall"].items()
    }
    found |= {
        f"pages language {tag}": (v, int((pages["lang"] == tag).sum()))
        for tag, v in page_scores["languages"].items()
    }
    for engine in ENGINES:
        card = score_queries(StageClassifier(engine=engine))
        found |= {
            f"{engine} six labels": (card.overall.accuracy, card.overall.rows),
            f"{engine} three stages": (card.overall.accuracy_three, card.overall.rows_three),
            f"{engine} calibration": (1 - card.calibration_error, card.overall.rows),
        }
        found |= {
            f"{engine} recall {s}": (v, sum(card.confusion[s].values())) for s, v in card.recall.items()
        }
        found |= {
            f"{engine} language {tag}": (own.accuracy, own.rows)
            for tag, own in card.languages.items()
            if own.rows >= 50
        }
    return {
        "digests": {"queries": digest_of(queries), "pages": digest_of(pages)},
        "scores": {name: score for name, (score, _) in found.items()},
        "rows": {name: rows for name, (_, rows) in found.items()},
    }


def failures(measured: Mapping[str, Any], pinned: Mapping[str, Any]) -> list[str]:
    """Return what is wrong, in words; empty where the gate holds."""
    found = [
        f"the frozen {kind} are not those that the floors were set on"
        for kind, digest in pinned["digests"].items()
        if measured["digests"][kind] != digest
    ]
    for name, floor in pinned["floors"].items():
        score = measured["scores"].get(name)
        if score is None:
            found.append(f"{name} is not measured any more")
        elif score < floor:
            found.append(f"{name} is {score:.4f}, under its floor {floor:.4f}")
    return found


def pin(measured: Mapping[str, Any], old: Mapping[str, Any] | None, *, lower: bool) -> dict[str, Any]:
    """Return new floors; raise `ValueError` where one would be lower than before without `lower`."""
    rows = measured["rows"]
    floors = {
        name: round(score - max(_SLACK, _SLACK_ROWS / rows[name]), 4)
        for name, score in sorted(measured["scores"].items())
    }
    if old is not None and not lower:
        down = [n for n, f in old["floors"].items() if floors.get(n, -1.0) < f]
        if down:
            raise ValueError(f"These floors would fall: {', '.join(down)}. Give --lower if it is meant.")
    return {"digests": dict(measured["digests"]), "floors": floors}


def main() -> None:
    """Check or pin the floors, and exit."""
    path = Path(asset("data", "splits")) / FLOORS[1]
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    measured = measure()
    if "--pin" in sys.argv:
        try:
            new = pin(measured, old, lower="--lower" in sys.argv)
        except ValueError as error:
            sys.exit(str(error))
        path.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        sys.stdout.write(f"Pinned {len(new['floors'])} floors.\n")
        return
    if old is None:
        sys.exit("There are no floors; set them with --pin.")
    wrong = failures(measured, old)
    for line in wrong:
        sys.stderr.write(f"GATE: {line}\n")
    if wrong:
        sys.exit(1)
    sys.stdout.write(f"Quality gate: {len(old['floors'])} floors hold.\n")


if __name__ == "__main__":
    main()
