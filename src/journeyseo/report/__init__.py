"""Reports of a map: HTML, XLSX, CSV, JSON and the terminal. Computed first, then rendered."""

from journeyseo.report.write import write_report

__all__ = ["write_report"]
