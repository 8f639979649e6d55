"""Modules that edit terms of one language: ``wbsetlabel``, ``wbsetdescription``, ``wbsetaliases``.

Only the table of modules imports it.
"""

from __future__ import annotations

from functools import partial

from capx_graph import languages
from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.edits import EDIT_PARAMS, check_may_edit, editing, said, save
from capx_graph.repository.api.entityedits import TARGET_PARAMS, check_target, load_target, outcome
from capx_graph.repository.api.parameters import Param
from capx_graph.repository.editing.operations import Operation
from capx_graph.repository.editing.terms import add_aliases, remove_aliases, set_aliases, set_term
from capx_graph.repository.history.summaries import term_summary
from capx_graph.repository.refusals import fault
from capx_graph.repository.values.texts import clean_text

_MODULE_OF = {"labels": "wbsetlabel", "descriptions": "wbsetdescription"}


def _check_language(call: Call) -> str:
    language = call.values.text("language")
    if not call.repository.settings.is_term_language(language):
        raise call.fail("badvalue", f'Unrecognized value for parameter "language": {language}.')
    return language


def _set_term(part: str, call: Call) -> Json:
    language = _check_language(call)
    check_target(call)
    text = clean_text(call.values.text("value"))
    with editing(call) as edit:
        loaded = load_target(call, edit)
        check_may_edit(call)
        entity = edit.apply(loaded, [set_term(part, language, text)])
        old = loaded.entity[part].get(language)
        action = "set" if call.values.text("value") else "remove"
        if old is None:
            action = "add"
        told = [text] if text else [old["value"]] if old else []
        summary = term_summary(f"{_MODULE_OF[part]}-{action}", language, told, said=said(call))
        saved = save(call, edit, loaded, entity, summary)
    shown = entity[part].get(language, {"language": language, "removed": ""})
    return outcome(call, saved, loaded, {part: {language: shown}})


def _set_aliases(call: Call) -> Json:
    language = _check_language(call)
    check_target(call)
    values = call.values
    added, removed = _cleaned(values.several("add")), _cleaned(values.several("remove"))
    if bool(values.several("add") or values.several("remove")) == values.has("set"):
        raise fault("give set, or add and remove", "invalid-list")
    operations: list[Operation] = []
    if values.has("set"):
        operations.append(set_aliases(language, _cleaned(values.several("set"))))
    if added:
        operations.append(add_aliases(language, added))
    if removed:
        operations.append(remove_aliases(language, removed))
    with editing(call) as edit:
        loaded = load_target(call, edit)
        check_may_edit(call)
        entity = edit.apply(loaded, operations)
        texts = _told(call, entity, language)
        action = "set" if values.has("set") else "update" if added and removed else "add" if added else "remove"
        saved = save(
            call, edit, loaded, entity, term_summary(f"wbsetaliases-{action}", language, texts, said=said(call))
        )
    aliases = entity["aliases"].get(language)
    return outcome(call, saved, loaded, {"aliases": {language: aliases}} if aliases else {})


def _told(call: Call, entity: Json, language: str) -> list[str]:
    values = call.values
    if values.several("add") and values.several("remove"):
        return [alias["value"] for alias in entity["aliases"].get(language, ())]
    return _cleaned(values.several("set") or values.several("add") or values.several("remove"))


def _cleaned(texts: list[str]) -> list[str]:
    return [text for text in map(clean_text, texts) if text]


_LANGUAGE = Param("language", required=True, choices=lambda: languages.term_codes() | {"mul"})
_TERM_PARAMS = (*TARGET_PARAMS, _LANGUAGE, Param("value"), *EDIT_PARAMS)
_ALIAS_PARAMS = (
    *TARGET_PARAMS,
    _LANGUAGE,
    Param("add", many=True),
    Param("remove", many=True),
    Param("set", many=True),
    *EDIT_PARAMS,
)

MODULES = {
    "wbsetlabel": Module(partial(_set_term, "labels"), _TERM_PARAMS, edits=True),
    "wbsetdescription": Module(partial(_set_term, "descriptions"), _TERM_PARAMS, edits=True),
    "wbsetaliases": Module(_set_aliases, _ALIAS_PARAMS, edits=True),
}
