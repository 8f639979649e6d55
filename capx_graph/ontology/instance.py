"""Which P and Q ids one Wikibase gives to the terms of the ontology (``ontology/instances/*.ttl``).

The surprise is the path: where another Wikibase keeps a value on a second item (MetaBase: capacity -> index term ->
Wikidata id), the mapping says so as steps, and ``Instance.values`` walks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from capx_graph.errors import OntologyError
from capx_graph.model import EntityJson
from capx_graph.namespaces import CAPX_INSTANCE, RDF, RDFS
from capx_graph.ontology.index import TripleIndex
from capx_graph.ontology.loader import DATATYPES, load_ontology
from capx_graph.ontology.vocabulary import ClassTerm, IndividualTerm, Ontology, PropertyTerm
from capx_graph.resources import ontology_dir

Lookup = Callable[[str], EntityJson | None]
"""Gives an entity by its id, None where there is none."""

_PROPERTY = CAPX_INSTANCE + "property"
_ITEM = CAPX_INSTANCE + "item"
_PROPERTY_ID = re.compile(r"P[1-9][0-9]*")
_ITEM_ID = re.compile(r"Q[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class PathStep:
    """Follow a property; only to items that are instances of ``leads_to`` (item id) where that is given."""

    property_id: str
    leads_to: str | None


@dataclass(frozen=True, slots=True)
class Path:
    """The steps to a term's value from items of class ``of`` (a class name)."""

    of: str
    steps: tuple[PathStep, ...]


