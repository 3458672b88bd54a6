"""The stage classifier as a spaCy component: ``nlp.add_pipe("journey_stage")``.

Found by spaCy's entry points once the package is installed. Imported only by spaCy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.language import Language  # noqa: TID253  # a component of spaCy is registered with spaCy
from spacy.tokens import Doc, SpanGroup  # noqa: TID253
from spacy.util import minibatch  # noqa: TID253

from journeyseo.classifier.stage_classifier import StageClassifier
from journeyseo.cues import FILLER, find_cues
from journeyseo.languages import detect_languages
from journeyseo.stages import DEFAULT_JOURNEY, STAGES

NAME = "journey_stage"
SPANS = "journey_cues"
"""Key in ``doc.spans`` of the cue words, each labelled with the stage that it usually marks."""

_ANY_LANGUAGE = "xx"


class JourneyStage:
    """Sets ``doc._.journey_stage``, ``doc.cats`` (six probabilities) and ``doc.spans["journey_cues"]``.

    Works on any pipeline with a tokenizer, a blank one too.

    Args:
        nlp: The pipeline; its language is that of the cue words, found where it is ``xx``.
        engine: See `journeyseo.StageClassifier`.
        journey: Name of a journey, or a TOML file.

    Raises:
        ConfigError: There is no such engine or journey.
    """

    def __init__(self, nlp: Language, engine: str, journey: str) -> None:
        self._language = nlp.lang
        self._classifier = StageClassifier(engine=engine, journey=journey)
        if not Doc.has_extension(NAME):
            Doc.set_extension(NAME, default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Label one document."""
        return next(self._labelled([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 1024) -> Iterator[Doc]:
        """Label documents, many at once."""
        for batch in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            yield from self._labelled(batch)

    def _labelled(self, docs: list[Doc]) -> Iterator[Doc]:
        texts = [doc.text for doc in docs]
        found = self._classifier.classify(texts, reasons=False)
        probabilities = found[[f"p_{stage}" for stage in STAGES]].to_numpy()
        if self._language == _ANY_LANGUAGE:
            languages = detect_languages(texts)
        else:
            languages = [str(self._language)] * len(texts)
        cues = find_cues(texts, languages)
        for doc, key, row, own in zip(docs, found["journey_stage"], probabilities, cues, strict=True):
            doc._.set(NAME, str(key))
            doc.cats = doc.cats | dict(zip(STAGES, map(float, row), strict=True))
            spans = [
                doc.char_span(cue.start, cue.end, label=cue.stage, alignment_mode="expand")
                for cue in own
                # Places are those of the normal form: shown only where that is as long as the text.
                if cue.stage != FILLER and doc.text[cue.start : cue.end].lower() == cue.text
            ]
            doc.spans[SPANS] = SpanGroup(doc, name=SPANS, spans=[s for s in spans if s is not None])
            yield doc


@Language.factory(
    NAME,
    default_config={"engine": "auto", "journey": DEFAULT_JOURNEY},
    assigns=[f"doc._.{NAME}", "doc.cats", "doc.spans"],
)
def make_journey_stage(nlp: Language, name: str, engine: str, journey: str) -> JourneyStage:  # noqa: ARG001
    """Return the component for a pipeline."""
    return JourneyStage(nlp, engine, journey)
