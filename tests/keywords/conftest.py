"""A reader of bytes laid down as a file."""

import pytest

from journeyseo.keywords import read_keywords
from journeyseo.tables import KEYWORDS


@pytest.fixture
def load(tmp_path):
    def read(data, name="export.csv", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        frame = read_keywords(path, **({"language": "en"} | options))
        assert frame.columns.tolist() == KEYWORDS.names
        return frame, frame.attrs["reports"][0]

    return read
