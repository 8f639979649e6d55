"""``wbparsevalue``: values from what people type.

Only the table of modules imports it.
"""

from __future__ import annotations

from capx_graph.repository.api.call import Call, Json, Module
from capx_graph.repository.api.errors import ApiError
from capx_graph.repository.api.jsontext import decode
from capx_graph.repository.api.parameters import Param, flag
from capx_graph.repository.api.valueformats import language_of
from capx_graph.repository.ids import PROPERTY, parse_of_kind
from capx_graph.repository.refusals import Message, Refused, fault
from capx_graph.repository.values.datatypes import DATATYPES
from capx_graph.repository.values.parsefailure import ParseFailure
from capx_graph.repository.values.parsing import ValueParser

_LEGACY = {"wikibase-entityid": "wikibase-item", "globecoordinate": "globe-coordinate", "null": "string"}
_NAMED_FAILURES = ("coordinate", "entity-id", "quantity", "time")


def _parse(call: Call) -> Json:
    values = call.values
    if sum(values.has(name) for name in ("property", "datatype", "parser")) > 1:
        raise call.fail("invalidparammix", "Only one of property, datatype and parser can be used.")
    options = _options(call)
    datatype = _datatype(call)
    parser = ValueParser(datatype, options, language_of(call, options))
    found = [_one(call, parser, datatype, text) for text in values.several("values")]
    result: Json = {"results": [entry for entry, _ in found]}
    for _, error in found:
        if error is not None:
            told = {key: told for key, told in call.errors.error(error).items() if key in ("error", "errors")}
            result = (
                {**result, **told, "errors": [*result.get("errors", []), *told["errors"]]}
                if ("errors" in told)
                else {**result, **told}
            )
    return result


def _options(call: Call) -> Json:
    text = call.values.text("options")
    try:
        options = decode(text) if text else {}
    except ValueError:
        options = None
    if not isinstance(options, dict):
        if isinstance(options, list):
            return {}
        raise fault("Malformed options parameter", "malformed-options")
    return options


def _datatype(call: Call) -> str:
    values = call.values
    name = values.optional("datatype") or values.optional("parser")
    if name is not None:
        return _LEGACY.get(name, name)
    if values.has("property"):
        property_id = parse_of_kind(values.text("property"), PROPERTY)
        datatype = call.repository.datatype(property_id) if property_id else None
        if datatype is None:
            raise _illegal("invalid-property-id")
        return datatype
    raise _illegal("not-recognized-datatype")


def _illegal(message: str) -> Refused:
    return Refused(message, code="param-illegal", messages=(Message(f"wikibase-api-{message}"),))


def _one(call: Call, parser: ValueParser, datatype: str, text: str) -> tuple[Json, ApiError | None]:
    entry: Json = {"raw": text}
    try:
        datavalue = parser.parse(text)
    except ParseFailure as failure:
        suffix = f"-{failure.expected}" if failure.expected in _NAMED_FAILURES else ""
        message = Message(f"wikibase-parse-error{suffix}")
        entry |= {
            "error": "ValueParsers\\ParseException",
            "error-info": str(failure),
            "expected-format": failure.expected,
            "messages": [call.errors.message(message)],
        }
        return entry, ApiError(message.name, str(failure), message=message)
    entry |= {"value": datavalue["value"], "type": datavalue["type"]}
    if not call.values.on("validate"):
        return entry, None
    problem = call.repository.statements.problem_of(datavalue, datatype)
    call.put_flag(entry, "valid", problem is None)
    if problem is None:
        return entry, None
    entry |= {
        "error": "ValidationError",
        "messages": [call.errors.message(message) for message in problem.messages],
        "validation-errors": [message.name.removeprefix("wikibase-validator-") for message in problem.messages],
    }
    return entry, ApiError(problem.messages[0].name, str(problem), message=problem.messages[0])


MODULES = {
    "wbparsevalue": Module(
        _parse,
        (
            Param("datatype", choices=DATATYPES),
            Param("property"),
            Param("parser", choices=(*DATATYPES, *_LEGACY)),
            Param("values", many=True, required=True),
            Param("options"),
            flag("validate"),
        ),
    ),
}
