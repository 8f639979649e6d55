"""The forms that files of other services have, and what is read of each; pure tables for their siblings.

Only fields named here leave the reader: an e-mail address or a second account that a file tells of is in no draft, no
rejects file and no message, because nothing here ever holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.importers.records import Record
from capx_graph.importers.rejects import Reject
from capx_graph.model import EntityKind


class Form(StrEnum):
    """What a file holds, in words for a person."""

    LETS_CONNECT = "registrations of Let's Connect"
    PEOPLE = "people of the Capacity Exchange"
    ORGANIZATIONS = "organizations of the Capacity Exchange"
    SKILLS = "capacities of the Capacity Exchange"
    USERS_TAB = "the Commons table users.tab"
    CAPACITIES_TAB = "the Commons table capacities.tab"
    BADGES_TAB = "the Commons table badges.tab"
    TERRITORIES = "territories of the Capacity Exchange"
    LANGUAGES = "languages of the Capacity Exchange"
    PROJECTS = "Wikimedia projects of the Capacity Exchange"
    TYPES = "types of organizations of the Capacity Exchange"


@dataclass(frozen=True, slots=True)
class Listing:
    """A file as it was read: records with their fields, and the rows that are none."""

    form: Form
    file: str
    records: tuple[Record, ...]
    refused: tuple[Reject, ...] = ()


FIELDS: Mapping[Form, tuple[str, ...]] = {
    Form.PEOPLE: (
        "username", "display_name", "pronoun", "about", "about_language", "wikidata_qid", "territory", "affiliation",
        "wikimedia_project", "team", "skills_known", "skills_available", "skills_wanted", "language", "social",
        "profile_image", "badges", "last_update",
    ),
    Form.ORGANIZATIONS: (
        "id", "acronym", "display_name", "names", "type", "territory", "website", "meta_page", "known_capacities",
        "available_capacities", "wanted_capacities", "name",
    ),
    Form.SKILLS: ("id", "skill_wikidata_item", "skill_type"),
    Form.USERS_TAB: ("username", "skills_known", "skills_available", "skills_wanted", "badges"),
    Form.CAPACITIES_TAB: ("id", "name", "description", "wikidata_item"),
    Form.BADGES_TAB: ("id", "name", "image", "base_url"),
    Form.TERRITORIES: ("id", "territory_name", "name"),
    Form.LANGUAGES: ("id", "language_name", "language_code", "name"),
    Form.PROJECTS: ("id", "wikimedia_project_name", "wikimedia_project_code", "name"),
    Form.TYPES: ("id", "type_code", "type_name", "name"),
}  # fmt: skip
"""What is read of a record of each form; Let's Connect's columns are in ``COLUMNS``."""

MARKS: tuple[tuple[str, Form], ...] = (
    ("user", Form.PEOPLE),
    ("skills_known", Form.PEOPLE),
    ("want_to_learn", Form.LETS_CONNECT),
    ("want_to_share", Form.LETS_CONNECT),
    ("reconciled_want_to_learn", Form.LETS_CONNECT),
    ("reconciled_want_to_share", Form.LETS_CONNECT),
    ("acronym", Form.ORGANIZATIONS),
    ("skill_wikidata_item", Form.SKILLS),
    ("territory_name", Form.TERRITORIES),
    ("language_name", Form.LANGUAGES),
    ("wikimedia_project_code", Form.PROJECTS),
    ("type_code", Form.TYPES),
)
"""A field by which records of the Capacity Exchange's interface and of Let's Connect are known."""

TABLES: tuple[tuple[frozenset[str], Form], ...] = (
    (frozenset({"username"}), Form.USERS_TAB),
    (frozenset({"id", "name", "wikidata_item"}), Form.CAPACITIES_TAB),
    (frozenset({"id", "name", "image"}), Form.BADGES_TAB),
)
"""Columns by which a Commons table is known."""

NAMED: tuple[tuple[str, Form], ...] = (
    ("territor", Form.TERRITORIES),
    ("language", Form.LANGUAGES),
    ("affiliat", Form.ORGANIZATIONS),
    ("organization_type", Form.TYPES),
    ("organi", Form.ORGANIZATIONS),
    ("project", Form.PROJECTS),
    ("badge", Form.BADGES_TAB),
)
"""Part of the name of a file that holds nothing but names by number, as the interface's /list/ gives them."""

COLUMNS: Mapping[str, str] = {
    "username": "username",
    "user": "username",
    "wikimedia_username": "username",
    "want_to_learn": "want_to_learn",
    "want_to_share": "want_to_share",
    "language": "languages",
    "languages": "languages",
    "territory": "territory",
    "territories": "territory",
    "affiliation": "affiliation",
    "affiliations": "affiliation",
    "project": "projects",
    "projects": "projects",
    "date": "date",
    "timestamp": "date",
}
"""Columns of Let's Connect, and the ways to write them: field."""

RECONCILED = " reconciled"
"""Ends the name of a field that has what a column was reconciled to, beside the column with the person's own words."""

KINDS: Mapping[Form, EntityKind] = {
    Form.ORGANIZATIONS: EntityKind.ORGANIZATION,
    Form.SKILLS: EntityKind.CAPACITY,
    Form.CAPACITIES_TAB: EntityKind.CAPACITY,
    Form.TERRITORIES: EntityKind.TERRITORY,
    Form.LANGUAGES: EntityKind.LANGUAGE,
    Form.PROJECTS: EntityKind.WIKIMEDIA_PROJECT,
}
"""What the records of a form are about; people where it is not named."""


def kind_of(form: Form) -> EntityKind:
    """What the records of a form are about."""
    return KINDS.get(form, EntityKind.PERSON)
