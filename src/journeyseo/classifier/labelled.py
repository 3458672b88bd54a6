"""Labelled queries, this project's and a user's, and labels as probabilities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from journeyseo.assets import asset
from journeyseo.errors import FormatError, InputError
from journeyseo.sheets.files import grids_of, read_bytes
from journeyseo.sheets.locate import locate
from journeyseo.stages import STAGES
from journeyseo.text import normalise

# Weight of the second label where the data names one: a blind second labeller had it first in 7 to 10
# of 100 such rows, and one who settles a dispute of two in about a third.
SECOND = 0.12


def check_labels(frame: pd.DataFrame, where: str) -> None:
    """Raise an `InputError` where a stage is none of ours."""
    for column in ("stage", "second_stage"):
        if column not in frame.columns:
            continue
        wrong = frame.loc[~frame[column].isin([*STAGES, ""]), column]
        if len(wrong):
            raise InputError(
                f"Row {int(wrong.index[0]) + 2} has the {column} {wrong.iloc[0]!r}.",
                where=where,
                hint=f"Use: {', '.join(STAGES)}.",
            )


def labelled_queries(folder: Path | None = None) -> pd.DataFrame:
    """Return all labelled queries, once each.

    Columns: query, lang, stage, second_stage, industry, file. Of two rows with one normal form the
    first by file name and row is kept.

    Args:
        folder: Folder of CSV files; the project's own where it is None.
    """
    folder = folder or asset("data", "queries")
    parts = []
    for path in sorted(folder.glob("*.csv")):
        part = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        check_labels(part, str(path))
        parts.append(part.assign(file=path.stem))
    frame = pd.concat(parts, ignore_index=True)
    key = pd.Series(normalise(pa.array(frame["query"].tolist())).to_pylist(), dtype="str")
    return frame[~key.duplicated()].reset_index(drop=True)


def read_labelled(path: str | Path) -> pd.DataFrame:
    """Return a labelled file as a frame: query, stage, second_stage, lang, vendor_intent.

    Args:
        path: CSV, TSV or XLSX with the columns query and stage; second_stage, lang and
            vendor_intent are optional.

    Raises:
        FormatError: A column is missing, or a stage is none of ours.
    """
    return read_numbered(path).drop(columns="row")


def read_numbered(path: str | Path) -> pd.DataFrame:
    """Return what `read_labelled` returns, with the row of the file in the column ``row``."""
    file = Path(path)
    tables = grids_of(read_bytes(file), file.name)
    wanted = ("query", "language", "vendor_intent")
    table = next((t for r in tables if (t := locate(r, "query", wanted))), None)
    header = [h.strip().lower() for h in table.header] if table else []
    if table is None or "stage" not in header:
        raise FormatError(
            f"The file has no columns query and stage (seen: {', '.join(header) or 'no header'}).",
            where=str(path),
            hint="Expected a header such as query,stage,second_stage,lang,vendor_intent.",
        )
    places = {name: table.columns[name][0] for name in wanted if name in table.columns}
    places["stage"] = header.index("stage")
    if "second_stage" in header:
        places["second_stage"] = header.index("second_stage")
    rows = [
        {"row": number, **{name: line[i].strip() for name, i in places.items()}}
        for number, line in table.records([])
    ]
    frame = pd.DataFrame(rows, columns=["row", *places]).rename(columns={"language": "lang"})
    wrong = frame[~frame["stage"].isin(STAGES)]
    if len(wrong):
        raise FormatError(
            f"Row {wrong['row'].iloc[0]} has the stage {wrong['stage'].iloc[0]!r}.",
            where=str(path),
            hint=f"Use: {', '.join(STAGES)}.",
        )
    if frame.empty:
        raise FormatError("The file has a header and no rows.", where=str(path))
    return frame


def first_labels(frame: pd.DataFrame) -> npt.NDArray[np.float32]:
    """Return the first label of each row as probabilities: what confidence is measured against."""
    out: npt.NDArray[np.float32] = np.eye(len(STAGES), dtype=np.float32)[
        [STAGES.index(s) for s in frame["stage"]]
    ]
    return out


def soft_labels(frame: pd.DataFrame) -> npt.NDArray[np.float32]:
    """Return the label of each row as probabilities: the second label has its share."""
    first = np.array([STAGES.index(s) for s in frame["stage"]])
    out: npt.NDArray[np.float32] = np.eye(len(STAGES), dtype=np.float32)[first]
    if "second_stage" in frame.columns:
        for row, second in enumerate(frame["second_stage"]):
            if isinstance(second, str) and second and second != STAGES[first[row]]:
                out[row] *= 1 - SECOND
                out[row, STAGES.index(second)] = SECOND
    return out
