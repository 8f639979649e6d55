"""Groups of people: teaching rings, smallest teams, needs of organizations and events, partners that complement them.

Doors and the wiring import from here. Optimisation runs in processes of its own (``solving``), by HiGHS.
"""

from capx_graph.groups.model import (
    Fillers,
    Group,
    Need,
    Needs,
    Partner,
    Rings,
    RingsRequest,
    Seat,
    Teaching,
    Team,
    TeamRequest,
)
from capx_graph.groups.service import Groups

__all__ = [
    "Fillers",
    "Group",
    "Groups",
    "Need",
    "Needs",
    "Partner",
    "Rings",
    "RingsRequest",
    "Seat",
    "Teaching",
    "Team",
    "TeamRequest",
]
