"""Translating the directory: the desk where it is done row by row, and the message bundle by which wikis exchange it.

Doors import from here. Texts live in the Wikibase and nowhere else; what is kept beside them (``translation/`` in
the durable data) is which ones were found still right, and what was last exchanged.
"""

from capx_graph.translation.confirmed import Confirmed
from capx_graph.translation.histories import Histories
from capx_graph.translation.model import (
    FIELDS,
    Asked,
    Progress,
    Row,
    Shown,
    Standing,
    Translated,
    TranslationConflict,
    Words,
    Workspace,
)
from capx_graph.translation.saving import Saving
from capx_graph.translation.workspace import Desk

__all__ = [
    "FIELDS",
    "Asked",
    "Confirmed",
    "Desk",
    "Histories",
    "Progress",
    "Row",
    "Saving",
    "Shown",
    "Standing",
    "Translated",
    "TranslationConflict",
    "Words",
    "Workspace",
]
