"""Reading keyword exports into one table."""

from journeyseo.keywords.read import read_keywords

__all__ = ["read_keywords"]
