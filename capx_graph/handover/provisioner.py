"""Makes what another Wikibase lacks of the ontology: a plan first, then one edit an entity, and a mapping of ids.

Given out to the jobs. Every entity that is made says by an exact-match statement which term it is, and the mapping is
written after each, so a run that is cut off leaves nothing that the next one does not find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from capx_graph.errors import Conflict, EditRefused, InvalidInput
from capx_graph.handover.finding import OURS, Finding, How, Term, find
from capx_graph.handover.reading import Remote, WikiReader
from capx_graph.handover.snaks import statement
from capx_graph.ontology import IndividualTerm, Instance, Ontology, PropertyTerm, term_draft
from capx_graph.wikibase.writer import Writer

Json = dict[str, Any]
Answer = Callable[[Finding, Mapping[str, Remote]], str | None]
"""Asked about a guess: the id that is meant, ``ANEW`` for an entity of our own, None to leave it open."""
ANEW = ""

COUNTERPART = "counterpart"
_FIRST = (COUNTERPART, "instanceOf", "formatterUrl", "formatterUri", "code")
"""Terms that statements about later ones need."""


@dataclass(slots=True)
class ProvisionPlan:
    """What stands for every term there; ``there`` are the entities that were looked at."""

    findings: tuple[Finding, ...]
    there: Mapping[str, Remote] = field(repr=False)

    def of(self, *how: How) -> tuple[Finding, ...]:
        """The findings of some kinds."""
        return tuple(finding for finding in self.findings if finding.how in how)

    @property
    def missing(self) -> bool:
        """Whether anything is to be made."""
        return bool(self.of(How.MISSING))

    def counts(self) -> dict[str, int]:
        """How many findings of each kind."""
        return {how.value: len(self.of(how)) for how in How}

    def ids(self) -> dict[str, str]:
        """The ids of what is certain, by the terms' names."""
        certain = self.of(How.MAPPED, How.EXACT, How.ALIKE)
        return {finding.term.name: finding.id for finding in certain if finding.id}


