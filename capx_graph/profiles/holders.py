"""The pages of those who hold capacities: people and organizations.

Imported by the service of this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capx_graph.model import EntityKind, Ref, Role
from capx_graph.profiles.lists import Lists, event_lines
from capx_graph.profiles.model import (
    CapacityStatement,
    Evidence,
    LanguageSkill,
    Manager,
    OrganizationProfile,
    PersonProfile,
)
from capx_graph.profiles.reading import Facts, Reading, Statement
from capx_graph.spelling import spellings
from capx_graph.terms import Literal, NamedNode

_LINKS = {"offer": Role.OFFERS, "want": Role.WANTS, "knowledge": Role.KNOWS}
_SPOKEN = "languageSkill"
_RANKS = {level: place for place, level in enumerate("n54321")}
"""A native language first, what somebody does not speak (level 0) last."""


def person(reading: Reading, username: str) -> PersonProfile:
    """A person by username; spaces may be written as underscores, as in addresses of a wiki."""
    item = _person_item(reading, username)
    facts = reading.facts([item])[item]
    statements = reading.statements(item, (*_LINKS, _SPOKEN))
    held = _held(reading, statements)
    ref = reading.ref(item)
    return PersonProfile(
        ref=ref,
        username=facts.text("username") or ref.code or item,
        display_name=facts.text("displayName"),
        pronoun=facts.text("pronoun"),
        image=next(iter(facts.files("image")), None),
        about=facts.in_languages("about"),
        joined=facts.text("joined"),
        last_active=facts.text("lastActive"),
        source=reading.individual(facts.values.get("source", ())),
        offers=held[Role.OFFERS],
        wants=held[Role.WANTS],
        knows=held[Role.KNOWS],
        languages=_languages(reading, statements.get(_SPOKEN, ())),
        territories=reading.refs(facts.values.get("basedIn", ())),
        affiliations=reading.refs(facts.values.get("affiliatedWith", ())),
        projects=reading.refs(facts.values.get("contributesTo", ())),
        takes_part=reading.refs(facts.values.get("takesPartIn", ())),
        manages=reading.refs(reading.pointing(item, ["manager"]).get("manager", ())),
    )


def organization(reading: Reading, lists: Lists, code: str) -> OrganizationProfile:
    """An organization by code."""
    item = reading.entry(code, EntityKind.ORGANIZATION)
    facts = reading.facts([item])[item]
    statements = reading.statements(item, (*_LINKS, "management"))
    held = _held(reading, statements)
    pointing = reading.pointing(item, ["organizer", "partner"])
    labels, _ = reading.names(item)
    return OrganizationProfile(
        ref=reading.ref(item),
        description=reading.description(item),
        labels=labels,
        type=reading.individual(facts.values.get("organizationType", ())),
        websites=facts.texts("website"),
        meta_pages=facts.texts("metaPage"),
        news_tags=facts.texts("newsTag"),
        documents=facts.files("document"),
        source=reading.individual(facts.values.get("source", ())),
        offers=held[Role.OFFERS],
        wants=held[Role.WANTS],
        knows=held[Role.KNOWS],
        territories=reading.refs(facts.values.get("basedIn", ())),
        managers=_managers(reading, facts, statements.get("management", ())),
        people=lists.people(organizations=(item,)),
        events=event_lines(reading, pointing.get("organizer", ())),
        projects=reading.refs(pointing.get("partner", ())),
    )


def _person_item(reading: Reading, username: str) -> str:
    return reading.identified(spellings(username), "Person", "username")


def _held(reading: Reading, statements: Mapping[str, Sequence[Statement]]) -> dict[Role, tuple[CapacityStatement, ...]]:
    capacities = {
        node.iri: reading.items.id(next(iter(node.details.get("capacity", ())), None))
        for link in _LINKS
        for node in statements.get(link, ())
    }
    paths = {item: reading.directory.tree.path(item) for item in capacities.values() if item}
    refs = reading.by_id({*paths, *(above for path in paths.values() for above in path)})
    found: dict[Role, tuple[CapacityStatement, ...]] = {}
    for link, role in _LINKS.items():
        held = [
            _capacity_statement(reading, role, node, refs[item], tuple(refs[above] for above in paths[item]))
            for node in statements.get(link, ())
            if (item := capacities[node.iri])
        ]
        found[role] = tuple(sorted(held, key=_place))
    return found


def _place(statement: CapacityStatement) -> tuple[str, ...]:
    """Capacities stand together with those of their branch."""
    return (*(ref.label.casefold() for ref in (*statement.path, statement.capacity)), statement.statement)


def _capacity_statement(
    reading: Reading, role: Role, node: Statement, capacity: Ref, path: tuple[Ref, ...]
) -> CapacityStatement:
    details = node.details
    return CapacityStatement(
        role=role,
        capacity=capacity,
        path=path,
        level=reading.individual(details.get("level", ())),
        formats=reading.individuals(details.get("format", ())),
        availability=reading.individual(details.get("availability", ())),
        evidence=_evidence(details),
        statement=node.iri,
    )


def _evidence(details: Mapping[str, Sequence[object]]) -> tuple[Evidence, ...]:
    """Links and pages; one of each belong together, of several nobody can tell."""
    links = sorted(term.value for term in details.get("evidence", ()) if isinstance(term, NamedNode))
    pages = sorted(term.value for term in details.get("evidencePage", ()) if isinstance(term, Literal))
    if len(links) == len(pages) == 1:
        return (Evidence(links[0], pages[0]),)
    return (*(Evidence(url=link) for link in links), *(Evidence(page=page) for page in pages))


def _languages(reading: Reading, nodes: Sequence[Statement]) -> tuple[LanguageSkill, ...]:
    spoken = [(reading.items.id(next(iter(node.details.get("language", ())), None)), node.details) for node in nodes]
    refs = reading.by_id([item for item, _ in spoken if item])
    skills = [
        LanguageSkill(
            language=refs[item],
            level=next((code.value for code in details.get("levelCode", ()) if isinstance(code, Literal)), None),
            level_name=reading.individual(details.get("level", ())),
        )
        for item, details in spoken
        if item
    ]
    return tuple(sorted(skills, key=lambda skill: (_RANKS.get(skill.level or "", 9), skill.language.label.casefold())))


def _managers(reading: Reading, facts: Facts, nodes: Sequence[Statement]) -> tuple[Manager, ...]:
    since: dict[str, str | None] = {}
    for node in nodes:
        begun = [term.value for term in node.details.get("created", ()) if isinstance(term, Literal)]
        for person_term in node.details.get("person", ()):
            since[reading.items.id(person_term)] = min(begun, default=None)
    refs = reading.refs(facts.values.get("manager", ()))
    return tuple(Manager(ref, since.get(ref.id)) for ref in refs)
