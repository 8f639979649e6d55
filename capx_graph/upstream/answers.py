"""What a Wikibase answers, in the words of this house: pages, changes, revisions; only this package imports it.

An answer of another form raises Unavailable: whoever asked tries again later rather than believes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capx_graph.errors import Unavailable
from capx_graph.instants import instant
from capx_graph.model import Page
from capx_graph.namespaces import OWN_IDS
from capx_graph.repository.ids import number_of, parse_id

Json = Mapping[str, Any]

_PARTS = ("labels", "descriptions", "aliases", "claims")
_PAGE_FACTS = frozenset({"pageid", "ns", "title", "lastrevid", "modified", "redirects"})


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """A line of the recent changes; ``entity_id`` is empty where the wiki hides it, ``revision`` 0 for a log entry."""

    number: int
    entity_id: str
    revision: int
    at: datetime


def page_of(entity: Json) -> Page:
    """The page of an entity as the API and dumps give it; raises Unavailable where it is of no use."""
    try:
        content = {name: value for name, value in entity.items() if name not in _PAGE_FACTS}
        # PHP writes an empty map as an empty list.
        content |= {name: content.get(name) or {} for name in _PARTS}
        if "sitelinks" in content or content["type"] == "item":
            content["sitelinks"] = content.get("sitelinks") or {}
        return Page(
            entity_id=str(content["id"]),
            page_id=int(entity["pageid"]),
            revision_id=int(entity["lastrevid"]),
            modified=moment_of(entity["modified"]),
            entity=content,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable(f"an entity lacks {error}, or it is of another form") from error


def redirect_of(page: Json) -> Page | None:
    """The redirect that a page with its content is; None for any other page."""
    for revision in page.get("revisions") or ():
        try:
            content = json.loads(revision["slots"]["main"]["content"])
            return Page(
                entity_id=str(content["entity"]),
                page_id=int(page["pageid"]),
                revision_id=int(revision["revid"]),
                modified=moment_of(revision["timestamp"]),
                entity=None,
                redirect_to=str(content["redirect"]),
            )
        except (KeyError, TypeError, ValueError):
            return None
    return None


def change_of(line: Json) -> RemoteChange | None:
    """A line of the list; None for what is no entity's."""
    is_log = line.get("type") == "log"
    hidden = "actionhidden" in line or "title" not in line
    entity_id = "" if hidden else entity_of(line)
    if not entity_id and not hidden:
        return None
    return RemoteChange(
        number=int(line.get("rcid") or 0),
        entity_id=entity_id,
        revision=0 if is_log else int(line.get("revid") or 0),
        at=moment_of(line.get("timestamp")),
    )


def revisions_in(answer: Json) -> dict[str, int]:
    """The newest revisions of the entities whose pages are listed."""
    known = ((entity_of(page), page) for page in listed_in(answer, "pages"))
    return {entity_id: int(page["lastrevid"]) for entity_id, page in known if entity_id and "lastrevid" in page}


def entity_of(page: Json) -> str:
    """The id of the entity that a page is titled by, empty for a page of none."""
    return known_id(str(page.get("title", "")).rpartition(":")[2])


def known_id(text: str) -> str:
    """The id of an item or a property; nothing for other entities, and for ids that can only be ours."""
    entity_id = parse_id(text)
    return entity_id if entity_id and number_of(entity_id) <= OWN_IDS else ""


def listed_in(answer: Json, name: str) -> list[Json]:
    """A list of the answer; MediaWiki leaves out what is empty."""
    query = answer.get("query")
    found = query.get(name, []) if isinstance(query, Mapping) else []
    if not isinstance(found, list):
        raise Unavailable(f"the wiki's answer has no list of {name}")
    return found


def moment_of(text: object) -> datetime:
    """An instant of an answer; raises Unavailable where it is none."""
    try:
        return instant(str(text))
    except ValueError as error:
        raise Unavailable(f"the wiki's answer has {text!r} for an instant") from error
