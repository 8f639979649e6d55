"""The bench format as tables: its files, which properties their fields are, what a record states completely.

Pure data for the importers and exporters; what the fields mean is in the format's own description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capx_graph.importers.records import Record
from capx_graph.model import EntityKind


@dataclass(frozen=True, slots=True)
class BenchFile:
    """A file of the format: its name, what it holds, the field that identifies a record, whether it may lack.

    ``second_key`` identifies a record that lacks the first.
    """

    name: str
    kind: EntityKind
    key: str
    optional: bool = False
    second_key: str | None = None

    def key_of(self, record: Record) -> str:
        """What identifies a record; raises InvalidRecord where it has nothing that could."""
        if self.second_key is not None and (key := record.optional(self.second_key)) and not record.data.get(self.key):
            return key
        return record.required(self.key)


FILES: tuple[BenchFile, ...] = (
    BenchFile("capacities.jsonl", EntityKind.CAPACITY, "qid", second_key="capx_id"),
    BenchFile("territories.jsonl", EntityKind.TERRITORY, "code"),
    BenchFile("languages.jsonl", EntityKind.LANGUAGE, "code"),
    BenchFile("projects.jsonl", EntityKind.WIKIMEDIA_PROJECT, "code"),
    BenchFile("organizations.jsonl", EntityKind.ORGANIZATION, "code"),
    BenchFile("people.jsonl", EntityKind.PERSON, "username"),
    BenchFile("events.jsonl", EntityKind.EVENT, "id", optional=True),
    BenchFile("org_projects.jsonl", EntityKind.PROJECT, "id", optional=True),
)
"""In the order in which records may refer back; only organizations also refer forward, to their managers."""

ROLES: Mapping[str, str] = {"known": "knows", "available": "offers", "wanted": "wants"}
"""Field of the format: property of the ontology."""

FIELDS: Mapping[str, str] = {
    "knows": "known",
    "offers": "available",
    "wants": "wanted",
    "broader": "parent",
    "partOf": "parents",
    "speaks": "languages",
    "language": "languages",
    "level": "languages",
    "basedIn": "territories",
    "affiliatedWith": "affiliations",
    "contributesTo": "projects",
    "displayName": "display_name",
    "lastActive": "last_update",
    "manager": "managers",
    "partner": "members",
    "organizer": "organization",
    "concerns": "capacities",
    "organizationType": "type",
    "locationType": "location_type",
    "website": "url",
    "label": "name",
}
"""Property of the ontology: field of the format, where the names differ; so that a rule can name the field to mend."""

COVERED: Mapping[EntityKind, tuple[str, ...]] = {
    EntityKind.CAPACITY: ("broader", "created"),
    EntityKind.TERRITORY: ("code", "partOf"),
    EntityKind.LANGUAGE: ("code",),
    EntityKind.WIKIMEDIA_PROJECT: ("code",),
    EntityKind.ORGANIZATION: (
        "code",
        "organizationType",
        "basedIn",
        *ROLES.values(),
        "manager",
        "website",
        "lastActive",
    ),
    EntityKind.PERSON: (
        "username",
        "displayName",
        "pronoun",
        "about",
        "wikidataId",
        "basedIn",
        "speaks",
        "contributesTo",
        "affiliatedWith",
        *ROLES.values(),
        "joined",
        "lastActive",
    ),
    EntityKind.EVENT: (
        "code",
        "organizer",
        "creator",
        "locationType",
        "website",
        "wikidataId",
        "begin",
        "end",
        "concerns",
    ),
    EntityKind.PROJECT: ("code", "website", "creator", "created", "concerns", "partner"),
}
"""The properties that a record states completely: at a second import its statements replace the item's."""


REQUIRED: Mapping[EntityKind, tuple[str, ...]] = {EntityKind.CAPACITY: ("parent",)}
"""References without which a record is refused; any other is left out where it finds nothing."""

STATED: tuple[str, ...] = ("wikidataId", "capxId", "colour")
"""Properties that replace the item's where a record says them, and say nothing where it does not."""
