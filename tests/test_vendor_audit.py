"""A vendor's intents against our stages, on numbers worked out by hand."""

import pandas as pd
import pytest

import journeyseo as js
from journeyseo.stages import STAGES
from journeyseo.tables import STAGED_KEYWORDS
from journeyseo.vendor_audit import vendor_stages


def staged(rows):
    """Rows: query, volume, intent, probabilities of awareness, consideration, decision."""
    frame = pd.DataFrame(
        [
            {
                "query": query,
                "volume": volume,
                "vendor_intent": intent,
                "stage": STAGES[max(range(3), key=lambda i: p[i])],
                "reason": "carried by 'x'",
                **{f"p_{s}": v for s, v in zip(STAGES, (*p, 0, 0, 0), strict=True)},
            }
            for query, volume, intent, p in rows
        ]
    )
    return STAGED_KEYWORDS.conform(frame)


ROWS = [
    ("buy a", 100, "Transactional", (0.0, 0.2, 0.8)),
    ("best b", 300, "Informational", (0.1, 0.9, 0.0)),
    ("what c", 500, "Informational, Commercial", (1.0, 0.0, 0.0)),
    ("d", 100, "Navigational", (0.5, 0.5, 0.0)),
    ("e", 1000, None, (1.0, 0.0, 0.0)),
]


def test_agreement_shares_and_what_moves_them():
    audit = js.audit_vendor(staged(ROWS))
    assert (audit.rows, audit.unit, audit.agreement) == (4, "searches a month", 0.5)
    assert audit.shares["vendor"].round(3).to_dict() == {
        "awareness": 0.8, "consideration": 0, "decision": 0.1, "retention": 0, "advocacy": 0, "none": 0.1,
    }  # fmt: skip
    assert audit.shares["ours"].round(3).to_dict() == {
        "awareness": 0.58, "consideration": 0.34, "decision": 0.08, "retention": 0, "advocacy": 0, "none": 0,
    }  # fmt: skip
    assert audit.changes["query"].tolist() == ["best b", "d"]
    assert audit.changes["demand_moved"].tolist() == pytest.approx([270, 100])
    assert audit.table.loc["awareness", "consideration"] == 1
    assert audit.table.to_numpy().sum() == 4
    assert audit.to_dict()["table"]["awareness"]["awareness"] == 1


def test_intents_of_several_tools():
    found = vendor_stages(
        pd.Series(["I", "c", "3", "Navigational", "Commercial|Informational", "", "local", None])
    )
    assert found.fillna("").tolist() == [
        "awareness", "consideration", "decision", "none", "consideration", "", "", "",
    ]  # fmt: skip


def test_without_intents_it_is_an_error():
    with pytest.raises(js.InputError, match="No query has a vendor's intent"):
        js.audit_vendor(staged([("a", 1, None, (1, 0, 0))]))
