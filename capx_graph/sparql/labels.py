"""``SERVICE wikibase:label`` of the Wikidata Query Service, rewritten into plain SPARQL.

Used by the endpoint; pure text to text. Each call is cut out, and its labels are computed behind everything else:
outside the SELECT, on the few rows that are left after grouping and slicing, where the labels are only shown; at the
end of the group where the query also computes with them. Texts that the query names itself are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from capx_graph import languages
from capx_graph.sparql import wrapping
from capx_graph.sparql.edits import edited
from capx_graph.sparql.groups import assigned, bound, read, removal, variables
from capx_graph.sparql.guard import Examined, ServiceCall, examine
from capx_graph.sparql.lookup import ALIASES, DESCRIPTION, LABEL, TEXTS, Wanted, lookup
from capx_graph.sparql.selects import Select, enclosing_select
from capx_graph.sparql.tokens import Kind, Token, refusal

LABEL_SERVICE = "http://wikiba.se/ontology#label"
AUTO_LANGUAGE = "[AUTO_LANGUAGE]"

_LANGUAGE_PARAMETER = "http://wikiba.se/ontology#language"
_SERVICE_PARAMETER = "http://www.bigdata.com/rdf#serviceParam"
_SUFFIXES = {"AltLabel": ALIASES, "Description": DESCRIPTION, "Label": LABEL}
_MOST_LANGUAGES = 30
_RULE = "the label service takes bd:serviceParam wikibase:language, rdfs:label, schema:description and skos:altLabel"
_MOST_LOOKUPS = 1000
_MOST_WORK = 1 << 20
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class LabelReader:
    """For whom labels are: the reader's languages, best first, and the IRI that entity ids hang on."""

    languages: tuple[str, ...]
    entity: str


def rewrite(text: str, defaults: Mapping[str, str], reader: LabelReader, *, outside: bool = True) -> str:
    """The query with every call of the label service replaced; raises InvalidQuery with line and column.

    ``outside`` allows labels to be computed outside the SELECT; the rows are the same without.
    """
    number = 0
    looked_up: set[str] = set()
    while True:
        examined = examine(text, defaults)
        calls = [call for call in examined.services if call.iri == LABEL_SERVICE]
        if not calls:
            return text
        if len(calls) * len(text) > _MOST_WORK:
            raise examined.refusal(calls[-1].first, "the label service is called too often in so long a query")
        tags, wanted = _asked(examined, calls[-1], reader, looked_up)
        lookups = {
            item: lookup(item, tags, entity=reader.entity, mark=f"{number}_{place}")
            for place, item in enumerate(wanted)
        }
        text = _with_lookups(examined, calls[-1], lookups, outside=outside)
        looked_up |= {item.target for item in wanted}
        number += 1


def follows_reader(examined: Examined) -> bool:
    """Whether the answer depends on who reads: a text or a call leaves the languages, or one of them, to the reader."""
    if any(AUTO_LANGUAGE in token.text for token in examined.tokens if token.kind is Kind.STRING):
        return True
    calls = (call for call in examined.services if call.iri == LABEL_SERVICE)
    return any(all(t.kind is not Kind.STRING for t in examined.tokens[c.opening : c.last]) for c in calls)


def with_readers_language(examined: Examined, language: str) -> str | None:
    """The text with ``[AUTO_LANGUAGE]`` in texts outside the label service as the reader's; None where there is none.

    The page of the Wikidata Query Service does so before it asks: FILTER(LANG(?x) = '[AUTO_LANGUAGE]') works there.
    """
    inside = [range(call.opening, call.last) for call in examined.services if call.iri == LABEL_SERVICE]
    edits = [
        (token.start, token.end, token.text.replace(AUTO_LANGUAGE, language))
        for at, token in enumerate(examined.tokens)
        if token.kind is Kind.STRING and AUTO_LANGUAGE in token.text and not any(at in call for call in inside)
    ]
    return edited(examined.text, edits) if edits else None


def _asked(
    examined: Examined, call: ServiceCall, reader: LabelReader, looked_up: Set[str]
) -> tuple[tuple[str, ...], list[Wanted]]:
    """The languages and texts that a call asks for, by name or automatically."""
    if examined.group[call.first] < 0:
        raise examined.refusal(call.first, "SERVICE wikibase:label stands inside a group in braces")
    tags, wanted = _read_call(examined, call, reader)
    wanted = wanted or _automatic(examined, call, looked_up)
    if len(wanted) * len(tags) > _MOST_LOOKUPS:
        raise examined.refusal(call.first, f"more than {_MOST_LOOKUPS} labels in languages are asked for")
    return tags, wanted


def _with_lookups(examined: Examined, call: ServiceCall, lookups: Mapping[Wanted, str], *, outside: bool) -> str:
    """The text with a call replaced by its lookups, outside the SELECT where that changes no row."""
    select = enclosing_select(examined, call.first)
    if outside and select is not None and examined.group[call.first] == select.opening:
        subjects = {wanted.target: wanted.subject for wanted in lookups}
        wrapped = wrapping.wrapped(select, call, subjects, " ".join(lookups.values()))
        if wrapped is not None:
            return wrapped
    return _inline(examined, call, select, lookups)