class Provisioner:
    """Provisions one Wikibase; ``instance`` is what is known of it, None for nothing."""

    def __init__(self, reader: WikiReader, ontology: Ontology, instance: Instance | None) -> None:
        self._reader = reader
        self._ontology = ontology
        self._instance = instance

    def plan(self) -> ProvisionPlan:
        """Looks for every term; changes nothing."""
        properties = self._reader.properties()
        findings = [self._find(term, properties) for term in self._properties()]
        counterpart = next(f.id for f in findings if f.term.name == COUNTERPART)
        items = self._items_worth_a_look([counterpart] if counterpart else [])
        findings += [self._find(term, items) for term in self._items()]
        return ProvisionPlan(_without_rivals(findings), {**properties, **items})

    def decided(self, plan: ProvisionPlan, answer: Answer) -> ProvisionPlan:
        """The plan with those guesses decided that there is an answer for."""
        decided = []
        for finding in plan.findings:
            chosen = answer(finding, plan.there) if finding.how is How.GUESS else None
            if chosen is None:
                decided.append(finding)
            else:
                how = How.MAPPED if chosen else How.MISSING
                decided.append(Finding(finding.term, chosen or None, how, "decided by a person"))
        return ProvisionPlan(_without_rivals(decided), plan.there)

    def carry_out(
        self, plan: ProvisionPlan, writer: Writer, *, save: Callable[[Mapping[str, str]], None]
    ) -> dict[str, str]:
        """Makes what is to be made; ``save`` is told the ids known so far after each. Answers those that were made.

        Raises InvalidInput, EditRefused.
        """
        if plan.of(How.GUESS, How.WRONG):
            raise InvalidInput("there are guesses or contradictions to be decided first")
        ids = plan.ids()
        made: dict[str, str] = {}
        taken = _labels(plan.there.values())
        save(ids)
        for finding in sorted(plan.of(How.MISSING), key=lambda finding: _place(finding.term)):
            draft = self._draft(finding.term, ids, taken)
            try:
                receipt = writer.create(draft, account="", summary=f"{finding.term.iri}")
            except (Conflict, EditRefused) as error:
                raise EditRefused("provision", f"{finding.term.name} could not be made: {error}") from error
            ids[finding.term.name] = made[finding.term.name] = receipt.entity_id
            save(ids)
        return made

    def _find(self, term: Term, there: Mapping[str, Remote]) -> Finding:
        known = self._instance is not None and self._instance.maps(term.name)
        datatype = term.datatype if isinstance(term, PropertyTerm) else None
        mapped = None
        if known and self._instance is not None:
            if isinstance(term, PropertyTerm):
                mapped, datatype = self._instance.property_id(term.name), self._instance.datatype(term.name)
            else:
                mapped = self._instance.item_id(term.name)
        return find(term, mapped, there, datatype=datatype)

    def _properties(self) -> list[PropertyTerm]:
        found = [term for term in self._ontology.properties.values() if term.is_stored]
        kept = self._instance.kept_in_directory if self._instance else frozenset[str]()
        return sorted((term for term in found if term.name not in kept), key=_place)

    def _items(self) -> list[Term]:
        classes = [term for term in self._ontology.classes.values() if term.code]
        return [*classes, *self._ontology.individuals.values()]

    def _items_worth_a_look(self, pointers: Iterable[str]) -> dict[str, Remote]:
        """Items that bear a term's name, that say they are one, or that the mapping names."""
        ids: dict[str, None] = {}
        for term in self._items():
            if self._instance is not None and self._instance.maps(term.name):
                ids[self._instance.item_id(term.name)] = None
            else:
                label = term.words.labels["en"]
                found = [*self._reader.labelled(label, "en"), *self._reader.labelled(label + OURS, "en")]
                ids.update(dict.fromkeys(found))
        ids.update(dict.fromkeys(self._reader.linking_to(pointers)))
        return self._reader.entities(ids)

    def _draft(self, term: Term, ids: Mapping[str, str], taken: set[tuple[str, str]]) -> Json:
        draft: Json = dict(term_draft(term))
        if isinstance(term, PropertyTerm):
            draft["labels"] = {
                language: {"language": language, "value": _free(text["value"], language, taken)}
                for language, text in draft["labels"].items()
            }
        facts = {COUNTERPART: term.iri}
        if isinstance(term, PropertyTerm):
            facts |= {"formatterUrl": term.formatter_url or "", "formatterUri": term.formatter_uri or ""}
        elif isinstance(term, IndividualTerm):
            facts |= {"instanceOf": ids.get(term.class_name, ""), "code": term.code}
        statements = [
            statement(ids[name], self._datatype(name), value) for name, value in facts.items() if value and name in ids
        ]
        draft["claims"] = _grouped(statements)
        return draft

    def _datatype(self, name: str) -> str:
        if self._instance is not None and self._instance.maps(name):
            return self._instance.datatype(name)
        return self._ontology.property(name).datatype or ""


def _without_rivals(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Two terms cannot be one entity: both are left for a person."""
    listed = list(findings)
    ids = [finding.id for finding in listed if finding.id]
    twice = {entity_id for entity_id in ids if ids.count(entity_id) > 1}
    return tuple(
        Finding(f.term, f.id, How.WRONG, f"{f.id} stands for two terms", (f.id,)) if f.id and f.id in twice else f
        for f in listed
    )


def _place(term: Term) -> tuple[int, int]:
    """Properties before items, what others need first, classes before individuals; else as the ontology has them."""
    kind = 0 if isinstance(term, PropertyTerm) else 2 if isinstance(term, IndividualTerm) else 1
    return kind, _FIRST.index(term.name) if term.name in _FIRST else len(_FIRST)


def _labels(entities: Iterable[Remote]) -> set[tuple[str, str]]:
    """The names of the properties there, with their languages."""
    return {
        (language, term["value"].casefold())
        for remote in entities
        if remote.entity is not None and remote.entity["type"] == "property"
        for language, term in remote.entity["labels"].items()
    }


def _free(label: str, language: str, taken: set[tuple[str, str]]) -> str:
    """The label, with an ending where something else there has it: a Wikibase takes no two properties of one name."""
    return label + OURS if (language, label.casefold()) in taken else label


def _grouped(statements: Iterable[Json]) -> dict[str, list[Json]]:
    grouped: dict[str, list[Json]] = {}
    for one in statements:
        grouped.setdefault(one["mainsnak"]["property"], []).append(one)
    return grouped
