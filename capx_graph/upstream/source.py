"""Reading a Wikibase through its Action API: what changed, which pages there are, entities fifty at a time.

One connection, one request after another. Everything comes out in the words of this house: ids, ``Page`` values,
instants. The surprising thing: a page may answer in a state older than its change says, because the wiki reads from
copies of its database; whoever asked compares the revisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from capx_graph.errors import EditRefused, Unavailable
from capx_graph.instants import stamp
from capx_graph.mediawiki import Connection
from capx_graph.model import Page
from capx_graph.upstream.answers import (
    Json,
    RemoteChange,
    change_of,
    entity_of,
    known_id,
    listed_in,
    moment_of,
    page_of,
    redirect_of,
    revisions_in,
)
from capx_graph.upstream.site import Site

AT_ONCE = 50
"""Entities that one request gives to anybody."""
_LISTED = 500
_INTERNAL = "internal_api_error"
"""How the codes of a wiki's own faults begin: they say nothing of what was asked for."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The recent changes since an instant, oldest first, and the wiki's clock when the list began."""

    now: datetime
    changes: list[RemoteChange]


@dataclass(slots=True)
class Fetched:
    """Entities as they are now: pages, ids without one, and ids that the wiki fails to give, with its words."""

    pages: list[Page] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)


class Source:
    """One Wikibase over one connection; not to be shared by threads."""

    def __init__(self, connection: Connection, site: Site) -> None:
        self.site = site
        self._connection = connection

    def begin(self) -> None:
        """Another conversation: its deadline counts from now."""
        self._connection.again()

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def changes(self, since: datetime) -> Recent:
        """What changed since an instant by the wiki's clock."""
        parameters: dict[str, str | int] = {
            "action": "query",
            "list": "recentchanges",
            "rcdir": "newer",
            "rcstart": stamp(since),
            "rcprop": "title|ids|timestamp|loginfo",
            "rctype": "edit|new|log",
            "rcnamespace": f"{self.site.item_namespace}|{self.site.property_namespace}",
            "rclimit": _LISTED,
            "curtimestamp": 1,
        }
        now: datetime | None = None
        found: list[RemoteChange] = []
        for answer in self._connection.continued(parameters):
            now = now or moment_of(answer.get("curtimestamp"))
            found += filter(None, map(change_of, listed_in(answer, "recentchanges")))
        found.sort(key=lambda change: (change.at, change.number))
        return Recent(now or (found[-1].at if found else since), found)

    def oldest_change(self) -> datetime | None:
        """The instant from which on the recent changes are whole; None where there are none."""
        answer = self._connection.get(
            action="query", list="recentchanges", rcdir="newer", rclimit=1, rcprop="timestamp", rctype="edit|new|log"
        )
        lines = listed_in(answer, "recentchanges")
        return moment_of(lines[0].get("timestamp")) if lines else None

    def now(self) -> datetime:
        """The wiki's clock."""
        answer = self._connection.get(action="query", meta="siteinfo", siprop="general", curtimestamp=1)
        return moment_of(answer.get("curtimestamp"))

    def all_revisions(self) -> dict[str, int]:
        """The newest revision of every entity, redirects included."""
        found: dict[str, int] = {}
        for namespace in (self.site.item_namespace, self.site.property_namespace):
            parameters: dict[str, str | int] = {
                "action": "query",
                "generator": "allpages",
                "gapnamespace": namespace,
                "gaplimit": _LISTED,
                "prop": "info",
            }
            for answer in self._connection.continued(parameters):
                found |= revisions_in(answer)
        return found

    def stretch(self, start: str) -> tuple[dict[str, int], str]:
        """The revisions of up to 500 entities from an id on, in the order of texts, and the id that follows on them.

        ``P`` and ``Q`` begin a kind; at its end nothing follows.
        Raises Unavailable.
        """
        answer = self._connection.get(
            action="query",
            generator="allpages",
            gapnamespace=self.site.item_namespace if start.startswith("Q") else self.site.property_namespace,
            gapfrom=start,
            gaplimit=_LISTED,
            prop="info",
        )
        going_on = answer.get("continue")
        following = str(going_on.get("gapcontinue", "")) if isinstance(going_on, Mapping) else ""
        if following and following <= start:
            raise Unavailable(f"{self._connection.host} gives the same part of a list again and again")
        # Where items have no namespace of their own, other pages follow on them.
        return revisions_in(answer), following if following.startswith(start[0]) else ""

    def linking_to(self, entity_id: str) -> Iterator[str]:
        """The entities whose pages link to one."""
        parameters: dict[str, str | int] = {
            "action": "query",
            "list": "backlinks",
            "bltitle": self.site.title(entity_id),
            "blnamespace": f"{self.site.item_namespace}|{self.site.property_namespace}",
            "bllimit": _LISTED,
        }
        for answer in self._connection.continued(parameters):
            yield from filter(None, map(entity_of, listed_in(answer, "backlinks")))

    def count_revisions(self, entity_id: str) -> int:
        """How many revisions the page of an entity has that anybody can read the list of."""
        parameters: dict[str, str | int] = {
            "action": "query",
            "titles": self.site.title(entity_id),
            "prop": "revisions",
            "rvprop": "ids",
            "rvlimit": _LISTED,
        }
        answers = self._connection.continued(parameters)
        return sum(len(page.get("revisions") or ()) for answer in answers for page in listed_in(answer, "pages"))

    def completed(self, entities: Sequence[Json]) -> list[Page]:
        """Entities of a dump, which does not say when they were written, as far as they are of the newest revision."""
        ids = [(str(entity["id"]), entity) for entity in entities]
        known = {self.site.title(entity_id): entity for entity_id, entity in ids if known_id(entity_id)}
        if not known:
            return []
        answer = self._connection.get(action="query", titles="|".join(known), prop="revisions", rvprop="ids|timestamp")
        pages = []
        for page in listed_in(answer, "pages"):
            entity = known.get(str(page.get("title")), {})
            for revision in page.get("revisions") or ():
                if revision.get("revid") == entity.get("lastrevid"):
                    facts = {"pageid": page.get("pageid"), "modified": revision.get("timestamp")}
                    pages.append(page_of({**entity, **facts}))
        return pages

    def fetch(self, entity_ids: Sequence[str]) -> Fetched:
        """Entities as they are now, fifty a request; raises Unavailable."""
        fetched = Fetched()
        for start in range(0, len(entity_ids), AT_ONCE):
            self._fetch(entity_ids[start : start + AT_ONCE], fetched)
        return fetched

    def _fetch(self, ids: Sequence[str], fetched: Fetched) -> None:
        """One request; where the wiki fails at one entity it fails at all, so the culprit is looked for by halves."""
        try:
            answer = self._connection.get(
                action="wbgetentities",
                ids="|".join(ids),
                props="info|labels|descriptions|aliases|claims|datatype|sitelinks",
                redirects="no",
            )
        except EditRefused as error:
            if error.code.startswith(_INTERNAL):
                raise Unavailable(str(error)) from error
            if len(ids) == 1:
                fetched.unreadable[ids[0]] = str(error)
                return
            middle = len(ids) // 2
            self._fetch(ids[:middle], fetched)
            self._fetch(ids[middle:], fetched)
            return
        entities = answer.get("entities")
        if not isinstance(entities, Mapping):
            raise Unavailable(f"{self._connection.host} answered without entities")
        absent = []
        for entity_id in ids:
            entity = entities.get(entity_id)
            if not isinstance(entity, Mapping) or "missing" in entity:
                absent.append(entity_id)
            elif entity.get("id") != entity_id:
                fetched.unreadable[entity_id] = f"{self._connection.host} gives {entity.get('id')!r} for {entity_id}"
            else:
                fetched.pages.append(page_of(entity))
        if absent:
            self._look_for(absent, fetched)

    def _look_for(self, ids: Sequence[str], fetched: Fetched) -> None:
        """Ids under which there is no entity: redirects, whose pages say where to, or nothing."""
        titles = {self.site.title(entity_id): entity_id for entity_id in ids}
        answer = self._connection.get(
            action="query", titles="|".join(titles), prop="revisions", rvprop="ids|timestamp|content", rvslots="main"
        )
        for page in listed_in(answer, "pages"):
            entity_id = titles.pop(str(page.get("title")), None)
            redirect = redirect_of(page)
            if entity_id is not None and redirect is not None:
                fetched.pages.append(redirect)
            elif entity_id is not None and page.get("revisions"):
                fetched.unreadable[entity_id] = f"{self._connection.host} does not give {entity_id}, which has a page"
            elif entity_id is not None:
                fetched.gone.append(entity_id)
        fetched.unreadable |= {id_: f"{self._connection.host} does not tell of {id_}" for id_ in titles.values()}
