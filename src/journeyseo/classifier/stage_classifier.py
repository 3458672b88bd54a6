"""StageClassifier: the journey stage of queries and pages, with doubt and reasons."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from journeyseo.assets import asset
from journeyseo.classifier.linear import Floats, LinearModel, as_arrow
from journeyseo.cues import FILLER, find_cues
from journeyseo.errors import ConfigError
from journeyseo.languages import detect_languages
from journeyseo.results import Contribution, StageLabel
from journeyseo.stages import DEFAULT_JOURNEY, OUTSIDE, STAGES, Journey, load_journey

if TYPE_CHECKING:
    from journeyseo.classifier.pages import PageModel

_STAGE = pd.CategoricalDtype(list(STAGES))

ENGINES = ("fast",)
"""Engines that come with the package."""


class Engine(Protocol):
    """What gives probabilities for queries."""

    @property
    def name(self) -> str:
        """Kind and version."""

    def probabilities(self, texts: pa.Array) -> Floats:
        """Return calibrated probabilities, one row a text, in the order of `STAGES`."""

    def strongest(self, texts: pa.Array, labels: npt.NDArray[np.int64]) -> list[str]:
        """Return the words of each text that carried its label."""

    def word_shares(self, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
        """Return each word of a text with its share in the scores of the labels."""


@functools.lru_cache(maxsize=4)
def _fast(folder: str) -> LinearModel:
    return LinearModel.load(Path(folder), "queries-fast")


@functools.lru_cache(maxsize=2)
def _pages(folder: str, queries: str) -> PageModel:
    from journeyseo.classifier.pages import PageModel

    return PageModel.load(Path(folder), _fast(queries))


class StageClassifier:
    """Says which journey stage queries and pages serve.

    Args:
        engine: ``fast``: a linear model over character and word n-grams, in any language.
        journey: Name of a journey, a TOML file, or a `Journey`.
        encoder: A sentence-transformers model (object, folder or name) to use in place of the
            engine; a head is then trained on `training_data`. Needs the extra ``transformers``.
        training_data: Frame with query, stage and, if wanted, second_stage for the encoder's head;
            this project's labelled queries where it is None.
        force: Give the nearest stage of the journey to texts that fall outside it.

    Raises:
        ConfigError: There is no such engine or journey.
        ModelError: The model is missing or damaged.
        DependencyError: `encoder` is given and sentence-transformers is not installed.

    Example:
        >>> StageClassifier().classify(["best running shoes"])["stage"][0]
        'consideration'
    """

    def __init__(
        self,
        *,
        engine: str = "fast",
        journey: str | Path | Journey = DEFAULT_JOURNEY,
        encoder: Any = None,
        training_data: pd.DataFrame | None = None,
        force: bool = False,
    ) -> None:
        if engine not in ENGINES:
            raise ConfigError(f"There is no engine {engine!r}.", hint=f"Use one of: {', '.join(ENGINES)}.")
        self.journey = load_journey(journey)
        self.force = force
        self._fast_folder = str(asset("models", "queries-fast"))
        self._engine: Engine
        if encoder is None:
            self._engine = _fast(self._fast_folder)
        else:
            from journeyseo.classifier.encoder import EncoderEngine

            self._engine = EncoderEngine(encoder, training_data)

    @property
    def engine(self) -> str:
        """Engine and version, as in the column ``engine``."""
        return self._engine.name

    def predict_proba(self, queries: Sequence[str] | pd.Series) -> Floats:
        """Return calibrated probabilities, one row a query, in the order of `STAGES`."""
        texts = as_arrow(list(queries))
        encoded = pc.dictionary_encode(texts)
        distinct = self._engine.probabilities(encoded.dictionary)
        found: Floats = distinct[encoded.indices.to_numpy(zero_copy_only=False)]
        return found

    def predict(self, queries: Sequence[str] | pd.Series) -> npt.NDArray[np.str_]:
        """Return the canonical stage of each query."""
        stages: npt.NDArray[np.str_] = np.array(STAGES)[self.predict_proba(queries).argmax(axis=1)]
        return stages

    def classify(self, queries: Sequence[str] | pd.Series, *, reasons: bool = True) -> pd.DataFrame:
        """Return the stage columns (`journeyseo.tables.STAGE_COLUMNS`) of queries.

        Args:
            queries: Queries as typed.
            reasons: Whether to fill in the column ``reason``.
        """
        texts = as_arrow(list(queries))
        encoded = pc.dictionary_encode(texts)
        distinct = self._engine.probabilities(encoded.dictionary)
        at = encoded.indices.to_numpy(zero_copy_only=False)
        words: list[str] = []
        if reasons:
            words = self._engine.strongest(encoded.dictionary, distinct.argmax(axis=1))
        why = [f"carried by '{words[i]}'" if words[i] else "" for i in at] if reasons else None
        return self._frame(distinct[at], self._engine.name, why)

    def classify_pages(self, pages: pd.DataFrame) -> pd.DataFrame:
        """Return the stage columns of pages.

        Args:
            pages: The pages table, or any frame with title, description, headings or text.
        """
        model = _pages(str(asset("models", "pages-linear")), self._fast_folder)
        probabilities, reasons = model.classify(pages)
        frame = self._frame(probabilities, model.name, reasons)
        return frame.set_index(pages.index)

    def explain(self, query: str, *, language: str | None = None) -> StageLabel:
        """Return the label of one query with the words that carried it and the counterfactual.

        Args:
            query: The query.
            language: Its language, for the cue words; found where it is None.
        """
        probabilities = self.predict_proba([query])[0]
        order = np.argsort(-probabilities, kind="stable")
        best = int(order[0])
        shares = self._engine.word_shares(query)
        lead = sorted(
            (Contribution(word, round(float(s[best] - np.delete(s, best).mean()), 3)) for word, s in shares),
            key=lambda c: -c.weight,
        )
        other = ""
        if lead and len(lead) > 1 and lead[0].weight > 0:
            rest = " ".join(word for word, _ in shares if word != lead[0].text)
            without = STAGES[int(self.predict_proba([rest])[0].argmax())] if rest else ""
            other = without if without != STAGES[best] else ""
        tag = language or detect_languages([query])[0]
        cues = tuple((c.text, c.stage) for c in find_cues([query], [tag])[0] if c.stage != FILLER)
        return StageLabel(
            query,
            STAGES[best],
            self._journey_stage(probabilities[None, :])[0],
            round(float(probabilities[best]), 4),
            STAGES[int(order[1])],
            {s: round(float(p), 4) for s, p in zip(STAGES, probabilities, strict=True)},
            tuple(lead),
            other,
            cues,
            self.engine,
        )

    def _journey_stage(self, probabilities: Floats) -> list[str]:
        names = [self.journey.stage_of(s) for s in STAGES]
        best = probabilities.argmax(axis=1)
        if self.force:
            inside = np.array([name != OUTSIDE for name in names])
            best = np.where(inside, probabilities, -1).argmax(axis=1)
        return [names[i] for i in best]

    def _frame(self, probabilities: Floats, engine: str, reasons: Sequence[str] | None) -> pd.DataFrame:
        best = probabilities.argmax(axis=1)
        rest = probabilities.copy()
        rest[np.arange(len(rest)), best] = -1
        keys = [*self.journey.keys, OUTSIDE]
        journey = pd.Categorical(self._journey_stage(probabilities), categories=keys)
        columns: dict[str, object] = {
            "stage": pd.Categorical.from_codes(best, dtype=_STAGE),
            "journey_stage": journey,
            "confidence": probabilities[np.arange(len(rest)), best].astype(np.float64),
            "second_stage": pd.Categorical.from_codes(rest.argmax(axis=1), dtype=_STAGE),
        }
        for i, stage in enumerate(STAGES):
            columns[f"p_{stage}"] = probabilities[:, i].astype(np.float64)
        frame = pd.DataFrame(columns)
        frame["engine"] = pd.Series([engine] * len(frame), dtype="str")
        frame["reason"] = pd.Series(reasons if reasons is not None else [""] * len(frame), dtype="str")
        return frame
