"""Provision, push and pull as an operator asks for them: which wiki, as whom, under which mapping of ids.

The command line imports it. Reading is anonymous unless the operator says that the credentials are of that wiki;
writing needs credentials in the settings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from capx_graph.connected import credentials_of, reading_as
from capx_graph.datadir import whole
from capx_graph.errors import Forbidden, InvalidParameter, InvalidSetting, NotFound
from capx_graph.handover.provisioner import Answer, Provisioner, ProvisionPlan
from capx_graph.handover.pulling import Pull
from capx_graph.handover.pushing import Push
from capx_graph.handover.reading import WikiReader, reader_of
from capx_graph.handover.selecting import COUNTERPART, Selection
from capx_graph.handover.sides import Sides
from capx_graph.handover.state import Pairing
from capx_graph.jobs.agent import reachable_agent
from capx_graph.mediawiki import Connection, Credentials, Limits, Reader
from capx_graph.ontology import (
    Instance,
    InstanceHeader,
    completed_instance,
    load_instance,
    load_ontology,
    read_instance,
    written_instance,
)
from capx_graph.opening import open_repository
from capx_graph.privacy import tombstones_of
from capx_graph.resources import ontology_dir
from capx_graph.settings import Settings
from capx_graph.wikibase.elsewhere import Elsewhere, KeptSession, Manners
from capx_graph.wikibase.writer import Writer, WriterSettings

_DEADLINE = 24 * 3600.0
"""Seconds for a whole run: 100,000 people take hours where a wiki takes a few edits a second."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class There:
    """A wiki elsewhere: how it is read, where its API is, and the file of ids."""

    reader: WikiReader
    api: str
    path: Path
    instance: Instance | None


def instance_file(name: str) -> Path:
    """The file of an instance, by its path or by its name among those of this program; raises InvalidParameter."""
    if name.endswith(".ttl") or "/" in name:
        return Path(name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) or name == "embedded":
        raise InvalidParameter("--instance", name[:80], "is a name of lower-case letters and digits, or a path")
    return ontology_dir() / "instances" / f"{name}.ttl"


@contextmanager
def reading(settings: Settings, address: str, name: str, *, sign_in: bool = False) -> Iterator[There]:
    """A wiki elsewhere, to be read; ``name`` is that of its instance file or its path, empty for one of its host.

    ``sign_in`` says that the credentials are those of this very wiki.
    """
    who = _reader(settings, address, sign_in=sign_in)
    agent = reachable_agent(settings)
    file = instance_file(name or _name_of(address))
    instance = read_instance(file) if file.exists() else None

    def connect(url: str) -> Connection:
        return Connection(
            url,
            user_agent=agent,
            credentials=Credentials(token=who.token),
            reader=who,
            limits=Limits(deadline=_DEADLINE, pause=0.0, answer=64 * 1024 * 1024),
        )

    reader, connection = reader_of(address, connect)
    try:
        base = reader.site.concept_base
        if instance is not None and instance.concept_base not in (None, base):
            raise InvalidParameter("--instance", file.name, f"is of {instance.concept_base}, the wiki is {base}")
        yield There(reader, connection.api_url, file, instance)
    finally:
        connection.close()


def _reader(settings: Settings, address: str, *, sign_in: bool) -> Reader:
    """Who signs in to read: nobody, unless the credentials are known to be of that wiki and travel unseen."""
    own = settings.wikibase is not None and _site(settings.wikibase.url) == _site(address)
    if not (sign_in or own):
        return Reader(settings="--sign-in, if CAPX_WIKIBASE_USER and its neighbours are of this very wiki")
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise InvalidParameter("--wikibase", address[:80], "is not https, and credentials would be sent in the clear")
    return reading_as(settings)


