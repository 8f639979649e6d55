"""The description of the API in the form of OpenAPI 3.1, in the reader's language, with the schemas of every answer."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from capx_graph import __version__
from capx_graph.messages import Translator
from webapp.api.operations import JSON, OPERATIONS, Operation, Parameter
from webapp.search.answers import Json

OPENAPI = "3.1.0"
_SCHEMAS = Path(__file__).with_name("schemas.json")


def document(tr: Translator, *, title: str, server: str) -> Json:
    """The whole description; ``server`` is where the paths begin, from the document's own address."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": title,
            "version": __version__,
            "summary": tr.text("api-lead"),
            "description": tr.text("api-errors", "code", "message", "said"),
            "license": {"name": "CC0 1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": server}],
        "paths": {operation.path: {"get": _operation(operation, tr)} for operation in OPERATIONS},
        "components": {"schemas": schemas()},
    }


@cache
def schemas() -> dict[str, Any]:
    """The forms of the answers, JSON Schema 2020-12, by name."""
    found: dict[str, Any] = json.loads(_SCHEMAS.read_text(encoding="utf-8"))
    return found


def meaning(parameter: Parameter, tr: Translator) -> str:
    """What a parameter is for."""
    return tr.text(parameter.message, *parameter.fillings)


def _operation(operation: Operation, tr: Translator) -> Json:
    answers: Json = {"200": {"description": tr.text(f"api-{operation.name}"), "content": _content(operation)}}
    others: Json = {} if operation.refused_in == JSON else {operation.refused_in: {}}
    for status in operation.refusals:
        answers[str(status)] = {
            "description": _refusal(status, tr),
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}} | others,
        }
    return {
        "operationId": operation.name,
        "summary": tr.text(f"api-{operation.name}"),
        "parameters": [_parameter(each, tr) for each in operation.parameters],
        "responses": answers,
    }


def _refusal(status: int, tr: Translator) -> str:
    """What a refusal of a status is called: as on its page, where it has one."""
    own = {406: tr.text("refused-media"), 502: tr.text("refused-asked"), 504: tr.text("refused-slow")}
    return own.get(status) or tr.text(f"error-{status}-title")


def _content(operation: Operation) -> Json:
    if not operation.schema:
        return {form: {} for form in operation.forms}
    return {form: {"schema": {"$ref": f"#/components/schemas/{operation.schema}"}} for form in operation.forms}


def _parameter(parameter: Parameter, tr: Translator) -> Json:
    schema: Json = {"type": "string"}
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.least is not None:
        schema = {"type": "integer", "minimum": parameter.least}
        if parameter.most is not None:
            schema["maximum"] = parameter.most
    if parameter.default:
        schema["default"] = parameter.default if parameter.least is None else int(parameter.default)
    return {
        "name": parameter.name,
        "in": "path" if parameter.in_path else "query",
        "required": parameter.required,
        "description": meaning(parameter, tr),
        "schema": {"type": "array", "items": schema} if parameter.repeatable else schema,
        "example": [parameter.example] if parameter.repeatable else parameter.example,
    }
