"""SHACL: what a record must be, said in plain language.

``Shapes.load()`` reads ``shapes/*.ttl``; ``validate`` answers with a ``ValidationReport``. The only room that
imports rdflib and pyshacl. Edits check one record, imports batches of about 1,000, ``capx validate`` everything.
"""

from capx_graph.shapes.engine import Shapes
from capx_graph.shapes.report import Result, Severity, ValidationReport

__all__ = ["Result", "Severity", "Shapes", "ValidationReport"]
