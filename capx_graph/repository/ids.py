"""Ids of entities and statements, and the page titles that belong to them.

Any room of the repository may import it. Ids are plain text, always upper case (``Q42``); what a client writes
may be lower case, never with spaces or leading zeros.
"""

from __future__ import annotations

import re
import uuid

ITEM = "item"
PROPERTY = "property"
KINDS = (ITEM, PROPERTY)

_LETTERS = {ITEM: "Q", PROPERTY: "P"}
_KIND_OF_LETTER = {"Q": ITEM, "P": PROPERTY}
NAMESPACES = {ITEM: 120, PROPERTY: 122}
NAMESPACE_NAMES = {ITEM: "Item", PROPERTY: "Property"}
_KIND_OF_NAMESPACE_NAME = {name.lower(): kind for kind, name in NAMESPACE_NAMES.items()}
_MOST = 2147483647

_ENTITY_ID = re.compile(r"([QPqp])([1-9][0-9]{0,9})\Z")
_GUID_TAIL = re.compile(r"\{?[0-9A-Za-z]{8}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{12}\}?\Z")


def parse_id(text: str) -> str | None:
    """The id in its one form, or None when the text is none."""
    found = _ENTITY_ID.match(text)
    if not found or int(found[2]) > _MOST:
        return None
    return found[1].upper() + found[2]


def parse_of_kind(text: str, kind: str) -> str | None:
    """The id in its one form, or None when the text is none of this kind."""
    parsed = parse_id(text)
    return parsed if parsed and kind_of(parsed) == kind else None


def kind_of(entity_id: str) -> str:
    """``item`` or ``property``."""
    return _KIND_OF_LETTER[entity_id[0]]


def letter_of(kind: str) -> str:
    """``Q`` of item."""
    return _LETTERS[kind]


def number_of(entity_id: str) -> int:
    """42 of ``Q42``."""
    return int(entity_id[1:])


def make_id(kind: str, number: int) -> str:
    """``Q42`` of item and 42."""
    return f"{_LETTERS[kind]}{number}"


def title_of(entity_id: str) -> str:
    """The page title with its namespace: ``Item:Q42``."""
    return f"{NAMESPACE_NAMES[kind_of(entity_id)]}:{entity_id}"


def namespace_of(entity_id: str) -> int:
    """The number of the page's namespace."""
    return NAMESPACES[kind_of(entity_id)]


def entity_of_title(title: str) -> str | None:
    """The entity of a page title as a client may write it (``item:q42``), or None."""
    prefix, colon, rest = title.strip().replace("_", " ").partition(":")
    kind = _KIND_OF_NAMESPACE_NAME.get(prefix.strip().lower()) if colon else None
    return parse_of_kind(rest.strip(), kind) if kind else None


def not_recognized(text: str) -> str:
    """What Wikibase says of a text that is no entity's id."""
    return f'The serialization "{text}" is not recognized by the configured id builders'


def link_to(entity_id: str) -> str:
    """The wikitext link by which messages name an entity: ``[[Item:Q42|Q42]]``."""
    return f"[[{title_of(entity_id)}|{entity_id}]]"


def new_guid(entity_id: str) -> str:
    """A fresh statement id."""
    return f"{entity_id}${str(uuid.uuid4()).upper()}"


def is_guid_tail(tail: str) -> bool:
    """Whether a statement id may end so."""
    return _GUID_TAIL.match(tail) is not None


def entity_of_guid(guid: str) -> str | None:
    """The entity to which a statement id belongs, or None when the text is none."""
    prefix, dollar, tail = guid.partition("$")
    return parse_id(prefix) if dollar and _GUID_TAIL.match(tail) else None
