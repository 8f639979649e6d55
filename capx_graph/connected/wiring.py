"""Which Wikibase is connected, its mapping, the line to it, and what keeps the mirror in step with it.

Given out by the package. The facts of the Wikibase are asked for once and kept in the data
directory; only the very first command needs the network.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from capx_graph.errors import InvalidSetting
from capx_graph.mediawiki import Connection, Limits, Reader
from capx_graph.namespaces import OWN_IDS
from capx_graph.ontology import Instance, find_instance, load_instance
from capx_graph.repository.store import Repository
from capx_graph.settings import Settings
from capx_graph.upstream import Selection, Site, Source, Sync, discover, keep_site, kept_site
from capx_graph.wikibase.elsewhere import WikiCredentials

EMBEDDED = "embedded"
INSTANCES = "instances"
"""The folder of the data directory with mappings that were made here."""

_LIMITS = Limits(deadline=600.0, request=60.0, answer=64 << 20, pause=0.0)
"""One request after another is what a wiki asks of its readers; it says itself when it wants pauses."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """The clock and the waiting of a conversation; tests and a service that ends have their own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def site_of(settings: Settings) -> Site | None:
    """The connected Wikibase, None where there is none; asks it at first, and raises Unavailable then."""
    if settings.wikibase is None:
        return None
    site = kept_site(settings.data, settings.wikibase)
    if site is None:
        connection = connection_to(settings)
        try:
            site = discover(connection, settings.wikibase)
        finally:
            connection.close()
        keep_site(settings.data, site)
    return site


def instance_of(settings: Settings) -> Instance:
    """The mapping of the ontology to ids: those of the connected Wikibase, and our own for what it lacks.

    Raises InvalidSetting.
    """
    site = site_of(settings)
    if site is None or settings.wikibase is None:
        return load_embedded()
    found = _connected(settings.wikibase.instance, site.concept_base, settings.data / INSTANCES)
    if settings.writing.people_upstream and not found.takes_people:
        raise InvalidSetting(f"CAPX_PEOPLE=upstream: {found.label} takes no people, by its policy; people stay here")
    return found


def assumed(instance: Instance) -> dict[str, str | None]:
    """What the connected Wikibase is believed to have before it is read: the terms of its mapping."""
    found: dict[str, str | None] = {id_: instance.datatype(name) for name, id_ in instance.property_ids.items()}
    found |= dict.fromkeys(instance.item_ids.values())
    return {id_: datatype for id_, datatype in found.items() if int(id_[1:]) <= OWN_IDS}


def credentials_of(settings: Settings) -> WikiCredentials:
    """Who edits a Wikibase elsewhere, as the settings say."""
    given = settings.writing
    key, secret, token, token_secret = given.oauth1 or ("", "", "", "")
    return WikiCredentials(
        user=given.user,
        password=given.password,
        token=given.token,
        consumer_key=key,
        consumer_secret=secret,
        access_token=token,
        access_secret=token_secret,
    )


def reading_as(settings: Settings) -> Reader:
    """Who reads a Wikibase elsewhere that is closed to strangers: whoever edits it."""
    given = credentials_of(settings)
    return Reader(
        given.user,
        given.password,
        given.token,
        signature=given.signature,
        settings="CAPX_WIKIBASE_USER with CAPX_WIKIBASE_PASSWORD, CAPX_WIKIBASE_TOKEN or CAPX_WIKIBASE_OAUTH1",
    )


def connection_to(settings: Settings, pacing: Pacing | None = None) -> Connection:
    """A line to the connected Wikibase; raises InvalidSetting where there is none."""
    if settings.wikibase is None:
        raise InvalidSetting("CAPX_WIKIBASE_URL names no Wikibase to connect")
    pacing = pacing or Pacing()
    return Connection(
        settings.wikibase.url,
        user_agent=settings.user_agent(),
        reader=reading_as(settings),
        limits=_LIMITS,
        clock=pacing.clock,
        sleep=pacing.sleep,
    )


def sync_over(
    repository: Repository,
    settings: Settings,
    *,
    pacing: Pacing | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Sync:
    """What keeps a repository's mirror in step with the connected Wikibase; raises InvalidSetting without one."""
    site = site_of(settings)
    connection = connection_to(settings, pacing)
    if site is None or settings.wikibase is None:
        raise InvalidSetting("CAPX_WIKIBASE_URL names no Wikibase to connect")
    selection = Selection.parse(settings.wikibase.select)
    return Sync(Source(connection, site), repository.mirror, selection=selection, progress=progress)


@contextmanager
def open_sync(
    repository: Repository,
    settings: Settings,
    *,
    pacing: Pacing | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Sync]:
    """``sync_over``, its line closed at the end."""
    sync = sync_over(repository, settings, pacing=pacing, progress=progress)
    try:
        yield sync
    finally:
        sync.source.close()


@cache
def load_embedded() -> Instance:
    """The mapping of the embedded Wikibase alone."""
    return load_instance(EMBEDDED)


@cache
def _connected(name: str, concept_base: str, beside: Path) -> Instance:
    found = load_instance(name, beside=beside) if name else find_instance(concept_base, beside=beside)
    if found is None:
        raise InvalidSetting(
            f"no file in ontology/instances or {beside} maps the ontology to {concept_base}: 'capx provision' makes "
            f"one, CAPX_INSTANCE names one"
        )
    return found.completed_by(load_embedded(), above=OWN_IDS)
