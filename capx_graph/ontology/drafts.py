"""The ontology as entities of a Wikibase: properties and items in Wikibase JSON under the ids of an instance.

Pure; provisioning.py writes them. Definitions become descriptions, so a person who edits in the Wikibase reads
there what a term means, in every language that the ontology speaks.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from capx_graph.model import EntityJson
from capx_graph.namespaces import CAPX
from capx_graph.ontology.instance import Instance
from capx_graph.ontology.vocabulary import ClassTerm, IndividualTerm, Ontology, PropertyTerm

Json = dict[str, object]


def provision_drafts(ontology: Ontology, instance: Instance) -> list[EntityJson]:
    """All properties and items that the instance maps, properties first."""
    return [*_properties(ontology, instance), *_items(ontology, instance)]


def term_draft(term: ClassTerm | IndividualTerm | PropertyTerm) -> EntityJson:
    """The entity of one term with its names and its meaning, without id and statements."""
    kind = {"type": "property", "datatype": term.datatype} if isinstance(term, PropertyTerm) else {"type": "item"}
    return {**kind, **_terms(term), "claims": {}}


def _properties(ontology: Ontology, instance: Instance) -> Iterator[EntityJson]:
    for name, property_id in instance.property_ids.items():
        term = ontology.property(name)
        formatters = {"formatterUrl": term.formatter_url, "formatterUri": term.formatter_uri}
        statements = {n: text for n, text in formatters.items() if text is not None and instance.maps(n)}
        terms = {"datatype": instance.datatype(name), **_terms(term)}
        yield {"type": "property", "id": property_id, **terms, "claims": _claims(instance, property_id, statements)}


def _items(ontology: Ontology, instance: Instance) -> Iterator[EntityJson]:
    for name, item_id in instance.item_ids.items():
        individual = ontology.individuals.get(name)
        term = individual or ontology.class_(name)
        statements = {}
        if individual is not None:
            facts = {"instanceOf": instance.item_ids.get(individual.class_name), "code": individual.code}
            statements = {n: value for n, value in facts.items() if value is not None and instance.maps(n)}
        yield {
            "type": "item",
            "id": item_id,
            **_terms(term),
            "claims": _claims(instance, item_id, statements),
            "sitelinks": {},
        }


def _terms(term: ClassTerm | IndividualTerm | PropertyTerm) -> Json:
    return {
        "labels": _by_language(term.words.labels),
        "descriptions": _by_language(term.words.definitions),
        "aliases": {},
    }


def _by_language(texts: Mapping[str, str]) -> Json:
    return {language: {"language": language, "value": text} for language, text in texts.items()}


def _claims(instance: Instance, entity_id: str, statements: Mapping[str, str]) -> Json:
    return {instance.property_id(n): [_statement(instance, entity_id, n, value)] for n, value in statements.items()}


def _statement(instance: Instance, entity_id: str, name: str, value: str) -> Json:
    """A statement whose id follows from what it says, so that a draft made again is the same."""
    property_id, datatype = instance.property_id(name), instance.datatype(name)
    datavalue: Json = {"value": value, "type": "string"}
    if datatype == "wikibase-item":
        reference = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value}
        datavalue = {"value": reference, "type": "wikibase-entityid"}
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{CAPX}#{entity_id}|{property_id}|{value}")
    return {
        "mainsnak": {"snaktype": "value", "property": property_id, "datatype": datatype, "datavalue": datavalue},
        "type": "statement",
        "id": f"{entity_id}${str(key).upper()}",
        "rank": "normal",
    }
