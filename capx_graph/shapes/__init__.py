"""SHACL: what a record must be, said in plain language.

``Shapes.load()`` reads ``shapes/*.ttl``; ``validate`` answers with a ``ValidationReport``. The only room that
imports rdflib and pyshacl. Edits check one record, imports batches of about 1,000 (in two processes through
``ShapesPool``), ``capx validate`` everything.
"""

from capx_graph.shapes.batches import BATCH_SIZE, Batch, InProcess, Validator, read_rdf, validate_all, validate_file
from capx_graph.shapes.engine import Shapes
from capx_graph.shapes.pool import ShapesPool
from capx_graph.shapes.report import NOW, Result, Severity, ValidationReport

__all__ = [
    "BATCH_SIZE",
    "NOW",
    "Batch",
    "InProcess",
    "Result",
    "Severity",
    "Shapes",
    "ShapesPool",
    "ValidationReport",
    "Validator",
    "read_rdf",
    "validate_all",
    "validate_file",
]
