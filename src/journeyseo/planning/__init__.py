"""What planners decide about suggestions: read back from an edited report, kept in the next one."""

from journeyseo.planning.apply import apply_plan
from journeyseo.planning.read import read_plan

__all__ = ["apply_plan", "read_plan"]
