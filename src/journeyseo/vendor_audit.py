"""The intent column of a vendor's export beside our stages: where they differ, and what that moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from journeyseo.demand import choose_demand
from journeyseo.errors import InputError
from journeyseo.stages import STAGES
from journeyseo.tables import records

# What a vendor's intent says of the stage. Semrush writes words or the numbers 0 to 3, Ahrefs flags
# that the reader turns into words.
_STAGE_OF: Mapping[str, str] = {
    "informational": "awareness", "i": "awareness", "1": "awareness",
    "commercial": "consideration", "c": "consideration", "0": "consideration",
    "transactional": "decision", "t": "decision", "3": "decision",
    "navigational": "none", "n": "none", "2": "none",
}  # fmt: skip
_COMPARED = ("awareness", "consideration", "decision", "none")
_SHOWN = 20


def vendor_stages(intents: pd.Series) -> pd.Series:
    """Return the stage that each vendor's intent stands for; missing where it says nothing.

    Of several intents the first counts. Navigational is ``none``.

    Args:
        intents: The column as read.
    """
    first = intents.fillna("").astype("str").str.lower().str.split(r"[,|]").str[0].str.strip()
    return first.map(_STAGE_OF)


@dataclass(frozen=True)
class VendorAudit:
    """A vendor's intents against our stages.

    Attributes:
        rows: Queries that have an intent.
        unit: Unit of the demand.
        agreement: Share of them whose intent stands for our most probable stage.
        table: Queries by the vendor's stage (index) and ours (columns).
        shares: Share of the demand by stage: the vendor's, ours, and the difference. Ours is expected
            demand: the sum of demand x probability.
        changes: The queries whose intent moves those shares most: query, demand, the vendor's stage, ours,
            our probability of the vendor's, the demand moved, and our reason.
    """

    rows: int
    unit: str
    agreement: float
    table: pd.DataFrame
    shares: pd.DataFrame
    changes: pd.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "rows": self.rows,
            "unit": self.unit,
            "agreement": self.agreement,
            "table": {str(k): {str(s): int(n) for s, n in row.items()} for k, row in self.table.iterrows()},
            "shares": records(self.shares.reset_index()),
            "changes": records(self.changes),
        }


def audit_vendor(staged: pd.DataFrame) -> VendorAudit:
    """Return how a vendor's intents compare with our stages.

    Args:
        staged: The staged keywords table, as `journeyseo.classify_keywords` returns it.

    Raises:
        InputError: No query has an intent.
    """
    theirs = vendor_stages(staged["vendor_intent"])
    own = staged[theirs.notna()].reset_index(drop=True)
    theirs = theirs.dropna().reset_index(drop=True)
    if own.empty:
        raise InputError(
            "No query has a vendor's intent.",
            hint="Export the column of intents too (Semrush: Intent; Ahrefs: Informational, Commercial ...).",
        )
    demand = choose_demand(own)
    weight = demand.values.to_numpy(dtype=np.float64, na_value=0.0)  # noqa: PD011  # no frame
    p = own[[f"p_{stage}" for stage in STAGES]].to_numpy(dtype=np.float64)
    total = max(float(weight.sum()), 1e-12)
    shares = pd.DataFrame(
        {
            "vendor": [float(weight[(theirs == s).to_numpy()].sum()) / total for s in STAGES],
            "ours": (weight[:, None] * p).sum(axis=0) / total,
        },
        index=pd.Index(STAGES, name="stage"),
    )
    shares["difference"] = shares["ours"] - shares["vendor"]
    place = theirs.map({s: i for i, s in enumerate(STAGES)}).to_numpy(dtype=np.int64)
    ours = own["stage"].astype("str")
    of_theirs = p[np.arange(len(own)), place]
    changes = pd.DataFrame(
        {
            "query": own["query"],
            "demand": weight,
            "vendor_stage": theirs,
            "stage": ours,
            "p_vendor_stage": of_theirs,
            "demand_moved": weight * (1 - of_theirs),
            "reason": own["reason"],
        }
    )
    changes = changes[(theirs != ours).to_numpy()].sort_values(
        ["demand_moved", "query"], ascending=[False, True]
    )
    table = pd.crosstab(theirs, ours).reindex(index=list(_COMPARED), columns=list(STAGES), fill_value=0)
    table.index.name, table.columns.name = "vendor", "ours"
    return VendorAudit(
        len(own),
        demand.unit,
        float((theirs == ours).mean()),
        table,
        shares,
        changes.head(_SHOWN).reset_index(drop=True),
    )