def _site(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.casefold()


@contextmanager
def writing(settings: Settings, api: str) -> Iterator[Writer]:
    """What edits there, as whom the settings say; raises Forbidden where they say nothing."""
    credentials = credentials_of(settings)
    if not credentials.given:
        raise Forbidden(
            f"editing {urlsplit(api).netloc} needs CAPX_WIKIBASE_USER with CAPX_WIKIBASE_PASSWORD, "
            "CAPX_WIKIBASE_TOKEN or CAPX_WIKIBASE_OAUTH1"
        )
    agent = reachable_agent(settings)
    session = KeptSession(api, credentials, Manners(agent, settings.writing.pause), clock=settings.now)
    elsewhere = Elsewhere(session)
    try:
        yield Writer(WriterSettings(api, agent, traceable=True), elsewhere)
    finally:
        elsewhere.close()


def provision_plan(there: There) -> ProvisionPlan:
    """What would be made there."""
    return Provisioner(there.reader, load_ontology(), there.instance).plan()


def provision_decided(there: There, plan: ProvisionPlan, answer: Answer) -> ProvisionPlan:
    """The plan with its guesses decided."""
    return Provisioner(there.reader, load_ontology(), there.instance).decided(plan, answer)


def provision_there(settings: Settings, there: There, plan: ProvisionPlan) -> Mapping[str, str]:
    """Makes what the plan says, and writes the instance file as it goes; answers what was made."""
    provisioner = Provisioner(there.reader, load_ontology(), there.instance)
    save = _saving(there)
    if not plan.missing:
        save(plan.ids())
        return {}
    with writing(settings, there.api) as writer:
        return provisioner.carry_out(plan, writer, save=save)


@contextmanager
def sides_of(settings: Settings, there: There) -> Iterator[Sides]:
    """The two sides of a push or pull, for one run at a time; raises Unavailable, NotFound, InvalidSetting."""
    if settings.wikibase is not None:
        raise InvalidSetting("CAPX_WIKIBASE_URL: the directory is kept in that Wikibase already; nothing is copied")
    people = settings.writing.people_upstream and known_instance(there).takes_people
    with open_repository(settings) as repository:
        pairing = Pairing(settings.data, there.reader.site.concept_base)
        try:
            with pairing.locked():
                yield Sides(
                    repository,
                    there.reader,
                    Selection(load_instance("embedded"), people),
                    Selection(known_instance(there), people),
                    pairing,
                )
        finally:
            pairing.close()


def push_of(there: There, sides: Sides) -> Push:
    """A push; raises NotFound where the wiki was not made ready for one."""
    if not known_instance(there).maps(COUNTERPART) or not known_instance(there).maps("instanceOf"):
        raise NotFound(f"{there.path.name} has no id for {COUNTERPART} or instanceOf; capx provision makes them there")
    return Push(sides)


def pull_of(settings: Settings, sides: Sides) -> Pull:
    """A pull, which brings back nobody who was erased here."""
    tombstones = tombstones_of(settings)
    return Pull(sides, tombstones.stands_for if tombstones.newest else None)


def known_instance(there: There) -> Instance:
    """The mapping of ids there; raises NotFound where nothing was provisioned."""
    if there.instance is None:
        raise NotFound(f"there is no {there.path}; capx provision makes it, or --instance names another")
    return there.instance


def _saving(there: There) -> Callable[[Mapping[str, str]], None]:
    """Writes the instance file whole, aside and swapped in."""
    ontology = load_ontology()
    site = there.reader.site
    header = InstanceHeader(there.instance.name if there.instance else there.path.stem, site.name, site.concept_base)
    before = there.path.read_text(encoding="utf-8") if there.instance else None
    known = {**there.instance.property_ids, **there.instance.item_ids} if there.instance else {}
    wanted = {p.name for p in ontology.properties.values() if p.is_stored} | set(ontology.individuals)
    wanted |= {c.name for c in ontology.classes.values() if c.code}

    def save(ids: Mapping[str, str]) -> None:
        complete = wanted <= {*ids, *known}
        added = {name: entity_id for name, entity_id in ids.items() if name not in known}
        text = (
            written_instance(header, ontology, added, complete=complete)
            if before is None
            else completed_instance(before, ontology, added, complete=complete)
        )
        whole.put(there.path, text, durable=True)

    return save


def _name_of(address: str) -> str:
    """A name for a wiki from its host, such as ``wiki-example-org``."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return re.sub(r"[^a-z0-9]+", "-", host.casefold()).strip("-") or "wiki"
