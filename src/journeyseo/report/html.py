"""The report as one self-contained HTML file: no request, no script that it does not know."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined

from journeyseo.report.cells import printable
from journeyseo.report.view import SHOWN_STRIKING, View


def _number(value: float | None) -> str:
    """Return a number for reading: whole from ten on, one decimal below."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:,.1f}"


def _plain(value: object) -> object:
    """Return a value to print; a text without control characters."""
    return type(value)(printable(value)) if isinstance(value, str) else value


def _link(url: str | None) -> str:
    """Return an address that may stand in a link; empty for any other scheme."""
    return url if url and url.startswith(("https://", "http://")) else ""


def _path(url: str) -> str:
    """Return the path of an address, to show: the site is the same everywhere in a report."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}" if parts.netloc else url


def render_html(view: View) -> str:
    """Return the report.

    All text is escaped; a content security policy allows nothing but its own style and script, by
    their hashes. The same view gives the same bytes.
    """
    folder = files("journeyseo.report") / "templates"
    environment = Environment(
        finalize=_plain, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"number": _number, "link": _link, "path": _path}
    style = (folder / "report.css").read_text(encoding="utf-8")
    script = (folder / "report.js").read_text(encoding="utf-8")
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return template.render(
        view=view,
        t=view.texts,
        shown_striking=SHOWN_STRIKING,
        style=style,
        script=script,
        policy=policy,
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
