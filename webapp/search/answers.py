"""The JSON of a search and of suggestions, as /help/search documents it; stable, so other tools build on it.

A capacity is ``{"id", "wikidata", "label"}`` wherever it appears, anything else ``{"id", "code", "label"}``. Labels
and sentences are in the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from capx_graph.messages import Translator
from capx_graph.model import EntityKind, FacetValue, Hit, Reason, Ref, SearchPage, Understood
from capx_graph.status import Stand
from webapp.assets.palette import root_class
from webapp.needs import Suggestion
from webapp.request.links import entity_url
from webapp.response.standing import instant
from webapp.search.facets import value_label
from webapp.search.sentences import plain

Json = dict[str, object]


def search_answer(
    page: SearchPage, tr: Translator, *, next_address: str | None, stand: Stand, ignored: Sequence[str] = ()
) -> Json:
    """The answer to a search; ``next_address`` leads to the next page, ``ignored`` are parameters that it has not.

    Where the data is behind, ``data_as_of`` says as of when it stands; ``whole`` is false where reasons are missing.
    Where nothing is called as the text says, ``understood`` tells the filters that were asked instead of it, ``alike``
    capacities with names that resemble its words.
    """
    late: Json = {"data_as_of": instant(stand.as_of), "whole": page.whole} if stand.behind or not page.whole else {}
    return (
        {
            "total": page.total,
            "hits": [hit_json(hit, tr) for hit in page.hits],
            "facets": {name: [facet_json(name, value, tr) for value in values] for name, values in page.facets.items()},
            "next": next_address,
        }
        | _instead(page, tr)
        | ({"warnings": [_warning(name, tr) for name in ignored]} if ignored else {})
        | late
    )


def _instead(page: SearchPage, tr: Translator) -> Json:
    found: Json = {"understood": understood_json(page.understood)} if page.understood else {}
    if page.alike:
        found["alike"] = [facet_json("capacity", value, tr) for value in page.alike]
    return found


def _warning(name: str, tr: Translator) -> Json:
    return {"parameter": name, "message": tr.text("unknown-parameters", name)}


def understood_json(understood: Understood) -> Json:
    """What a text was taken for; a role is its word."""
    filters = {
        name: [ref_json(ref) if ref.kind else ref.id for ref in refs] for name, refs in understood.filters.items()
    }
    return {"text": understood.text, "filters": filters, "aside": list(understood.aside)}


def hit_json(hit: Hit, tr: Translator) -> Json:
    """A hit: ``reasons`` are sentences, ``matches`` say the same for programs, in the same order."""
    return {
        "id": hit.ref.id,
        "class": str(hit.ref.kind) if hit.ref.kind else None,
        "name": hit.name,
        "wikidata": hit.ref.wikidata,
        "label": hit.ref.label,
        "language": hit.ref.language,
        "description": hit.description,
        "last_active": hit.last_active,
        "url": entity_url(hit.ref),
        "reasons": [plain(reason, hit.ref.kind, tr) for reason in hit.reasons],
        "matches": [match_json(reason) for reason in hit.reasons],
    }


def match_json(reason: Reason) -> Json:
    """What of the hit matched, under the name of its class, and what was asked when that differs."""
    found: Json = {"kind": str(reason.kind)}
    if reason.role:
        found["role"] = str(reason.role)
    if reason.level:
        found["level"] = reason.level
    if reason.value:
        found[_place(reason.value)] = ref_json(reason.value)
    if reason.asked:
        found["asked"] = ref_json(reason.asked)
    if reason.text:
        found["text"] = reason.text
    return found


def _place(ref: Ref) -> str:
    return str(ref.kind) if ref.kind else "value"


def ref_json(ref: Ref) -> Json:
    """A thing as it appears everywhere."""
    if ref.kind is EntityKind.CAPACITY:
        return {"id": ref.id, "wikidata": ref.wikidata, "label": ref.label}
    return {"id": ref.id, "code": ref.code, "label": ref.label}


def facet_json(name: str, value: FacetValue, tr: Translator) -> Json:
    """A value of a facet with its count."""
    label = value_label(name, value.ref, tr)
    found: Json = {"id": value.ref.id, "code": value.ref.code, "label": label, "count": value.count}
    if value.ref.kind is EntityKind.CAPACITY:
        found["wikidata"] = value.ref.wikidata
    if value.parent:
        found["parent"] = value.parent
    if value.selected:
        found["selected"] = True
    return found


def suggestions_answer(suggestions: Sequence[Suggestion], tr: Translator) -> Json:
    """Names for a field that completes; ``title`` and ``summary`` are what a screen reader says."""
    return {
        "suggestions": [
            {
                **ref_json(suggestion.ref),
                "class": str(suggestion.ref.kind) if suggestion.ref.kind else None,
                "kind": tr.text(f"class-one-{suggestion.ref.kind}"),
                "matched": suggestion.matched,
                "url": suggestion_url(suggestion.ref),
                "root": root_class(suggestion.ref.colour),
            }
            for suggestion in suggestions
        ],
        "title": tr.text("suggestions-label"),
        "summary": tr.text("suggestions-count", len(suggestions)),
    }


def suggestion_url(ref: Ref) -> str | None:
    """Where choosing a suggestion leads: a capacity to the search for it, anything else to its page."""
    if ref.kind is EntityKind.CAPACITY:
        return url_for("search.page", capacity=ref.id)
    return entity_url(ref)


FIELDS = ("total", "hits", "facets", "next", "understood", "alike", "warnings")
"""The members of the answer; their meaning is the message ``answer-NAME``."""
EXAMPLE = """{
  "total": 1,
  "hits": [{
    "id": "Q2001", "class": "person", "name": "Ana (demo)", "label": "Ana",
    "reasons": ["offers public speaking, part of your communication"],
    "matches": [{
      "kind": "capacity", "role": "offers",
      "capacity": {"id": "Q231", "wikidata": null, "label": "public speaking"},
      "asked": {"id": "Q230", "wikidata": null, "label": "communication"}
    }]
  }],
  "facets": {"language": [{"id": "Q310", "code": "pt", "label": "Portuguese", "count": 1}]},
  "next": null
}"""
"""What an answer looks like."""
