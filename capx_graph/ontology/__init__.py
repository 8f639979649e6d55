"""The capacity ontology: what its terms mean, and which P and Q ids a Wikibase gives to them.

Any room above the leaves may import this one; it is the only reader of the folder ``ontology/``. Everything is
loaded from Turtle in milliseconds and checked while loading: files that contradict themselves raise OntologyError
at start, so that no later room has to doubt them. No P or Q id stands in Python.
"""

from __future__ import annotations

from capx_graph.ontology.describe import TermDescription, describe, json_ld_context, ontology_rdf
from capx_graph.ontology.directory import DirectoryEntry, Link, load_capacities, load_directory
from capx_graph.ontology.drafts import provision_drafts, term_draft
from capx_graph.ontology.instance import Instance, Path, PathStep, find_instance, load_instance, read_instance
from capx_graph.ontology.loader import load_ontology
from capx_graph.ontology.vocabulary import (
    ClassTerm,
    Closure,
    IndividualTerm,
    Ontology,
    PropertyTerm,
    PropertyUse,
    Words,
)
from capx_graph.ontology.written import InstanceHeader, completed_instance, written_instance

__all__ = [
    "ClassTerm",
    "Closure",
    "DirectoryEntry",
    "IndividualTerm",
    "Instance",
    "InstanceHeader",
    "Link",
    "Ontology",
    "Path",
    "PathStep",
    "PropertyTerm",
    "PropertyUse",
    "TermDescription",
    "Words",
    "completed_instance",
    "describe",
    "find_instance",
    "json_ld_context",
    "load_capacities",
    "load_directory",
    "load_instance",
    "load_ontology",
    "ontology_rdf",
    "provision_drafts",
    "read_instance",
    "term_draft",
    "written_instance",
]
