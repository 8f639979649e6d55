"""Records that have managers: who may edit which, how a new one comes into the graph, and what a form of one saves.

Doors and the wiring import from here. It serves organizations, events and projects alike: a kind is a list of fields in
``kinds``. Nothing enters the public graph by the hand of somebody who was not confirmed.
"""

from capx_graph.stewardship.affiliates import Affiliate, Affiliates
from capx_graph.stewardship.failures import RecordConflict, RecordProblems
from capx_graph.stewardship.kinds import KINDS, RecordKind, Shape, Spec
from capx_graph.stewardship.making import Making, Waiting
from capx_graph.stewardship.proposing import Alike, Proposing
from capx_graph.stewardship.protection import Protection
from capx_graph.stewardship.records import Record, Records
from capx_graph.stewardship.stewards import Stewards
from capx_graph.stewardship.work import Stewardship

__all__ = [
    "KINDS",
    "Affiliate",
    "Affiliates",
    "Alike",
    "Making",
    "Proposing",
    "Protection",
    "Record",
    "RecordConflict",
    "RecordKind",
    "RecordProblems",
    "Records",
    "Shape",
    "Spec",
    "Stewards",
    "Stewardship",
    "Waiting",
]
