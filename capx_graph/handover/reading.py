"""A Wikibase elsewhere as it is read for a handover: its entities by id, who names what, names and languages.

This package, its jobs and the command line import it. It asks what ``upstream`` asks, and a little more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from capx_graph.errors import CapxError, EditRefused, Unavailable
from capx_graph.mediawiki import Connection
from capx_graph.model import EntityJson, Page
from capx_graph.settings import WikibaseSettings
from capx_graph.upstream import Site, Source, discover

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Remote:
    """An entity there; instead of it ``redirect_to`` where it was merged, ``unreadable`` where the wiki fails at it."""

    id: str
    revision: int
    entity: EntityJson | None
    redirect_to: str | None = None
    unreadable: str = ""


class WikiReader:
    """Reads one Wikibase over one connection."""

    def __init__(self, connection: Connection, site: Site) -> None:
        self.site = site
        self._connection = connection
        self._source = Source(connection, site)
        self._languages: frozenset[str] = frozenset()

    @property
    def host(self) -> str:
        """Which wiki it is, for messages."""
        return self._connection.host

    def languages(self) -> frozenset[str]:
        """The languages that labels and descriptions there may be in."""
        if not self._languages:
            answer = self._connection.get(action="query", meta="wbcontentlanguages", wbclcontext="term")
            self._languages = frozenset(answer.get("query", {}).get("wbcontentlanguages", ()))
        return self._languages

    def entities(self, ids: Iterable[str]) -> dict[str, Remote]:
        """Those of the entities that are there, by the id asked for; 50 a request."""
        fetched = self._source.fetch(list(dict.fromkeys(ids)))
        found = {page.entity_id: _remote(page) for page in fetched.pages}
        return found | {i: Remote(i, 0, None, unreadable=why) for i, why in fetched.unreadable.items()}

    def properties(self) -> dict[str, Remote]:
        """All properties; raises Unavailable."""
        asked: dict[str, str | int] = {"list": "allpages", "apnamespace": self.site.property_namespace}
        asked |= {"aplimit": "max", "apfilterredir": "nonredirects"}
        ids: list[str] = []
        following: dict[str, str | int] = {}
        while True:
            answer = self._connection.get(action="query", **(asked | following))
            ids += [str(page["title"]).rpartition(":")[2] for page in answer.get("query", {}).get("allpages", ())]
            going_on = answer.get("continue")
            if not isinstance(going_on, dict):
                return self.entities(ids)
            if going_on == following:
                raise Unavailable(f"{self.host} gives the same part of a list again and again")
            following = going_on

    def linking_to(self, ids: Iterable[str]) -> Iterator[str]:
        """The items whose statements name one of these entities."""
        for entity_id in ids:
            yield from (found for found in self._source.linking_to(entity_id) if found.startswith("Q"))

    def labelled(self, label: str, language: str) -> list[str]:
        """The items that have exactly this label, as far as the wiki's search finds them."""
        answer = self._connection.get(
            action="wbsearchentities", search=label, language=language, uselang=language, type="item", limit=_AT_ONCE
        )
        matches = [(str(hit["id"]), hit.get("match", {})) for hit in answer.get("search", ())]
        return [
            entity_id
            for entity_id, match in matches
            if match.get("type") == "label" and str(match.get("text", "")).casefold() == label.casefold()
        ]


def reader_of(address: str, connect: Callable[[str], Connection]) -> tuple[WikiReader, Connection]:
    """The wiki at an address, which may be that of its API; raises what the first try did where none is there."""
    base = address.rstrip("/")
    tries = [base] if base.endswith("api.php") else [f"{base}/w/api.php", f"{base}/api.php"]
    failure: CapxError | None = None
    for url in tries:
        connection = connect(url)
        try:
            # Its data pages are of no use here, so they are named and not looked for.
            site = discover(connection, WikibaseSettings(url, documents=f"{base}/wiki/Special:EntityData/"))
        except (Unavailable, EditRefused) as error:
            failure = failure or error
            connection.close()
        except CapxError:
            connection.close()
            raise
        else:
            return WikiReader(connection, site), connection
    assert failure is not None, "at least one address was tried"
    raise failure


def _remote(page: Page) -> Remote:
    return Remote(page.entity_id, page.revision_id, page.entity, page.redirect_to)
