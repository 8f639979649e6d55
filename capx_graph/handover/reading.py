"""A Wikibase elsewhere as it is read: its facts, its entities in batches, who links to what.

Only this package imports it. Titles are never guessed: namespaces and the concept base are what the wiki says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from capx_graph.errors import CapxError, EditRefused, Forbidden, InvalidInput, Unavailable
from capx_graph.mediawiki import Connection
from capx_graph.model import EntityJson

AT_ONCE = 50
"""Entities that one request gives to anybody."""

_MODELS = {"wikibase-item": "item", "wikibase-property": "property"}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WikiFacts:
    """What a Wikibase says of itself; ``namespaces`` has number and name of items' and properties' pages by kind."""

    site_name: str
    concept_base: str
    namespaces: dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Remote:
    """An entity there; ``redirect_to`` instead of the entity where it was merged into another."""

    id: str
    revision: int
    entity: EntityJson | None
    redirect_to: str | None = None


class WikiReader:
    """Reads one Wikibase over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._facts: WikiFacts | None = None
        self._languages: frozenset[str] = frozenset()

    @property
    def host(self) -> str:
        """Which wiki it is, for messages."""
        return self._connection.host

    def facts(self) -> WikiFacts:
        """What the wiki says of itself; raises InvalidInput where it is no Wikibase."""
        if self._facts is None:
            answer = self._connection.get(action="query", meta="siteinfo", siprop="general|namespaces")
            query = answer.get("query", {})
            general = query.get("general", {})
            base = general.get("wikibase-conceptbaseuri")
            found = {
                kind: (int(space["id"]), str(space.get("name", space.get("*", ""))))
                for space in query.get("namespaces", {}).values()
                if (kind := _MODELS.get(space.get("defaultcontentmodel", "")))
            }
            if not isinstance(base, str) or set(found) != {"item", "property"}:
                raise InvalidInput(f"{self.host} is no Wikibase: it names no concept base or no namespace of items")
            self._facts = WikiFacts(str(general.get("sitename", self.host)), base, found)
        return self._facts

    def languages(self) -> frozenset[str]:
        """The languages that labels and descriptions there may be in."""
        if not self._languages:
            answer = self._connection.get(action="query", meta="wbcontentlanguages", wbclcontext="term")
            self._languages = frozenset(answer.get("query", {}).get("wbcontentlanguages", ()))
        return self._languages

    def entities(self, ids: Iterable[str]) -> dict[str, Remote]:
        """Those of the entities that are there, by the id asked for; 50 a request."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Remote] = {}
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            answer = self._connection.get(action="wbgetentities", ids="|".join(some), redirects="no")
            for entity_id, entity in answer.get("entities", {}).items():
                if isinstance(entity, dict) and "missing" not in entity:
                    found[entity_id] = Remote(entity_id, int(entity["lastrevid"]), bare(entity))
            found |= self._redirected([entity_id for entity_id in some if entity_id not in found])
        return found

    def properties(self) -> dict[str, Remote]:
        """All properties."""
        return self.entities(self._all_of("property"))

    def linking_to(self, ids: Iterable[str]) -> Iterator[str]:
        """The items whose statements name one of these entities."""
        number, _ = self.facts().namespaces["item"]
        for entity_id in ids:
            asked: dict[str, str | int] = {"list": "backlinks", "bltitle": self._title(entity_id)}
            asked |= {"blnamespace": number, "bllimit": "max", "blfilterredir": "nonredirects"}
            for page in self._listed("backlinks", asked):
                yield _id_of(page)

    def labelled(self, label: str, language: str) -> list[str]:
        """The items that have exactly this label, as far as the wiki's search finds them."""
        answer = self._connection.get(
            action="wbsearchentities", search=label, language=language, uselang=language, type="item", limit=AT_ONCE
        )
        found = answer.get("search", ())
        return [
            str(hit["id"])
            for hit in found
            if hit.get("match", {}).get("type") == "label"
            and str(hit["match"].get("text", "")).casefold() == label.casefold()
        ]

    def _redirected(self, missing: list[str]) -> dict[str, Remote]:
        """Those of the missing that are redirects; ``redirects=no`` gives them as missing."""
        if not missing:
            return {}
        titles = {self._title(entity_id): entity_id for entity_id in missing}
        answer = self._connection.get(action="query", titles="|".join(titles), redirects=1)
        found = {}
        for pair in answer.get("query", {}).get("redirects", ()):
            entity_id = titles.get(str(pair.get("from")))
            if entity_id:
                found[entity_id] = Remote(entity_id, 0, None, _id_of({"title": pair["to"]}))
        return found

    def _all_of(self, kind: str) -> Iterator[str]:
        number, _ = self.facts().namespaces[kind]
        asked: dict[str, str | int] = {"list": "allpages", "apnamespace": number, "aplimit": "max"}
        for page in self._listed("allpages", asked | {"apfilterredir": "nonredirects"}):
            yield _id_of(page)

    def _listed(self, name: str, asked: dict[str, str | int]) -> Iterator[Json]:
        following: dict[str, str | int] = {}
        while True:
            answer = self._connection.get(action="query", **(asked | following))
            yield from answer.get("query", {}).get(name, ())
            next_ = answer.get("continue")
            if not isinstance(next_, dict):
                return
            if next_ == following:
                raise Unavailable(f"{self.host} gives the same part of a list again and again")
            following = next_

    def _title(self, entity_id: str) -> str:
        kind = "property" if entity_id.startswith("P") else "item"
        _, name = self.facts().namespaces[kind]
        return f"{name}:{entity_id}" if name else entity_id


def api_of(address: str, connect: Any) -> Connection:
    """A connection to the API of the wiki at an address, which may be the API's own; raises what the last try did."""
    base = address.rstrip("/")
    tries = [base] if base.endswith("api.php") else [f"{base}/w/api.php", f"{base}/api.php"]
    failure: CapxError | None = None
    for url in tries:
        connection: Connection = connect(url)
        try:
            connection.get(action="query", meta="siteinfo")
        except (Unavailable, EditRefused) as error:
            failure = failure or error
            connection.close()
        except Forbidden:
            connection.close()
            raise
        else:
            return connection
    assert failure is not None, "at least one address was tried"
    raise failure


def bare(entity: EntityJson) -> Json:
    """The entity without the facts of its page; empty maps, which PHP writes as lists, are maps."""
    kept = {key: entity[key] for key in ("type", "id", "datatype") if key in entity}
    maps = ("labels", "descriptions", "aliases", "claims")
    return kept | {key: entity[key] if isinstance(entity.get(key), dict) else {} for key in maps}


def _id_of(page: Json) -> str:
    return str(page["title"]).rpartition(":")[2]
