"""Whether the stages of sections tell the second stage that a page was labelled with, and what they cost.

    python -m benchmarks.sections

On the whole pages of ``data/pages/whole`` that are long enough to have sections. A second stage is the
labeller's, of the page and not of a section, and need not stand in a section; a page without one may well
have sections of another stage. So both columns are only bounds. Chooses `journeyseo.sections.SURE`.
"""

from __future__ import annotations

import time

import pandas as pd

from journeyseo.assets import asset
from journeyseo.classifier import StageClassifier
from journeyseo.pages.extract import extract
from journeyseo.sections import classify_sections
from journeyseo.stages import MAIN_STAGES


def _long_pages() -> pd.DataFrame:
    rows = []
    for listing in sorted(asset("data", "pages", "whole").glob("*/labels.csv")):
        for label in pd.read_csv(listing, dtype=str, keep_default_na=False).to_dict("records"):
            page = extract((listing.parent / label["file"]).read_bytes(), label["url"])
            if page is not None and page["sections"]:
                rows.append(page | {"true": label["stage"], "second_stage": label["second_stage"]})
    return pd.DataFrame(rows)


def main() -> None:
    """Measure and print."""
    pages = _long_pages()
    judge = StageClassifier()
    judge.classify_pages(pages.head(1))  # loads the models
    start = time.perf_counter()
    judge.classify_pages(pages)
    read = time.perf_counter()
    sections = classify_sections(pages, judge)
    end = time.perf_counter()
    print(f"{len(pages)} pages in {read - start:.1f} s, {len(sections)} sections in {end - read:.1f} s")
    said = pages.set_index("url")
    main_stages = list(MAIN_STAGES)
    second = said["second_stage"].where(said["second_stage"].isin(main_stages))
    print("sure  second stage found  another stage on pages without a second one")
    for sure in (0.5, 0.6, 0.7, 0.8, 0.9):
        stage = sections["stage"].astype(str)
        own = sections["url"].map(said["true"])
        found = sections[stage.isin(main_stages) & (stage != own) & (sections["confidence"] >= sure)]
        named = {(url, str(s)) for url, s in zip(found["url"], found["stage"], strict=True)}
        right = sum((url, s) in named for url, s in second.dropna().items())
        more = pd.Series(second[second.isna()].index).isin(found["url"]).sum()
        print(f"{sure:4.1f}  {right:4} of {second.notna().sum():3}  {more:12} of {second.isna().sum():3}")


if __name__ == "__main__":
    main()
