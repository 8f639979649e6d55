"""The ontology layer of an entity: its statements in readable terms, with the closures over the hierarchies.

Rooms above import from here. What is made follows from the declarations of the ontology and the ids of one
instance; the little that depends on other entities is in ``Hierarchy``, an immutable value, so that a projection
is a pure function and a change of the hierarchy tells whom it concerns.
"""

from __future__ import annotations

from capx_graph.projection.closures import Direct
from capx_graph.projection.hierarchy import Hierarchy, NodeFacts
from capx_graph.projection.kepttree import Identity
from capx_graph.projection.plan import Plan
from capx_graph.projection.projector import Projector
from capx_graph.projection.texts import TextProjector

__all__ = ["Direct", "Hierarchy", "Identity", "NodeFacts", "Plan", "Projector", "TextProjector"]
