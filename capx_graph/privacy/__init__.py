"""Leaving: what is held about a member handed out to them, and erased for every reader and from every file.

Doors and the wiring import from here. A store of private data joins in by ``private_stores``, the one list of those
that export and erase a member; a test looks at every table of the private file and fails for one that none covers.
"""

from __future__ import annotations

from capx_graph.privacy.beside import Beside
from capx_graph.privacy.beyond import Beyond, Outcome, Remaining
from capx_graph.privacy.duelist import Due, DueList, Stage
from capx_graph.privacy.erasing import TAKEN_IN, Erased, Erasures
from capx_graph.privacy.exporting import MemberExport, export_member
from capx_graph.privacy.opening import beside, erase_again, erasures_over, tombstones_of
from capx_graph.privacy.purging import Purge
from capx_graph.privacy.stores import NOT_PERSONAL, PrivateStore, private_stores

__all__ = [
    "NOT_PERSONAL",
    "TAKEN_IN",
    "Beside",
    "Beyond",
    "Due",
    "DueList",
    "Erased",
    "Erasures",
    "MemberExport",
    "Outcome",
    "PrivateStore",
    "Purge",
    "Remaining",
    "Stage",
    "beside",
    "erase_again",
    "erasures_over",
    "export_member",
    "private_stores",
    "tombstones_of",
]
