"""The datatypes that a property can have, and the kind of value that each of them takes.

Any room of the repository may import it.
"""

from __future__ import annotations

VALUE_TYPES: dict[str, str] = {
    "commonsMedia": "string",
    "geo-shape": "string",
    "globe-coordinate": "globecoordinate",
    "monolingualtext": "monolingualtext",
    "quantity": "quantity",
    "string": "string",
    "tabular-data": "string",
    "time": "time",
    "url": "string",
    "external-id": "string",
    "wikibase-item": "wikibase-entityid",
    "wikibase-property": "wikibase-entityid",
}
"""Datatype of a property to type of its values."""

DATATYPES = tuple(VALUE_TYPES)
