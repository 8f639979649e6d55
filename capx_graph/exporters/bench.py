"""The public facts as JSON Lines in the bench format, which ``capx import`` takes back without changing anything.

Written from the repository, not the graph, in two readings: the first learns the natural keys that records refer
to one another by. What the format has no field for (labels in further languages, qualifiers of capacities) is in
the RDF dumps; ``capx_id``, ``colour`` and ``source`` are fields of ours beside the format's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO

from capx_graph.exporters.statements import Facts
from capx_graph.importers.benchformat import FILES, BenchFile
from capx_graph.importers.sources import MARKED
from capx_graph.instants import stamp
from capx_graph.items.keys import KeyReader
from capx_graph.model import EntityKind, Page
from capx_graph.repository.store import Repository

Json = dict[str, object]
_TREES: Mapping[EntityKind, str] = {EntityKind.CAPACITY: "broader", EntityKind.TERRITORY: "partOf"}


class _File:
    """One file being written, with what the manifest says of it."""

    def __init__(self, path: Path) -> None:
        self._out: IO[bytes] = path.open("wb")
        self._hash = hashlib.sha256()
        self.records = 0
        self.bytes = 0

    def put(self, record: Json) -> None:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._out.write(line)
        self._hash.update(line)
        self.records += 1
        self.bytes += len(line)

    def close(self) -> Json:
        self._out.close()
        return {"records": self.records, "bytes": self.bytes, "sha256": self._hash.hexdigest()}


@dataclass(frozen=True, slots=True)
class _Thing:
    """A page that is of a kind the format knows, with its key."""

    kind: EntityKind
    key: str
    page: Page


class BenchExporter:
    """Writes one repository's public facts."""

    def __init__(self, repository: Repository, reader: KeyReader, facts: Callable[[Page], Facts]) -> None:
        self._repository = repository
        self._reader = reader
        self._facts = facts
        self._keys: dict[str, str] = {}
        self._makers: Mapping[EntityKind, Callable[[Facts, str], Json]] = {
            EntityKind.CAPACITY: self._capacity,
            EntityKind.TERRITORY: self._territory,
            EntityKind.LANGUAGE: self._language,
            EntityKind.WIKIMEDIA_PROJECT: self._wikimedia_project,
            EntityKind.ORGANIZATION: self._organization,
            EntityKind.PERSON: self._person,
            EntityKind.EVENT: self._event,
            EntityKind.PROJECT: self._project,
        }

    def write(self, directory: Path, *, now: datetime) -> Mapping[EntityKind, int]:
        """All files and their manifest, into a directory that is made when missing; answers the numbers of records."""
        directory.mkdir(parents=True, exist_ok=True)
        self._keys = {thing.page.entity_id: thing.key for thing in self._things()}
        files = {file.kind: (file, _File(directory / file.name)) for file in FILES}
        numbers = {kind: count(1) for kind in files}
        for thing in self._parents_first():
            file, out = files[thing.kind]
            out.put(self._record(file, thing, next(numbers[thing.kind])))
        described = {file.name: out.close() for file, out in files.values()}
        manifest = {
            "format": 1,
            "people": files[EntityKind.PERSON][1].records,
            MARKED: True,
            "asof": stamp(now),
            "files": described,
        }
        (directory / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        return {kind: out.records for kind, (_, out) in files.items()}

    def _things(self) -> Iterator[_Thing]:
        for page in self._repository.scan("item"):
            kind = self._reader.kind(page.entity) if page.entity is not None else None
            if kind is not None and page.entity is not None:
                key = next(self._reader.keys(page.entity, kind), None)
                if key is not None:
                    yield _Thing(kind, key, page)

    def _parents_first(self) -> Iterator[_Thing]:
        """The trees first, each thing after what it lies under; the rest as it comes, people above all."""
        waiting: dict[str, _Thing] = {}
        for thing in self._things():
            if thing.kind in _TREES:
                waiting[thing.page.entity_id] = thing
            else:
                yield thing
        while waiting:
            ready = {
                id_: thing
                for id_, thing in waiting.items()
                if waiting.keys().isdisjoint(self._facts(thing.page).items(_TREES[thing.kind]))
            } or dict(waiting)  # a circle cannot be put in order; the shapes report it
            yield from ready.values()
            waiting = {id_: thing for id_, thing in waiting.items() if id_ not in ready}

    def _record(self, file: BenchFile, thing: _Thing, number: int) -> Json:
        facts = self._facts(thing.page)
        record = self._makers[thing.kind](facts, thing.key)
        if file.kind is EntityKind.PERSON:
            record = {"id": number, **record}
        source = facts.code("source")
        return record | {"source": source} if source else record

    # -- one method a file --------------------------------------------------------------------------------------

    def _capacity(self, facts: Facts, key: str) -> Json:  # noqa: ARG002 its two keys are fields of their own
        parents = self._referred(facts, "broader")
        record: Json = {
            "qid": facts.text("wikidataId"),
            "parent": parents[0] if parents else None,
            "labels": facts.labels,
            "description": facts.descriptions,
            "created": facts.optional("created"),
            "capx_id": facts.text("capxId"),
            "colour": facts.text("colour"),
        }
        return {name: value for name, value in record.items() if value != "" or name == "qid"}

    def _territory(self, facts: Facts, key: str) -> Json:
        parents = self._referred(facts, "partOf")
        kind = "country" if parents else "region"
        return {"code": key, "kind": kind, "name": facts.label("en") or key, "parents": parents}

    def _language(self, facts: Facts, key: str) -> Json:
        return {"code": key, "name": facts.label("en") or key, "autonym": facts.label(key)}

    def _wikimedia_project(self, facts: Facts, key: str) -> Json:
        return {"code": key, "name": facts.label("en") or key}

    def _organization(self, facts: Facts, key: str) -> Json:
        managers = [
            {"username": self._keys.get(item) if item else None, "since": since}
            for item, since in facts.qualified_strings("manager", "created")
            if item is None or item in self._keys
        ]
        return {
            "code": key,
            "names": facts.labels or {"en": key},
            "type": facts.code("organizationType"),
            "territories": self._referred(facts, "basedIn"),
            **self._roles(facts),
            "managers": managers,
            "website": facts.text("website"),
            "updated": facts.optional("lastActive"),
        }

    def _person(self, facts: Facts, key: str) -> Json:
        about, language = facts.monolingual("about")
        languages = [
            {"code": self._keys[item], "proficiency": level or ""}
            for item, level in facts.qualified_codes("speaks", "level")
            if item in self._keys
        ]
        return {
            "username": key,
            "active": True,
            "display_name": facts.text("displayName"),
            "pronoun": facts.text("pronoun"),
            "about": about,
            "about_language": language,
            "wikidata_qid": facts.text("wikidataId"),
            "wiki_alt": "",
            "territories": self._referred(facts, "basedIn"),
            "languages": languages,
            "projects": self._referred(facts, "contributesTo"),
            "affiliations": self._referred(facts, "affiliatedWith"),
            **self._roles(facts),
            "saved_users": [],
            "saved_orgs": [],
            "joined": facts.optional("joined"),
            "last_update": facts.optional("lastActive"),
        }

    def _event(self, facts: Facts, key: str) -> Json:
        return {
            "id": key,
            "name": facts.label("en") or key,
            "organization": self._one(facts, "organizer"),
            "creator": self._one(facts, "creator"),
            "location_type": facts.code("locationType"),
            "url": facts.text("website"),
            "description": facts.descriptions.get("en", ""),
            "wikidata_qid": facts.text("wikidataId"),
            "begin": facts.optional("begin"),
            "end": facts.optional("end"),
            "capacities": self._referred(facts, "concerns"),
        }

    def _project(self, facts: Facts, key: str) -> Json:
        members = [
            {"code": self._keys[item], "accepted": accepted == "yes"}
            for item, accepted in facts.qualified_strings("partner", "accepted")
            if item in self._keys
        ]
        return {
            "id": key,
            "name": facts.label("en") or key,
            "description": facts.descriptions.get("en", ""),
            "url": facts.text("website"),
            "creator": self._one(facts, "creator"),
            "created": facts.optional("created"),
            "capacities": self._referred(facts, "concerns"),
            "members": members,
        }

    def _roles(self, facts: Facts) -> Json:
        return {
            "known": self._referred(facts, "knows"),
            "available": self._referred(facts, "offers"),
            "wanted": self._referred(facts, "wants"),
        }

    def _referred(self, facts: Facts, name: str) -> list[str]:
        return [self._keys[item] for item in facts.items(name) if item in self._keys]

    def _one(self, facts: Facts, name: str) -> str | None:
        """The key of the first value; None for an unknown one, empty text where nothing is said."""
        found = self._referred(facts, name)
        return found[0] if found else (None if facts.is_unknown(name) else "")
