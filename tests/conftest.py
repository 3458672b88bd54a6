"""Fixtures that several parts share: the maps of the two bundled examples, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from journeyseo.assets import asset
from journeyseo.pipeline import map_journey
from journeyseo.results import JourneyMap

# No deadline for one example: machines are shared and noisy, and time is no behaviour.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture(scope="session")
def examples() -> Path:
    """Folder of the bundled examples."""
    return asset("data", "examples")


@pytest.fixture(scope="session")
def demo_map(examples: Path) -> JourneyMap:
    """The map of the English example."""
    folder = examples / "heat-pumps"
    return map_journey(str(folder / "keywords.csv"), folder / "site")


@pytest.fixture(scope="session")
def zh_map(examples: Path) -> JourneyMap:
    """The map of the Chinese example."""
    folder = examples / "mattress-shop"
    return map_journey(str(folder / "keywords.csv"), folder / "site")
