"""Finds what is meant by names: candidates out of the text index and the graph, weighed, typed and named.

Doors make one Reconciler for all threads. Candidates come from the names in every language, and where none of them
fits well, from names that resemble; from ids, codes and Wikidata ids; and from values of properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.errors import NotFound
from capx_graph.model import EntityKind
from capx_graph.namespaces import WIKIDATA, WikibaseNamespaces
from capx_graph.ontology import Instance
from capx_graph.reconcile.agreement import Agreement
from capx_graph.reconcile.extension import Extension
from capx_graph.reconcile.facts import Facts
from capx_graph.reconcile.model import Candidate, Condition, Named, Overview, Query, Strictness
from capx_graph.reconcile.scoring import CERTAIN, EXACT, FOREIGN, LEAST, RESEMBLING, is_certain, name_score, total
from capx_graph.reconcile.vocabulary import KINDS, Property, Vocabulary
from capx_graph.store.base import GraphReader
from capx_graph.textindex import TextField, TextHit, TextIndex

_LOOKED_AT = 30
"""Candidates by name that are weighed with their properties, beside those that identifiers find."""

_SUGGESTED = 10
_PREVIEWED = 6
_ITEM = re.compile(r"Q[1-9][0-9]*")


class Reconciler:
    """Answers over one graph; a reader is their language codes, best first."""

    def __init__(self, facts: Facts, texts: TextIndex, naming: Naming, vocabulary: Vocabulary) -> None:
        self._facts = facts
        self._texts = texts
        self._naming = naming
        self.vocabulary = vocabulary
        self.extension = Extension(facts, naming, vocabulary)

    @classmethod
    def over(
        cls,
        graph: GraphReader,
        texts: TextIndex,
        namespaces: WikibaseNamespaces,
        *,
        directory: DirectoryCache,
        naming: Naming,
        instance: Instance,
    ) -> Reconciler:
        """One over a graph and its names."""
        return cls(Facts(graph, texts, namespaces, directory), texts, naming, Vocabulary(instance))

    def candidates(self, query: Query, *, reader: Sequence[str] = ("en",)) -> tuple[Candidate, ...]:
        """The best candidates, best first; the first is marked as the match where there is no doubt."""
        wanted = self._wanted(query)
        conditions = [
            (known, condition)
            for condition in query.conditions
            if (known := self.vocabulary.property(condition.property))
        ]
        kinds = {KINDS[code] for name in wanted if (code := self._code(name)) in KINDS}
        if query.types and query.strictness is not Strictness.SHOULD and not kinds:
            return ()
        narrowed = () if query.strictness is Strictness.SHOULD else tuple(sorted(kinds))
        names = self._named_like(query.text, narrowed, reader) if query.text else {}
        agreement = Agreement(self._facts, self._texts, self.vocabulary)
        found = dict.fromkeys((*names, *agreement.holders(conditions, most=_LOOKED_AT, identifiers=bool(query.text))))
        classes = self._facts.classes(found)
        typed = {item: self._fits(classes.get(item, ()), wanted, query) for item in found if item in classes}
        if query.strictness is not Strictness.SHOULD:
            typed = {item: fits for item, fits in typed.items() if fits}
        agreeing = agreement.of(list(typed), conditions)
        # A code may belong to a country, a language and an organization: then it decides nothing by itself.
        decided = sum(identified for _, identified in agreeing.values()) == 1
        scored = []
        for item, fits in typed.items():
            name = self._name_score(item, query.text, names) if query.text else None
            agreements, identified = agreeing[item]
            scored.append((total(name, agreements, identified=identified and decided, typed=fits), item, name))
        scored.sort(key=lambda one: (-one[0], len(one[1]), one[1]))
        return self._told(scored, conditions, {item: agreeing[item][0] for item in typed}, classes, query, reader)

    def suggest(self, prefix: str, *, reader: Sequence[str], offset: int = 0) -> tuple[Candidate, ...]:
        """Entities for what somebody has typed so far."""
        hits = self._texts.suggest(prefix, kinds=tuple(EntityKind), languages=tuple(reader), limit=offset + _SUGGESTED)
        found = [hit.entity_id for hit in hits[offset:] if hit.field is not TextField.ABOUT]
        if not offset and _ITEM.fullmatch(prefix.strip().upper()):
            found.insert(0, prefix.strip().upper())
        classes = self._facts.classes(found)
        chosen = [item for item in dict.fromkeys(found) if item in classes]
        return tuple(self._candidates([(EXACT, item) for item in chosen], classes, reader))

    def overview(self, item_id: str, *, reader: Sequence[str]) -> Overview:
        """What a thing is, for a preview; raises NotFound."""
        classes = self._facts.classes([item_id]) if _ITEM.fullmatch(item_id) else {}
        types = self.vocabulary.types_of(classes.get(item_id, ()), reader)
        if not types:
            raise NotFound(f"there is no item {item_id[:40]!r}")
        described = self._naming.descriptions([item_id], reader).get(item_id)
        wanted = self.vocabulary.property_names(self.vocabulary.class_(types[0].id))
        columns = self.extension.columns(list(wanted), reader=reader)
        rows = self.extension.rows([item_id], columns, reader=reader)
        facts = [
            (column.named.name, tuple(cell.text for cell in cells[:_PREVIEWED]))
            for column, cells in zip(columns, rows[item_id], strict=True)
            if cells
        ]
        return Overview(
            self._naming.ref(item_id, reader), described[0] if described else None, types, tuple(facts[:_PREVIEWED])
        )

    def _wanted(self, query: Query) -> tuple[str, ...]:
        """The names of the classes that the query asks for, unknown ones as they are."""
        known = ((given, self.vocabulary.class_(given)) for given in query.types)
        return tuple(term.name if term else given for given, term in known)

    def _code(self, class_name: str) -> str:
        term = self.vocabulary.class_(class_name)
        return (term.code if term else None) or ""

    def _named_like(self, text: str, kinds: Sequence[EntityKind], reader: Sequence[str]) -> dict[str, float]:
        """Items with the score of the name that fits best: the better ones only, and those that the text identifies."""
        found = dict.fromkeys(self._identified(text), EXACT)
        hits: list[TextHit] = self._texts.search(text, kinds=kinds, languages=reader, limit=_LOOKED_AT)
        scores = _scored(text, hits, reader)
        if max(scores.values(), default=0) < CERTAIN:
            hits = self._texts.similar(text, kinds=kinds, languages=reader, limit=_LOOKED_AT)
            scores |= _scored(text, hits, reader, scores)
        best = sorted(scores, key=lambda item: (-scores[item], len(item), item))[:_LOOKED_AT]
        return {item: scores[item] for item in best} | found

    def _identified(self, text: str) -> list[str]:
        """The items that the text names by id, IRI, natural code or Wikidata id."""
        bare = text.strip()
        if bare.startswith((WIKIDATA, "wikidata:")):
            return self._facts.identified(bare.removeprefix(WIKIDATA).removeprefix("wikidata:"))
        item = self._facts.namespaces.entity_id(bare) or bare
        return [item] if _ITEM.fullmatch(item) else self._facts.coded(bare)

    def _name_score(self, item: str, text: str, names: Mapping[str, float]) -> float:
        """The score by name; an item that an identifier found is looked up under all its names."""
        if item in names:
            return names[item]
        return max((name_score(text, name, TextField.LABEL) for name in self._facts.names(item)), default=0.0)

    def _fits(self, class_iris: Iterable[str], wanted: Sequence[str], query: Query) -> bool:
        names = {name for one in self.vocabulary.types_of(class_iris, ()) for name in _with_broader(one)}
        if not names:
            return False
        if not wanted:
            return True
        return names.issuperset(wanted) if query.strictness is Strictness.ALL else not names.isdisjoint(wanted)

    def _told(
        self,
        scored: Sequence[tuple[float, str, float | None]],
        conditions: Sequence[tuple[Property, Condition]],
        agreeing: Mapping[str, Sequence[float | None]],
        classes: Mapping[str, Sequence[str]],
        query: Query,
        reader: Sequence[str],
    ) -> tuple[Candidate, ...]:
        kept = [one for one in scored if one[0] > 0][: query.limit]
        certain = bool(kept) and is_certain(scored[0][0], scored[1][0] if len(scored) > 1 else None)
        features = {}
        for _, item, name in kept:
            told = [] if name is None else [("name", round(name, 2))]
            for (known, _), agreement in zip(conditions, agreeing[item], strict=True):
                if agreement is not None:
                    told.append((known.id, round(100 * agreement, 2)))
            features[item] = tuple(told)
        return tuple(
            self._candidates([(score, item) for score, item, _ in kept], classes, reader, features, certain=certain)
        )

    def _candidates(
        self,
        scored: Sequence[tuple[float, str]],
        classes: Mapping[str, Sequence[str]],
        reader: Sequence[str],
        features: Mapping[str, tuple[tuple[str, float], ...]] | None = None,
        *,
        certain: bool = False,
    ) -> Iterable[Candidate]:
        items = [item for _, item in scored]
        refs = self._naming.refs(items, reader)
        described = self._naming.descriptions(items, reader) if items else {}
        for place, (score, item) in enumerate(scored):
            yield Candidate(
                id=item,
                name=self.vocabulary.fixed_name(item, reader) or refs[item].label,
                description=described[item][0] if item in described else None,
                score=score,
                match=certain and place == 0,
                types=self.vocabulary.types_of(classes[item], reader),
                features=(features or {}).get(item, ()),
            )


def _scored(
    text: str, hits: Iterable[TextHit], reader: Sequence[str], known: Mapping[str, float] | None = None
) -> dict[str, float]:
    found: dict[str, float] = {}
    for hit in hits:
        if hit.field is not TextField.ABOUT and hit.kind is not None:
            score = name_score(text, hit.text, hit.field)
            if score <= RESEMBLING and hit.language not in (None, *reader):
                score *= FOREIGN
            found[hit.entity_id] = max(score, (known or {}).get(hit.entity_id, 0.0))
    return {item: score for item, score in found.items() if score >= LEAST}


def _with_broader(one: Named) -> Iterable[str]:
    yield one.id
    for parent in one.broader:
        yield from _with_broader(parent)
