"""StageClassifier: the journey stage of queries and pages, with doubt and reasons."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from journeyseo.assets import asset
from journeyseo.classifier.corrections import CORRECTED, Corrected, Corrections, read_corrections
from journeyseo.classifier.engine import Answer, Engine, Floats
from journeyseo.classifier.explain import weigh_words
from journeyseo.classifier.journey_shares import JourneyShares
from journeyseo.classifier.linear import LinearModel, as_arrow
from journeyseo.classifier.nearest import nearest_labelled
from journeyseo.classifier.reasons import Reasons
from journeyseo.cues import FILLER, find_cues
from journeyseo.errors import ConfigError, InputError
from journeyseo.languages import detect_languages
from journeyseo.results import StageLabel
from journeyseo.similarity import Meaning
from journeyseo.stages import DEFAULT_JOURNEY, OUTSIDE, STAGES, Journey, load_journey, share_column

if TYPE_CHECKING:
    from journeyseo.classifier.base import BaseModel
    from journeyseo.classifier.pages import PageModel

_STAGE = pd.CategoricalDtype(list(STAGES))

ENGINES = ("auto", "base", "fast")
"""Engines that come with the package."""

UNCLEAR = 0.5
"""Confidence below which a label is marked unclear: it is then more likely wrong than right, since
confidence is calibrated. The label stays, and counts as any other."""


def _fast_folder() -> str:
    return str(asset("models", "queries-fast"))


@functools.lru_cache(maxsize=4)
def _fast(folder: str) -> LinearModel:
    return LinearModel.load(Path(folder), "queries-fast")


@functools.lru_cache(maxsize=2)
def _base(folder: str) -> BaseModel:
    from journeyseo.classifier.base import BaseModel

    # Read when the first reason is asked for.
    return BaseModel.load(Path(folder), hints=lambda texts: _fast(_fast_folder()).scores(texts))


@functools.lru_cache(maxsize=2)
def _pages(folder: str, reader: str) -> PageModel:
    from journeyseo.classifier.pages import PageModel

    return PageModel.load(Path(folder), _base(reader))


class StageClassifier:
    """Says which journey stage queries and pages serve.

    Args:
        engine: ``fast``: a linear model over character and word n-grams; ``base``: a fine-tuned
            multilingual encoder; ``auto``: fast, and base for the queries that fast is not sure of.
            Or an object that answers as one (`journeyseo.classifier.engine.Engine`).
        threshold: Confidence from which ``auto`` lets fast's answer stand, 0 to 1; the measured one
            where it is None. Lower is quicker.
        journey: Name of a journey, a TOML file, or a `Journey`.
        corrections: A file or frame with query and stage. A query in it keeps its stage; of ``base``,
            and of ``auto`` where base answers, queries near it learn from it.
        encoder: A sentence-transformers model (object, folder or name) to use in place of the
            engine; a head is then trained on `training_data`. Needs the extra ``transformers``.
        training_data: Frame with query, stage and, if wanted, second_stage for the encoder's head;
            this project's labelled queries where it is None.
        force: Give the nearest stage of the journey to texts that fall outside it.

    Raises:
        ConfigError: There is no such engine or journey, the threshold does not fit, or the engine has no
            vectors for a journey that needs them.
        ModelError: The model is missing or damaged.
        DependencyError: `encoder` is given and sentence-transformers is not installed.

    Example:
        >>> StageClassifier().classify(["best running shoes"])["stage"][0]
        'consideration'
    """

    def __init__(
        self,
        *,
        engine: str | Engine = "auto",
        threshold: float | None = None,
        journey: str | Path | Journey = DEFAULT_JOURNEY,
        corrections: str | Path | pd.DataFrame | None = None,
        encoder: Any = None,
        training_data: pd.DataFrame | None = None,
        force: bool = False,
    ) -> None:
        if isinstance(engine, str) and engine not in ENGINES:
            raise ConfigError(f"There is no engine {engine!r}.", hint=f"Use one of: {', '.join(ENGINES)}.")
        if threshold is not None and (engine != "auto" or not 0 <= threshold <= 1):
            raise ConfigError(
                f"The threshold {threshold:g} does not fit the engine {engine!r}.",
                hint="Give a number from 0 to 1, with the engine 'auto'.",
            )
        self.journey = load_journey(journey)
        self.force = force
        self._reader: Callable[[], BaseModel] | None = None
        given = None if corrections is None else read_corrections(corrections)
        self.notes: tuple[str, ...] = () if given is None else given.notes
        own = self._chosen(engine, threshold, encoder, training_data, given)
        if self.journey.splits and self._reader is None:
            raise ConfigError(
                f"The journey {self.journey.name!r} tells stages apart by examples, for which this engine "
                "has no vectors.",
                hint="Use the engine 'auto' or 'base'.",
            )
        self._engine = own if given is None else Corrected(own, given)

    def _chosen(
        self,
        engine: str | Engine,
        threshold: float | None,
        encoder: Any,
        training_data: pd.DataFrame | None,
        corrections: Corrections | None,
    ) -> Engine:
        if encoder is not None:
            from journeyseo.classifier.encoder import EncoderEngine

            return EncoderEngine(encoder, training_data)
        if not isinstance(engine, str):
            return engine
        if engine == "fast":
            return _fast(_fast_folder())
        folder = str(asset("models", "queries-base"))

        @functools.cache
        def base() -> BaseModel:
            return _base(folder) if corrections is None else _base(folder).adapted(corrections)

        self._reader = base
        if engine == "base":
            return base()
        from journeyseo.classifier.cascade import THRESHOLD, Cascade

        handover = THRESHOLD if threshold is None else threshold
        return Cascade(_fast(_fast_folder()), base, threshold=handover)

    @property
    def engine(self) -> str:
        """Engine and version, as in the column ``engine``."""
        return self._engine.name

    def predict_proba(self, queries: Sequence[str] | pd.Series) -> Floats:
        """Return calibrated probabilities, one row a query, in the order of `STAGES`."""
        _, answer, at = self._ask(as_arrow(queries), reasons=False)
        found: Floats = answer.probabilities[at]
        return found

    def _ask(self, texts: pa.Array, *, reasons: bool) -> tuple[pa.Array, Answer, npt.NDArray[np.int64]]:
        """Return the distinct texts, the answer on them, and which of them each text is."""
        encoded = pc.dictionary_encode(texts)
        at = encoded.indices.to_numpy(zero_copy_only=False)
        return encoded.dictionary, self._engine.answer(encoded.dictionary, reasons=reasons), at

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
        texts, answer, at = self._ask(as_arrow(queries), reasons=reasons)
        why = Reasons.of(answer).take(at) if reasons else None
        shares = self._journey_shares(answer.probabilities, texts)
        engines = np.array(answer.engines)[answer.engine[at]]
        return self._frame(answer.probabilities[at], shares[at], engines, why)

    def classify_batches(
        self, batches: Iterable[pa.RecordBatch], *, column: str = "query", reasons: bool = False
    ) -> Iterator[pa.RecordBatch]:
        """Yield record batches with the stage columns added: for files of any length, and for engines.

        A row's answer does not depend on its batch, so batches may be cut anywhere, go to any worker
        and come in any order. Its signature is that of Spark's ``mapInArrow``.

        Args:
            batches: Arrow record batches with a column of queries.
            column: Name of that column.
            reasons: Whether to fill in the column ``reason``.

        Raises:
            InputError: A batch has no such column.
        """
        stages = pa.array(STAGES)
        keys = pa.array([*self.journey.keys, OUTSIDE])
        for batch in batches:
            if column not in batch.schema.names:
                raise InputError(
                    f"There is no column {column!r}.", hint=f"Columns: {', '.join(batch.schema.names)}."
                )
            asked = pc.fill_null(batch[column].cast(pa.large_string()), "")
            texts, answer, at = self._ask(asked, reasons=reasons)
            best, second = _two_best(answer.probabilities)
            shares = self._journey_shares(answer.probabilities, texts)
            places = self._shares.best(answer.probabilities, shares, inside=self.force)
            why = Reasons.of(answer) if reasons else Reasons.none(len(best))
            confidence = answer.probabilities[np.arange(len(best)), best]
            columns = {
                "stage": pa.DictionaryArray.from_arrays(pa.array(best[at], pa.int8()), stages),
                "journey_stage": pa.DictionaryArray.from_arrays(pa.array(places[at], pa.int8()), keys),
                "confidence": confidence[at],
                "unclear": confidence[at] < UNCLEAR,
                "second_stage": pa.DictionaryArray.from_arrays(pa.array(second[at], pa.int8()), stages),
                **{f"p_{name}": answer.probabilities[at, i] for i, name in enumerate(STAGES)},
                "engine": pa.DictionaryArray.from_arrays(
                    pa.array(answer.engine[at], pa.int8()), pa.array(answer.engines)
                ),
                "reason": pa.array(why.sentences, pa.string()).take(pa.array(at)),
                "carried_by": pa.array(why.words, pa.string()).take(pa.array(at)),
                **{name: shares[at, i] for i, name in self._share_columns()},
            }
            arrays = [*batch.columns, *(pa.array(values) for values in columns.values())]
            yield pa.RecordBatch.from_arrays(arrays, names=[*batch.schema.names, *columns])

    def classify_pages(self, pages: pd.DataFrame) -> pd.DataFrame:
        """Return the stage columns of pages.

        Args:
            pages: The pages table, or any frame with title, description, headings or text.
        """
        model = _pages(str(asset("models", "pages-linear")), str(asset("models", "queries-base")))
        probabilities, parts = model.classify(pages)
        shares = self._shares.shares(probabilities, lambda rows: self._page_vectors(pages.iloc[rows]))
        frame = self._frame(probabilities, shares, np.full(len(pages), model.name), Reasons.of_pages(parts))
        return frame.set_index(pages.index)

    def _page_vectors(self, pages: pd.DataFrame) -> Floats:
        """Return the sentence vector of each page's title, or of its headings where it has none.

        Of 545 labelled pages whose kind says whether they compare or present, titles tell .90 apart,
        the mean of title, headings and text .80, each other piece .70 at most.
        """
        from journeyseo.classifier.pages import page_fields

        fields = page_fields(pages)
        titles = zip(fields["title"].to_pylist(), fields["headings"].to_pylist(), strict=True)
        texts = pa.array([title or headings for title, headings in titles], pa.large_string())
        return self._vector_reader().vectors(texts)

    def _piece_vectors(self, pages: pd.DataFrame) -> tuple[Floats, ...]:
        from journeyseo.classifier.pages import page_fields, page_pieces

        pieces = page_pieces(pages, page_fields(pages))
        reader = self._vector_reader()
        return tuple(reader.vectors(pa.array(texts, pa.large_string())) for texts in pieces.values())

    def _vector_reader(self) -> BaseModel:
        if self._reader is None:
            raise AssertionError("this engine has no vectors")
        return self._reader()

    def meaning(self, queries: Sequence[str] | pd.Series, pages: pd.DataFrame) -> Meaning | None:
        """Return sentence vectors of queries and of the pieces of pages, to match them by.

        Queries that were classified last are not read again.

        Args:
            queries: Queries as typed.
            pages: The pages table.

        Returns:
            None where the engine has no vectors: ``fast``, an engine or an encoder of your own.
        """
        if self._reader is None:
            return None
        return Meaning(self._reader().vectors(as_arrow(queries)), self._piece_vectors(pages))

    def explain(self, query: str, *, language: str | None = None, examples: int = 0) -> StageLabel:
        """Return the label of one query with the words that carried it and the counterfactual.

        Args:
            query: The query.
            language: Its language, for the cue words; found where it is None.
            examples: How many of this project's labelled queries to show that are most like it.

        Raises:
            ConfigError: Examples are asked of an engine without sentence vectors.
            InputError: The query is no text, or an empty one.
        """
        if not isinstance(query, str) or not query.strip():
            raise InputError("The query is empty or no text.", hint='Give a text such as "best crm".')
        if examples and self._reader is None:
            raise ConfigError(
                "This engine has no sentence vectors to find examples by.",
                hint="Use the engine 'auto' or 'base'.",
            )
        texts, answer, _ = self._ask(as_arrow([query]), reasons=False)
        staged = self._journey_shares(answer.probabilities, texts)
        place = int(self._shares.best(answer.probabilities, staged, inside=self.force)[0])
        probabilities = answer.probabilities[0]
        corrected = answer.engines[answer.engine[0]] == CORRECTED
        order = np.argsort(-probabilities, kind="stable")
        best = int(order[0])
        # What a person says of the whole query is carried by none of its words.
        shares = [] if corrected else self._engine.word_shares(query)
        words, other = weigh_words(shares, best, lambda rest: int(self.predict_proba([rest])[0].argmax()))
        tag = language or detect_languages([query])[0]
        cues = tuple((c.text, c.stage) for c in find_cues([query], [tag])[0] if c.stage != FILLER)
        return StageLabel(
            query,
            STAGES[best],
            self._shares.keys[place],
            round(float(probabilities[best]), 4),
            STAGES[int(order[1])],
            {s: round(float(p), 4) for s, p in zip(STAGES, probabilities, strict=True)},
            words,
            STAGES[other] if other != best else "",
            cues,
            self.engine,
            nearest_labelled(query, examples, self._vector_reader().vectors) if examples else (),
            {self.journey.keys[i]: round(float(staged[0, i]), 4) for i, _ in self._share_columns()},
            corrected,
        )

    @functools.cached_property
    def _shares(self) -> JourneyShares:
        return JourneyShares(
            self.journey, lambda texts: self._vector_reader().vectors(pa.array(texts, pa.large_string()))
        )

    def _journey_shares(self, probabilities: Floats, texts: pa.Array) -> npt.NDArray[np.float64]:
        """Return the probabilities of the journey's stages and of `OUTSIDE`."""
        return self._shares.shares(
            probabilities, lambda rows: self._vector_reader().vectors(texts.take(pa.array(rows)))
        )

    def _share_columns(self) -> list[tuple[int, str]]:
        """Return the columns that a journey adds whose stages share canonical ones, with their places."""
        return [(i, share_column(k)) for i, k in enumerate(self.journey.keys)] if self._shares.splits else []

    def _frame(
        self,
        probabilities: Floats,
        shares: npt.NDArray[np.float64],
        engines: npt.NDArray[np.str_],
        reasons: Reasons | None,
    ) -> pd.DataFrame:
        best, second = _two_best(probabilities)
        keys = [*self.journey.keys, OUTSIDE]
        journey = pd.Categorical.from_codes(
            self._shares.best(probabilities, shares, inside=self.force), dtype=pd.CategoricalDtype(keys)
        )
        confidence = probabilities[np.arange(len(best)), best].astype(np.float64)
        columns: dict[str, object] = {
            "stage": pd.Categorical.from_codes(best, dtype=_STAGE),
            "journey_stage": journey,
            "confidence": confidence,
            "unclear": pd.array(confidence < UNCLEAR, dtype="boolean"),
            "second_stage": pd.Categorical.from_codes(second, dtype=_STAGE),
        }
        for i, stage in enumerate(STAGES):
            columns[f"p_{stage}"] = probabilities[:, i].astype(np.float64)
        frame = pd.DataFrame(columns)
        frame["engine"] = pd.Series(engines, dtype="str")
        why = reasons or Reasons.none(len(frame))
        frame["reason"] = pd.Series(why.sentences, dtype="str")
        frame["carried_by"] = pd.Series(why.words, dtype="str")
        for i, name in self._share_columns():
            frame[name] = shares[:, i]
        return frame


def _two_best(probabilities: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the most probable label of each row, and the next."""
    best = probabilities.argmax(axis=1)
    rest = probabilities.copy()
    rest[np.arange(len(rest)), best] = -1
    return best, rest.argmax(axis=1)