class Instance:
    """The mapping of one Wikibase, both ways. ``concept_base`` is None for the embedded one: its settings say it.

    ``kept_in_directory`` are properties that this Wikibase does not have and whose values our directory keeps, as the
    hierarchy of capacities. ``takes_people`` is False where members must never be written, whatever the settings say.
    """

    def __init__(self, index: TripleIndex, ontology: Ontology) -> None:
        self.ontology = ontology
        self._read_header(index)
        self._property_ids: dict[str, str] = {}
        self._item_ids: dict[str, str] = {}
        self._datatypes: dict[str, str] = {}
        self._paths: dict[str, Path] = {}
        by_iri = {t.iri: t for t in (*_items(ontology), *ontology.properties.values())}
        for subject in index.subjects():
            if subject != self._iri:
                self._read_term(index, subject, by_iri.get(subject))
        self._properties = {id_: ontology.properties[n] for n, id_ in self._property_ids.items()}
        self._items = {id_: t for t in _items(ontology) if (id_ := self._item_ids.get(t.name))}
        self._check(index)
        if both := sorted(self.kept_in_directory & self._property_ids.keys()):
            raise OntologyError(f"{index.where} has an id for {both[0]} and says that the directory keeps it")

    def property_id(self, name: str) -> str:
        """The P id of a property; raises OntologyError where this Wikibase has none."""
        return self._known(self._property_ids, name)

    def item_id(self, name: str) -> str:
        """The Q id of a class or individual; raises OntologyError where this Wikibase has none."""
        return self._known(self._item_ids, name)

    def maps(self, name: str) -> bool:
        """Whether this Wikibase has an id for the term."""
        return name in self._property_ids or name in self._item_ids

    @property
    def lacks_hierarchy(self) -> bool:
        """Whether our directory keeps the hierarchy of capacities for this Wikibase."""
        return "broader" in self.kept_in_directory

    @property
    def property_ids(self) -> Mapping[str, str]:
        """Property name to P id."""
        return self._property_ids

    @property
    def item_ids(self) -> Mapping[str, str]:
        """Class or individual name to Q id."""
        return self._item_ids

    def datatype(self, name: str) -> str:
        """The datatype that a stored property has in this Wikibase, which may differ from the ontology's.

        Raises OntologyError.
        """
        datatype = self._datatypes.get(name) or self.ontology.property(name).datatype
        if datatype is None:
            raise OntologyError(f"{name} is derived and has no datatype")
        return datatype

    def term_of_property(self, property_id: str) -> PropertyTerm | None:
        """The property that this P id stands for."""
        return self._properties.get(property_id)

    def term_of_item(self, item_id: str) -> ClassTerm | IndividualTerm | None:
        """The class or individual that this Q id stands for."""
        return self._items.get(item_id)

    def path_of(self, name: str) -> Path | None:
        """The way to a term's value, None where the value is on the item itself."""
        return self._paths.get(name)

    def path(self, name: str) -> tuple[str, ...] | None:
        """The property ids on the way to a term's value, None where the value is on the item itself."""
        path = self._paths.get(name)
        return tuple(step.property_id for step in path.steps) if path else None

    def values(self, name: str, entity: EntityJson, lookup: Lookup) -> tuple[str, ...]:
        """The best values of a term on an entity: text of strings, ids of items; the path is walked where it applies.

        A value found on two ways is given once.
        """
        path = self._paths.get(name)
        if path is None or self._item_ids.get(path.of) not in self._classes(entity):
            return tuple(dict.fromkeys(_best_values(entity, self.property_id(name))))
        reached = [entity]
        for step in path.steps[:-1]:
            ids = [id_ for e in reached for id_ in _best_values(e, step.property_id)]
            found = [e for id_ in ids if (e := lookup(id_)) is not None]
            reached = [e for e in found if step.leads_to is None or step.leads_to in self._classes(e)]
        return tuple(dict.fromkeys(v for e in reached for v in _best_values(e, path.steps[-1].property_id)))

    def completed_by(self, other: Instance, *, above: int) -> Instance:
        """This mapping, and for the terms that it lacks the ids of another one, moved above a number."""
        whole = copy(self)
        whole._property_ids = _completed(self._property_ids, other._property_ids, above)
        whole._item_ids = _completed(self._item_ids, other._item_ids, above)
        whole._properties = {id_: self.ontology.properties[n] for n, id_ in whole._property_ids.items()}
        whole._items = {id_: t for t in _items(self.ontology) if (id_ := whole._item_ids.get(t.name))}
        whole.is_complete, whole.reserved_up_to = other.is_complete, above + other.reserved_up_to
        return whole

    def _classes(self, entity: EntityJson) -> tuple[str, ...]:
        return tuple(_best_values(entity, self.property_id("instanceOf")))

    def _known(self, ids: Mapping[str, str], name: str) -> str:
        if name not in ids:
            raise OntologyError(f"{self.name} has no id for {name!r}")
        return ids[name]

    def _read_header(self, index: TripleIndex) -> None:
        headers = [s for s in index.subjects() if CAPX_INSTANCE + "Instance" in index.nodes(s, RDF + "type")]
        if len(headers) != 1:
            raise OntologyError(f"{index.where} must describe one capxi:Instance, not {len(headers)}")
        self._iri = headers[0]
        self.name = self._iri.removeprefix(CAPX_INSTANCE)
        self.label = index.by_language(self._iri, RDFS + "label").get("en", self.name)
        self.concept_base = index.text(self._iri, CAPX_INSTANCE + "conceptBase")
        self.is_complete = index.text(self._iri, CAPX_INSTANCE + "complete") == "true"
        self.reserved_up_to = int(index.text(self._iri, CAPX_INSTANCE + "reservedUpTo") or 0)
        self.takes_people = index.text(self._iri, CAPX_INSTANCE + "takesPeople") != "false"
        kept = index.nodes(self._iri, CAPX_INSTANCE + "keptInDirectory")
        names = {term.iri: term.name for term in self.ontology.properties.values() if term.is_stored}
        if unknown := [iri for iri in kept if iri not in names]:
            raise index.error(self._iri, f"keeps <{unknown[0]}> in the directory, which is no stored property")
        self.kept_in_directory = frozenset(names[iri] for iri in kept)

    def _read_term(
        self, index: TripleIndex, subject: str, term: ClassTerm | IndividualTerm | PropertyTerm | None
    ) -> None:
        if term is None:
            raise index.error(subject, "is mapped but is not a stored term of the ontology")
        property_id, item_id = index.text(subject, _PROPERTY), index.text(subject, _ITEM)
        if isinstance(term, PropertyTerm):
            if not term.is_stored or property_id is None or not _PROPERTY_ID.fullmatch(property_id) or item_id:
                raise index.error(subject, "needs one capxi:property such as P7, and must be a stored property")
            self._property_ids[term.name] = property_id
        else:
            if item_id is None or not _ITEM_ID.fullmatch(item_id) or property_id:
                raise index.error(subject, "needs one capxi:item such as Q2")
            self._item_ids[term.name] = item_id
        if datatype := index.node(subject, CAPX_INSTANCE + "datatype"):
            if datatype not in DATATYPES:
                raise index.error(subject, f"has the unknown datatype <{datatype}>")
            self._datatypes[term.name] = DATATYPES[datatype]
        if path := index.node(subject, CAPX_INSTANCE + "path"):
            self._paths[term.name] = _path(index, path, self.ontology)

    def _check(self, index: TripleIndex) -> None:
        for ids in (self._property_ids, self._item_ids):
            twice = {id_ for id_ in ids.values() if list(ids.values()).count(id_) > 1}
            if twice:
                raise OntologyError(f"{index.where}: {', '.join(sorted(twice))} stand for two terms each")
        if not self.is_complete:
            return
        wanted = {p.name for p in self.ontology.properties.values() if p.is_stored}
        wanted |= {t.name for t in _items(self.ontology)}
        missing = wanted - {*self._property_ids, *self._item_ids}
        if self.concept_base is not None:
            # A Wikibase elsewhere was complete when it was provisioned; terms that came since are for the next time.
            self.is_complete = not missing
        elif missing:
            raise OntologyError(f"{index.where} says it is complete and has no id for {', '.join(sorted(missing))}")
        above = [i for i in (*self._properties, *self._items) if int(i[1:]) > self.reserved_up_to]
        if above and self.concept_base is None:
            raise OntologyError(f"{index.where}: {', '.join(above)} are above capxi:reservedUpTo {self.reserved_up_to}")


