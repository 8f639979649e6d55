"""The API for programs, described once: what /openapi.json says and /help/api draws; tests run every example of it."""

from webapp.api.dialect import LABELS, dialect
from webapp.api.document import document, meaning
from webapp.api.operations import OPERATIONS, Operation, Parameter

__all__ = ["LABELS", "OPERATIONS", "Operation", "Parameter", "dialect", "document", "meaning"]
