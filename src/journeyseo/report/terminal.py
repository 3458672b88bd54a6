"""The summary of a map on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from journeyseo.report.cells import printable
from journeyseo.report.view import View

_SIGNS = {
    "gap": "[red]gap[/]",
    "weak": "[yellow]weak[/]",
    "covered": "[green]ok[/]",
    "excess": "[green]ok+[/]",
    "no-demand": "[dim]-[/]",
}


def _safe(text: str) -> str:
    """Return a text that changes neither the markup nor the terminal."""
    return escape(printable(text))


def print_summary(view: View, console: Console, *, topics: int = 12, suggestions: int = 5) -> None:
    """Print the heat map of the largest topics and the first suggestions.

    Args:
        view: What the report shows.
        console: Where to print.
        topics: Most topics to show.
        suggestions: Most suggestions to show.
    """
    table = Table(title=f"{view.texts['heat_map']} ({view.unit})", title_justify="left")
    table.add_column(view.texts["topic"])
    for _, name in view.stages:
        table.add_column(name, justify="right")
    for topic in view.topics[:topics]:
        cells = [f"{cell.demand:,.0f} {_SIGNS[cell.status]}" for cell in topic.cells]
        table.add_row(_safe(topic.name), *cells)
    console.print(table)
    names = (view.texts[key] for key in ("gap", "weak", "covered", "excess", "no-demand"))
    signs = ("gap", "weak", "ok", "ok+", "-")
    console.print("; ".join(f"{sign} = {name}" for sign, name in zip(signs, names, strict=True)))
    more = len(view.topics) + view.more_topics - topics
    if more > 0:
        console.print(f"+ {more} {view.texts['topic']}")
    if view.brand:
        console.print(_safe(view.brand))
    if view.impressions_only:
        console.print(_safe(view.impressions_only))
    for item in view.suggestions[:suggestions]:
        console.print(
            f"{item['rank']}. [bold]{_safe(str(item['title']))}[/] "
            f"({_safe(str(item['stage_name']))}, {item['demand']:,.0f} {view.unit}, "
            f"{_safe(str(item['why']))})"
        )
