"""Writing labels, descriptions and aliases through the Wikibase REST API; imported by routes.py only.

Each method is one route. What is sent is judged before the entity is looked at; what a patch leads to is judged inside
the transaction, on the newest revision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from capx_graph.repository.editing.operations import working_copy
from capx_graph.repository.history.summaries import term_summary
from capx_graph.repository.rest.content import aliases_content, terms_content
from capx_graph.repository.rest.contentreader import ContentReader
from capx_graph.repository.rest.edits import Body, Change, RestEditor, parts_summary
from capx_graph.repository.rest.errors import Problem, not_found
from capx_graph.repository.rest.http import RestRequest, RestResult
from capx_graph.repository.rest.patch import check_patch, patched
from capx_graph.repository.rest.reads import check_language, entity_id_of
from capx_graph.repository.store import Repository

Json = dict[str, Any]
TERMS = {"labels": "label", "descriptions": "description", "aliases": "alias"}


class RestTerms:
    """Answers the writes of terms."""

    def __init__(self, repository: Repository, editor: RestEditor, reader: ContentReader) -> None:
        self._repository = repository
        self._editor = editor
        self._reader = reader

    def put(self, request: RestRequest, body: Body, kind: str, text: str, part: str, language: str) -> RestResult:
        """Sets the label or description in a language."""
        entity_id = entity_id_of(kind, text)
        name = TERMS[part]
        raw = body.required(name)
        check_language(self._repository, part, language)
        value = self._reader.term(raw, f"/{name}", name, kind)
        edited = self._editor.change(request, entity_id, body, partial(_with_term, part, language, value), missing=kind)
        status = 200 if language in edited.before[part] else 201
        return RestResult(edited.entity[part][language]["value"], edited.state, status)

    def delete(self, request: RestRequest, body: Body, kind: str, text: str, part: str, language: str) -> RestResult:
        """Removes the label or description in a language."""
        entity_id = entity_id_of(kind, text)
        check_language(self._repository, part, language)
        self._editor.change(request, entity_id, body, partial(_without_term, part, language), missing=kind)
        headers = (("Content-Language", language),)
        return RestResult(f"{TERMS[part].capitalize()} deleted", headers=headers)

    def add_aliases(self, request: RestRequest, body: Body, kind: str, text: str, language: str) -> RestResult:
        """Adds aliases in a language."""
        entity_id = entity_id_of(kind, text)
        raw = body.required("aliases")
        check_language(self._repository, "aliases", language)
        texts = self._reader.alias_list(raw, "/aliases")
        edited = self._editor.change(request, entity_id, body, partial(_with_aliases, language, texts), missing=kind)
        status = 200 if language in edited.before["aliases"] else 201
        return RestResult([alias["value"] for alias in edited.entity["aliases"][language]], edited.state, status)

    def patch(self, request: RestRequest, body: Body, kind: str, text: str, part: str) -> RestResult:
        """Applies a patch to all labels, all descriptions or all aliases."""
        entity_id = entity_id_of(kind, text)
        operations = check_patch(body.required("patch"))

        def change(entity: Json) -> Change:
            wanted = working_copy(entity)
            result = patched(_CONTENT[part](entity[part]), operations)
            try:
                wanted[part] = self._read(result, part, kind)
            except Problem as problem:
                raise problem.in_patch_result() from problem
            return Change(wanted, partial(parts_summary, entity, wanted))

        edited = self._editor.change(request, entity_id, body, change, missing=kind)
        return RestResult(_CONTENT[part](edited.entity[part]), edited.state)

    def _read(self, raw: object, part: str, kind: str) -> Mapping[str, Any]:
        if part == "aliases":
            return self._reader.aliases(raw, "")
        return self._reader.terms(raw, "", TERMS[part], kind)


_CONTENT: dict[str, Callable[[Any], Json]] = {
    "labels": terms_content,
    "descriptions": terms_content,
    "aliases": aliases_content,
}


def _with_term(part: str, language: str, value: str, entity: Json) -> Change:
    wanted = working_copy(entity)
    action = "set" if language in entity[part] else "add"
    wanted[part][language] = {"language": language, "value": value}
    return Change(wanted, lambda said: term_summary(f"wbset{TERMS[part]}-{action}", language, [value], said=said))


def _without_term(part: str, language: str, entity: Json) -> Change:
    if language not in entity[part]:
        raise not_found(TERMS[part])
    wanted = working_copy(entity)
    old = wanted[part].pop(language)
    texts = [old["value"]]
    return Change(wanted, lambda said: term_summary(f"wbset{TERMS[part]}-remove", language, texts, said=said))


def _with_aliases(language: str, texts: list[str], entity: Json) -> Change:
    wanted = working_copy(entity)
    present = [alias["value"] for alias in entity["aliases"].get(language, ())]
    new = [text for text in texts if text not in present]
    wanted["aliases"][language] = [{"language": language, "value": text} for text in [*present, *new]]
    return Change(wanted, lambda said: term_summary("wbsetaliases-add", language, new, said=said))
