"""``wbformatvalue`` and ``wbformatentities``: values and entities as people read them.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from capx_graph import languages
from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.entityreads import no_such_entity
from capx_graph.repository.api.jsontext import decode
from capx_graph.repository.api.parameters import Param
from capx_graph.repository.ids import PROPERTY, parse_id, parse_of_kind
from capx_graph.repository.refusals import Malformed, fault
from capx_graph.repository.values import datavalues
from capx_graph.repository.values.datatypes import DATATYPES, VALUE_TYPES

_PLAIN, _WIKI, _HTML = "text/plain", "text/x-wiki", "text/html"
_OUTPUTS = (_PLAIN, _WIKI, _HTML, "text/html; disposition=verbose", "text/html; disposition=verbose-preview")


def options_of(call: Call) -> Json:
    """The JSON object of ``options``; anything else counts as none."""
    try:
        options = decode(call.values.text("options") or "{}")
    except ValueError:
        return {}
    return options if isinstance(options, dict) else {}


def language_of(call: Call, options: Mapping[str, Any]) -> str:
    """The language that options ask for, or that of the request."""
    asked = options.get("lang", "")
    if not isinstance(asked, str):
        raise fault("the option lang is the code of a language", "param-illegal")
    return asked if languages.is_known(asked) else call.language


def _format_value(call: Call) -> Json:
    values = call.values
    property_text, datatype = values.optional("property"), values.optional("datatype")
    if property_text is not None and datatype is not None:
        raise call.fail("invalidparammix", 'The parameters "property" and "datatype" can not be used together.')
    datavalue = _datavalue(values.text("datavalue"))
    if property_text is not None:
        return {"result": _of_property(call, property_text, datavalue)}
    return {"result": _formatted(call, datavalue, datatype)}


def _datavalue(text: str) -> Json:
    try:
        raw = decode(text)
    except ValueError:
        raw = None
    if not isinstance(raw, dict) or "type" not in raw or "value" not in raw:
        raise fault("Failed to decode datavalue", "baddatavalue")
    try:
        return datavalues.read(raw)
    except Malformed as error:
        raise fault(str(error), "param-illegal") from error


def _of_property(call: Call, text: str, datavalue: Json) -> str:
    property_id = parse_of_kind(text, PROPERTY)
    if property_id is None:
        raise fault(f"{text!r} is not the id of a property", "badpropertyid")
    datatype = call.repository.datatype(property_id)
    if datatype is None:
        warning = f"Property {property_id} not found, cannot determine the data type to use."
        return _with_warning(call, datavalue, warning)
    if VALUE_TYPES[datatype] != datavalue["type"]:
        expected = VALUE_TYPES[datatype]
        warning = f'The value\'s type "{datavalue["type"]}" does not match Property\'s type "{expected}".'
        return _with_warning(call, datavalue, warning)
    output = call.values.text("generate")
    if datatype == "external-id" and output != _PLAIN:
        rich = call.format()
        write = rich.wikitext_external_id if output == _WIKI else rich.html_external_id
        return write(datavalue["value"], call.repository.formatter_url(property_id))
    return _formatted(call, datavalue, datatype)


def _with_warning(call: Call, datavalue: Json, warning: str) -> str:
    text = _formatted(call, datavalue, None)
    if call.values.text("generate") == _PLAIN:
        return f"{text} ({warning})"
    return f'{text} <span class="error wb-format-error">{warning}</span>'


def _formatted(call: Call, datavalue: Json, datatype: str | None) -> str:
    options = options_of(call)
    rich = call.format(language_of(call, options))
    output = call.values.text("generate")
    if datatype is not None and VALUE_TYPES[datatype] != datavalue["type"]:
        datatype = None
    if output == _PLAIN:
        return rich.plain(datavalue, options)
    if output == _WIKI:
        return rich.wikitext(datavalue, datatype, options)
    return (rich.html if output == _HTML else rich.verbose)(datavalue, datatype, options)


def _format_entities(call: Call) -> Json:
    formatted: Json = {}
    rich = call.format()
    for text in call.values.several("ids"):
        entity_id = parse_id(text)
        if entity_id is None:
            raise no_such_entity(text)
        formatted[entity_id] = rich.html_link(entity_id, base=call.repository.base)
    return ({"wbformatentities": formatted} if formatted else {}) | {"success": 1}


MODULES = {
    "wbformatvalue": Module(
        _format_value,
        (
            Param("generate", choices=_OUTPUTS, default=_WIKI),
            Param("datavalue", required=True),
            Param("datatype", choices=DATATYPES),
            Param("property"),
            Param("options"),
        ),
    ),
    "wbformatentities": Module(_format_entities, (Param("ids", many=True),)),
}