def load_instance(name: str, ontology: Ontology | None = None, *, beside: FilePath | None = None) -> Instance:
    """The mapping of this name in ``ontology/instances/``, or before that in ``beside``; raises OntologyError."""
    found = [path for path in _mappings(beside) if path.stem == name]
    if not found:
        known = ", ".join(sorted({path.stem for path in _mappings(beside)}))
        raise OntologyError(f"there is no instance {name!r}; there are {known}")
    return read_instance(found[0], ontology)


def find_instance(concept_base: str, *, beside: FilePath | None = None) -> Instance | None:
    """The mapping of the Wikibase with this concept base; None where there is none."""
    for path in _mappings(beside):
        if concept_base in path.read_text(encoding="utf-8"):
            instance = read_instance(path)
            if instance.concept_base == concept_base:
                return instance
    return None


def _mappings(beside: FilePath | None) -> Iterable[FilePath]:
    folders = [*([beside] if beside else []), ontology_dir() / "instances"]
    return [path for folder in folders for path in sorted(folder.glob("*.ttl"))]


def read_instance(path: FilePath, ontology: Ontology | None = None) -> Instance:
    """The mapping in any file of this form."""
    return Instance(TripleIndex(path), ontology or load_ontology())


def _completed(ids: Mapping[str, str], others: Mapping[str, str], above: int) -> dict[str, str]:
    return {**{n: f"{id_[0]}{int(id_[1:]) + above}" for n, id_ in others.items() if n not in ids}, **ids}


def _items(ontology: Ontology) -> tuple[ClassTerm | IndividualTerm, ...]:
    """Terms that are items of a Wikibase; classes without a code belong to the model only."""
    return (*(c for c in ontology.classes.values() if c.code), *ontology.individuals.values())


def _path(index: TripleIndex, node: str, ontology: Ontology) -> Path:
    of, steps = index.node(node, CAPX_INSTANCE + "of"), index.node(node, CAPX_INSTANCE + "steps")
    class_name = next((c.name for c in ontology.classes.values() if c.iri == of), None)
    if class_name is None or steps is None:
        raise index.error(node, "is a path and needs capxi:of (a class) and capxi:steps")
    read = tuple(
        PathStep(property_id, index.text(step, CAPX_INSTANCE + "leadsTo"))
        for step in index.list(steps)
        if (property_id := index.text(step, _PROPERTY)) and _PROPERTY_ID.fullmatch(property_id)
    )
    if len(read) < 2 or len(read) != len(index.list(steps)):
        raise index.error(node, "is a path and needs two steps or more, each with a capxi:property")
    return Path(class_name, read)


def _best_values(entity: EntityJson, property_id: str) -> Iterator[str]:
    """Main values of the statements of best rank, unknown and no values left out."""
    statements = entity.get("claims", {}).get(property_id, [])
    preferred = [s for s in statements if s["rank"] == "preferred"]
    for statement in preferred or [s for s in statements if s["rank"] == "normal"]:
        snak = statement["mainsnak"]
        if snak["snaktype"] == "value":
            yield _text(snak["datavalue"]["value"])


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value.get("id") or value.get("text") or value.get("time") or value.get("amount") or value)