def _inline(examined: Examined, call: ServiceCall, select: Select | None, lookups: Mapping[Wanted, str]) -> str:
    """The lookups in the group of the call, or in the SELECT's where only that binds the subject."""
    own = examined.group[call.first]
    whole = select.opening if select else examined.enclosing(call.first)[-1]
    here = {f"?{name}" for name in bound(examined, own)}
    there = {f"?{name}" for name in bound(examined, whole)} - here
    edits = [removal(examined, call.first, call.last)]
    for wanted, text in lookups.items():
        group = whole if wanted.subject in there else own
        at = examined.tokens[_place(examined, group, wanted.target)].start
        edits.append((at, at, f" {text} "))
    if select is not None and select.star is not None and lookups:
        names = dict.fromkeys([*bound(examined, whole), *(wanted.target for wanted in lookups)])
        star = examined.tokens[select.star]
        edits.append((star.start, star.end, " ".join(f"?{name}" for name in names)))
    return edited(examined.text, edits)


def _place(examined: Examined, group: int, target: str) -> int:
    """The token before which a lookup goes: the first BIND of the group that reads it, else the closing brace."""
    at = group + 1
    while at < examined.partner[group]:
        if examined.tokens[at].word == "BIND" and target in variables(examined, at, examined.partner.get(at + 1, at)):
            return at
        at = examined.partner.get(at, at) + 1
    return examined.partner[group]


def _read_call(examined: Examined, call: ServiceCall, reader: LabelReader) -> tuple[tuple[str, ...], list[Wanted]]:
    """Languages asked for, and the texts asked for by name (none in the automatic mode)."""
    tags: list[str] = []
    wanted: list[Wanted] = []
    for subject, predicate, value in _triples(examined, call):
        name = examined.expand(predicate)
        if examined.expand(subject) == _SERVICE_PARAMETER and name == _LANGUAGE_PARAMETER:
            tags += _tags(examined, value, reader)
        elif name is not None and name in TEXTS and subject.kind is not Kind.STRING and value.kind is Kind.VARIABLE:
            subject_text = f"?{subject.variable}" if subject.kind is Kind.VARIABLE else subject.text
            wanted.append(Wanted(subject_text, name, value.variable))
        else:
            raise refusal(examined.text, predicate.start, _RULE)
    return tuple(dict.fromkeys(tags))[:_MOST_LANGUAGES] or reader.languages, wanted


def _triples(examined: Examined, call: ServiceCall) -> list[tuple[Token, Token, Token]]:
    """The triples between the braces; ``;`` repeats the subject, ``,`` subject and predicate."""
    found: list[tuple[Token, Token, Token]] = []
    terms: list[Token] = []
    carried = 0
    for token in examined.tokens[call.opening + 1 : call.last + 1]:
        if token.kind is not Kind.MARK:
            terms.append(token)
            continue
        if len(terms) == 3:
            found.append((terms[0], terms[1], terms[2]))
        elif len(terms) > carried or token.text not in {".", ";", ",", "}"}:
            raise refusal(examined.text, token.start, "the label service takes plain triples only")
        carried = {";": 1, ",": 2}.get(token.text, 0)
        terms = terms[:carried]
    return found


def _tags(examined: Examined, value: Token, reader: LabelReader) -> list[str]:
    if value.kind is not Kind.STRING:
        raise refusal(examined.text, value.start, "wikibase:language takes a text such as 'pt,en'")
    tags: list[str] = []
    for part in value.text.strip("'\"").split(","):
        tag = part.strip()
        if tag == AUTO_LANGUAGE:
            tags += reader.languages
        elif _LANGUAGE_TAG.fullmatch(tag):
            tags += [tag.lower(), languages.from_bcp47(tag)]  # labels carry the codes of wikis
        elif tag:
            raise refusal(examined.text, value.start, f"{tag!r} is no language code")
    return tags


def _automatic(examined: Examined, call: ServiceCall, looked_up: Set[str]) -> list[Wanted]:
    """Each ?xLabel, ?xDescription, ?xAltLabel that the query shows or computes with, and its group does not bind.

    ``looked_up`` were bound by calls replaced before: another alternative of a UNION needs its own.
    """
    select = enclosing_select(examined, call.first)
    group = select.opening if select else examined.enclosing(call.first)[-1]
    named = bound(examined, group)
    taken = {name for name in named if name not in looked_up} | set(bound(examined, examined.group[call.first]))
    for around in examined.enclosing(call.first):
        taken |= set(assigned(examined, around))
    scope = [*_outside(examined, select, group), *read(examined, group)]
    wanted: list[Wanted] = []
    for name in dict.fromkeys(scope):
        suffix = next((s for s in _SUFFIXES if name.endswith(s) and name[: -len(s)] in named), None)
        if suffix and name not in taken:
            wanted.append(Wanted(f"?{name[: -len(suffix)]}", _SUFFIXES[suffix], name))
    return wanted


def _outside(examined: Examined, select: Select | None, group: int) -> list[str]:
    """The variables named beside the group: shown, ordered or grouped by; or those of a CONSTRUCT's template."""
    if select is not None:
        return variables(examined, select.first, select.opening) + variables(examined, select.closing, select.end)
    return variables(examined, examined.start, group)
