"""The stage classifier of queries and of pages."""

from journeyseo.classifier.stage_classifier import StageClassifier

__all__ = ["StageClassifier"]
