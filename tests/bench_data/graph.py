"""The bench data set as ontology-layer triples, made directly, so that reads can be tested without an import.

``BenchGraph(folder)`` reads the JSON Lines; ``ids`` tells which item stands for which record.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from capx_graph.namespaces import CAPX, OWL, RDFS, SKOS, WIKIDATA, WikibaseNamespaces
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import RDF_TYPE, NamedNode, Term, Triple, date_time, iri, literal
from tests.houses.ready import copied

SPACES = WikibaseNamespaces("http://127.0.0.1:8000")
LABEL = NamedNode(RDFS + "label")
DESCRIPTION = NamedNode("http://schema.org/description")
FIRST_ITEM = 1000
ORGANIZATION_TYPES = {
    "chapter": "Chapter",
    "thematic": "ThematicOrganization",
    "user_group": "UserGroup",
    "partner": "Partner",
}


def capx(name: str) -> NamedNode:
    return NamedNode(CAPX + name)


def generate(shared: Path, people: int, folder: Path, *, seed: int = 1) -> Path:
    """The bench data set in ``folder``; the generator is the one of the shared folder."""
    script = shared / "bench" / "generate.py"

    def make(out: Path) -> None:
        command = [sys.executable, str(script), "--people", str(people), "--seed", str(seed), "--out", str(out)]
        subprocess.run(command, check=True, capture_output=True)

    return copied(f"bench-{people}-{seed}", make, folder)


@dataclass
class BenchGraph:
    """Records of a bench folder, the item id of each (by kind and natural key), and their triples."""

    folder: Path
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    above: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """For a capacity or a territory: itself and everything above it, by natural key."""

    def __post_init__(self) -> None:
        kinds = {
            "capacity": ("capacities", "qid"),
            "territory": ("territories", "code"),
            "language": ("languages", "code"),
            "wikimedia_project": ("projects", "code"),
            "organization": ("organizations", "code"),
            "person": ("people", "username"),
            "event": ("events", "id"),
            "project": ("org_projects", "id"),
        }
        for kind, (name, key) in kinds.items():
            lines = (self.folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            records = [json.loads(line) for line in lines]
            self.records[kind] = [record for record in records if record.get("active", True)]
            for record in self.records[kind]:
                self.ids[kind, record[key]] = f"Q{FIRST_ITEM + len(self.ids)}"
        for record in self.records["capacity"]:
            up = self.above["capacity", record["parent"]] if record["parent"] else set()
            self.above["capacity", record["qid"]] = up | {record["qid"]}
        for record in self.records["territory"]:
            self.above["territory", record["code"]] = {record["code"], *record["parents"]}

    def item(self, kind: str, key: str) -> NamedNode:
        return iri(SPACES.entity + self.ids[kind, key])

    def triples(self, *kinds: str) -> Iterator[Triple]:
        """The triples of all records, or of those of some kinds."""
        for kind, make in (
            ("capacity", self._capacity),
            ("territory", self._territory),
            ("language", self._language),
            ("wikimedia_project", self._wikimedia_project),
            ("organization", self._organization),
            ("person", self._person),
            ("event", self._event),
            ("project", self._project),
        ):
            if kinds and kind not in kinds:
                continue
            class_ = capx("".join(word.capitalize() for word in kind.split("_")))
            for record in self.records[kind]:
                key = record.get("username") or record.get("id") or record.get("code") or record["qid"]
                subject = self.item(kind, key)
                yield Triple(subject, RDF_TYPE, class_)
                for predicate, value in make(record, subject):
                    if isinstance(predicate, Triple):
                        yield predicate
                    else:
                        yield Triple(subject, predicate, value)

    def store(self) -> EmbeddedStore:
        """A graph in memory with all triples."""
        store = EmbeddedStore()
        with store.rebuild("bench") as build:
            build.add(self.triples())
            build.finish(1)
            build.publish()
        return store

    def _capacity(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        for code, text in record["labels"].items():
            yield LABEL, literal(text, code)
        yield DESCRIPTION, literal(record["description"]["en"], "en")
        yield capx("created"), date_time(record["created"])
        yield capx("wikidataId"), literal(record["qid"])
        yield NamedNode(SKOS + "exactMatch"), iri(WIKIDATA + record["qid"])
        if record["parent"]:
            yield NamedNode(SKOS + "broader"), self.item("capacity", record["parent"])
        for ancestor in self.above["capacity", record["qid"]] - {record["qid"]}:
            yield NamedNode(SKOS + "broaderTransitive"), self.item("capacity", ancestor)
        root = next(key for key in self.above["capacity", record["qid"]] if len(self.above["capacity", key]) == 1)
        yield capx("root"), self.item("capacity", root)
        yield capx("rootColour"), literal("#0078D4")

    def _territory(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        yield LABEL, literal(record["name"], "en")
        yield capx("code"), literal(record["code"])
        for parent in record["parents"]:
            yield capx("partOf"), self.item("territory", parent)
        for key in self.above["territory", record["code"]]:
            yield capx("within"), self.item("territory", key)

    def _language(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        yield LABEL, literal(record["name"], "en")
        yield LABEL, literal(record["autonym"], record["code"])
        yield capx("code"), literal(record["code"])

    def _wikimedia_project(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        yield LABEL, literal(record["name"], "en")
        yield capx("code"), literal(record["code"])

    def _held(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        links = {"known": ("knows", "knowledge"), "available": ("offers", "offer"), "wanted": ("wants", "want")}
        involved: set[str] = set()
        for field_, (predicate, link) in links.items():
            under = {key for held in record[field_] for key in self.above["capacity", held]}
            involved |= under
            for held in record[field_]:
                node = iri(f"{SPACES.statement}{subject.value.rsplit('/', 1)[1]}-{link}-{held}")
                yield capx(predicate), self.item("capacity", held)
                yield capx(link), node
                yield Triple(node, capx("capacity"), self.item("capacity", held)), None
            for key in under:
                yield capx(f"{predicate}Under"), self.item("capacity", key)
        for key in involved:
            yield capx("involvesUnder"), self.item("capacity", key)

    def _based(self, record: dict[str, Any]) -> Iterator[Any]:
        for code in record["territories"]:
            yield capx("basedIn"), self.item("territory", code)
        for key in {key for code in record["territories"] for key in self.above["territory", code]}:
            yield capx("basedWithin"), self.item("territory", key)

    def _organization(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        for code, text in record["names"].items():
            yield LABEL, literal(text, code)
        yield capx("code"), literal(record["code"])
        yield capx("organizationType"), capx(ORGANIZATION_TYPES[record["type"]])
        yield capx("website"), iri(record["website"])
        yield capx("lastActive"), date_time(record["updated"])
        yield from self._based(record)
        yield from self._held(record, subject)
        for number, manager in enumerate(record["managers"]):
            node = iri(f"{SPACES.statement}{subject.value.rsplit('/', 1)[1]}-manager-{number}")
            yield capx("management"), node
            yield Triple(node, capx("created"), date_time(manager["since"])), None
            if ("person", manager["username"]) in self.ids:  # an inactive one is an unknown value
                person = self.item("person", manager["username"])
                yield capx("manager"), person
                yield Triple(node, capx("person"), person), None

    def _person(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        yield LABEL, literal(record["display_name"] or record["username"], "en")
        yield capx("username"), literal(record["username"])
        yield capx("joined"), date_time(record["joined"])
        yield capx("lastActive"), date_time(record["last_update"])
        if record["pronoun"]:
            yield capx("pronoun"), literal(record["pronoun"])
        if record["about"]:
            yield capx("about"), literal(record["about"], record["about_language"])
        if record["wikidata_qid"]:
            yield capx("wikidataId"), literal(record["wikidata_qid"])
            yield NamedNode(OWL + "sameAs"), iri(WIKIDATA + record["wikidata_qid"])
        yield from self._based(record)
        yield from self._held(record, subject)
        for skill in record["languages"]:
            yield from self._skill(subject, skill["code"], skill["proficiency"])
        for code in record["projects"]:
            yield capx("contributesTo"), self.item("wikimedia_project", code)
        for code in record["affiliations"]:
            yield capx("affiliatedWith"), self.item("organization", code)

    def _skill(self, subject: NamedNode, code: str, level: str) -> Iterator[Any]:
        node = iri(f"{SPACES.statement}{subject.value.rsplit('/', 1)[1]}-speaks-{code}")
        language = self.item("language", code)
        if level != "0":
            yield capx("speaks"), language
        yield capx("languageSkill"), node
        yield Triple(node, capx("language"), language), None
        yield Triple(node, capx("level"), capx(f"Level{level.upper()}")), None
        yield Triple(node, capx("levelCode"), literal(level)), None

    def _concerns(self, record: dict[str, Any]) -> Iterator[Any]:
        for held in record["capacities"]:
            yield capx("concerns"), self.item("capacity", held)
        for key in {key for held in record["capacities"] for key in self.above["capacity", held]}:
            yield capx("concernsUnder"), self.item("capacity", key)

    def _event(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        yield LABEL, literal(record["name"], "en")
        yield capx("code"), literal(record["id"])
        yield capx("begin"), date_time(record["begin"])
        if "cancelled" in record:
            yield capx("cancelled"), date_time(record["cancelled"])
        yield capx("end"), date_time(record["end"])
        yield capx("organizer"), self.item("organization", record["organization"])
        yield from self._concerns(record)

    def _project(self, record: dict[str, Any], subject: NamedNode) -> Iterator[Any]:
        yield LABEL, literal(record["name"], "en")
        yield capx("code"), literal(record["id"])
        yield capx("created"), date_time(record["created"])
        for member in record["members"]:
            yield capx("partner"), self.item("organization", member["code"])
        yield from self._concerns(record)


def value(term: Term | None) -> str:
    """The last part of an entity's IRI, or the text of a literal."""
    assert isinstance(term, NamedNode)
    return term.value.rsplit("/", 1)[1]
