"""What has to be known of a connected Wikibase before anything of it can be read, and how it is found out.

The facts are kept in a file of the data directory, so that a start needs no network and nothing changes under the
data. What the Wikibase says of itself can be overridden by settings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from capx_graph.datadir import whole
from capx_graph.errors import CapxError, DataError, InvalidSetting, Unavailable
from capx_graph.mediawiki import Connection
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.settings import WikibaseSettings

FILE_NAME = "upstream.json"

_ENTITIES = "entity/"
_MODELS = {"wikibase-item": "item", "wikibase-property": "property"}
_DATA_PREFIX = re.compile(r"^@prefix\s+\w*data\w*:\s+<([^>]*EntityData/)>", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Site:
    """A connected Wikibase: its API, its IRIs, the numbers of its namespaces and how titles begin in them."""

    api: str
    name: str
    concept_base: str
    documents: str
    item_namespace: int
    property_namespace: int
    item_prefix: str
    property_prefix: str

    @property
    def namespaces(self) -> WikibaseNamespaces:
        """The IRIs of its entities."""
        base = self.concept_base.removesuffix(f"/{_ENTITIES}")
        usual = WikibaseNamespaces(base)
        return usual if usual.data == self.documents else WikibaseNamespaces(base, documents=self.documents)

    def title(self, entity_id: str) -> str:
        """The title of an entity's page."""
        return f"{self.item_prefix if entity_id.startswith('Q') else self.property_prefix}{entity_id}"


def discover(connection: Connection, settings: WikibaseSettings) -> Site:
    """What the Wikibase says of itself; raises Unavailable, InvalidSetting where it says too little."""
    answer = connection.get(action="query", meta="siteinfo", siprop="general|namespaces").get("query") or {}
    general, spaces = answer.get("general") or {}, answer.get("namespaces") or {}
    concept_base = settings.concept_base or str(general.get("wikibase-conceptbaseuri") or "")
    if not concept_base:
        raise InvalidSetting(
            f"CAPX_WIKIBASE_URL={settings.url!r}: {connection.host} is no Wikibase, or does not say its concept base; "
            f"name it in CAPX_WIKIBASE_CONCEPT_BASE"
        )
    if not concept_base.endswith(f"/{_ENTITIES}"):
        raise InvalidSetting(
            f"{connection.host} has the concept base {concept_base!r}, which does not end with /entity/"
        )
    numbers = _namespaces(connection.host, spaces)
    site = Site(
        api=settings.url,
        name=str(general.get("sitename") or connection.host),
        concept_base=concept_base,
        documents=settings.documents or _documents(settings.url, general),
        item_namespace=numbers["item"][0],
        property_namespace=numbers["property"][0],
        item_prefix=numbers["item"][1],
        property_prefix=numbers["property"][1],
    )
    return site if settings.documents else _as_documents_say(connection, site)


def kept_site(directory: Path, settings: WikibaseSettings) -> Site | None:
    """The facts kept in the data directory; None where there are none. Settings win; raises DataError."""
    try:
        kept = json.loads((directory / FILE_NAME).read_text(encoding="utf-8"))
        site = Site(**{**kept, "api": settings.url})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise DataError(f"{directory / FILE_NAME} cannot be read; remove it, and it is made anew: {error}") from error
    changed = {
        name: given
        for name, given in (("concept_base", settings.concept_base), ("documents", settings.documents))
        if given
    }
    return Site(**{**asdict(site), **changed})


def keep_site(directory: Path, site: Site) -> None:
    """Keeps the facts in the data directory, whole or not at all."""
    whole.put(directory / FILE_NAME, json.dumps(asdict(site), ensure_ascii=False, indent=1), durable=True)


def _namespaces(host: str, spaces: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for space in spaces.values():
        kind = _MODELS.get(str(space.get("defaultcontentmodel", "")))
        if kind is not None:
            name = str(space.get("name") or "")
            found.setdefault(kind, (int(space["id"]), f"{name}:" if name else ""))
    missing = set(_MODELS.values()) - found.keys()
    if missing:
        raise InvalidSetting(
            f"{host} has no namespace for {' and '.join(sorted(missing))}: it is no Wikibase repository"
        )
    return found


def _documents(api: str, general: Mapping[str, Any]) -> str:
    """The address of Special:EntityData/ by the wiki's own description; its server may lack the scheme."""
    server = urljoin(api, str(general.get("server") or "/"))
    path = str(general.get("articlepath") or "/wiki/$1").replace("$1", "Special:EntityData/")
    return urljoin(f"{server.rstrip('/')}/", path.lstrip("/"))


def _as_documents_say(connection: Connection, site: Site) -> Site:
    """The IRIs of data nodes as the Wikibase's own RDF has them, where there is an entity to look at.

    A host that does not lie where the API does is not asked: a description must not send requests elsewhere.
    """
    if urlsplit(site.documents).netloc != urlsplit(site.api).netloc:
        return site
    try:
        listed = connection.get(action="query", list="allpages", apnamespace=site.property_namespace, aplimit=1)
        pages = (listed.get("query") or {}).get("allpages") or []
        title = str(pages[0]["title"]).rpartition(":")[2] if pages else ""
        text = connection.document(f"{site.documents}{title}.ttl?flavor=dump") if title else ""
    except Unavailable:
        raise
    except CapxError:
        return site  # data pages may be closed to programs; the description stands
    found = _DATA_PREFIX.search(text)
    return Site(**{**asdict(site), "documents": found[1]}) if found else site
