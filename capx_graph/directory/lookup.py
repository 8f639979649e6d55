"""Which entry of the directory somebody means: an item id, a Wikidata id or a natural code.

Searches and pages import it, so that an address and a search parameter take the same values.
"""

from __future__ import annotations

import re

from capx_graph.directory.catalogue import Directory
from capx_graph.model import EntityKind

ITEM_ID = re.compile(r"[Qq][1-9][0-9]{0,9}")


def entry_meant(value: str, kind: EntityKind, directory: Directory) -> str | None:
    """The item of this kind that ``Q12``, ``wikidata:Q11024`` or a code (in any case) stands for, or None."""
    written = value.strip()
    if ITEM_ID.fullmatch(written):
        item = written.upper()
        entry = directory.entries.get(directory.redirects.get(item, item))
        if entry and entry.kind is kind:
            return entry.id
    scheme, _, wikidata_id = written.partition(":")
    if scheme.casefold() == "wikidata":
        return directory.wikidata.get((kind, wikidata_id.strip().upper()))
    return directory.codes.get((kind, written.casefold()))
