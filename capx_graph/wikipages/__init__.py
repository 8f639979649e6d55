"""The wiki's own pages for readers: an entity, its history, what changed, what happened lately.

Doors import from here. The pages of people and capacities are made from the graph (profiles); these are made from
the repository.
"""

from capx_graph.repository.restoring import Restore, Return, Undo
from capx_graph.wikipages.lines import RecentFilter
from capx_graph.wikipages.model import (
    Cell,
    ChangedFact,
    Comment,
    DifferenceView,
    EntityView,
    Gone,
    Group,
    HistoryView,
    Line,
    Lines,
    Mentions,
    Moment,
    Named,
    Piece,
    PropertyLine,
    PropertyPage,
    Said,
    Statement,
    Statistics,
    Terms,
    Value,
    ValueKind,
    Wording,
)
from capx_graph.wikipages.service import WikiPages

__all__ = [
    "Cell",
    "ChangedFact",
    "Comment",
    "DifferenceView",
    "EntityView",
    "Gone",
    "Group",
    "HistoryView",
    "Line",
    "Lines",
    "Mentions",
    "Moment",
    "Named",
    "Piece",
    "PropertyLine",
    "PropertyPage",
    "RecentFilter",
    "Restore",
    "Return",
    "Said",
    "Statement",
    "Statistics",
    "Terms",
    "Undo",
    "Value",
    "ValueKind",
    "WikiPages",
    "Wording",
]
