"""The description of the REST API for machines (OpenAPI 3.1); imported by routes.py only.

It names routes, parameters and errors; the JSON of entities is described where Wikibase documents it.
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_DOCUMENTATION = "https://doc.wikimedia.org/Wikibase/master/js/rest-api/"
_TERMS = {"labels": "label", "descriptions": "description", "aliases": "aliases"}
_DESCRIBED = {
    "item_id": "The id of an item, such as Q42",
    "property_id": "The id of a property, such as P7",
    "statement_id": "The id of a statement, such as Q42$F078E5B3-F9A8-480E-B7AC-D97778CBBEF9",
    "language_code": "The code of a language of terms, such as pt-br",
    "collection": "items or properties",
}


def description(address: str, title: str) -> Json:
    """The document; ``address`` is that of version 1."""
    paths: dict[str, Json] = {}
    for path, methods in _routes():
        parameters = [_path_parameter(name) for name in re.findall(r"\{(\w+)\}", path)]
        paths[path] = {"parameters": parameters} | {method: _operation(text) for method, text in methods.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: Wikibase REST API", "version": "1.0", "description": f"See {_DOCUMENTATION}"},
        "servers": [{"url": address}],
        "paths": paths,
    }


def _routes() -> list[tuple[str, dict[str, str]]]:
    routes: list[tuple[str, dict[str, str]]] = []
    for kind, collection in (("item", "items"), ("property", "properties")):
        one = f"/entities/{collection}/{{{kind}_id}}"
        routes.append((f"/entities/{collection}", {"post": f"Make a new {kind}"}))
        routes.append((one, {"get": f"Read the {kind}", "patch": f"Patch the {kind}"}))
        for part, term in _TERMS.items():
            routes.append((f"{one}/{part}", {"get": f"Read all {part}", "patch": f"Patch the {part}"}))
            single = {"get": f"Read the {term} in a language"}
            if part == "aliases":
                single["post"] = "Add aliases in a language"
            else:
                single |= {"put": f"Set the {term} in a language", "delete": f"Remove the {term} in a language"}
                fallback = f"{one}/{part}_with_language_fallback/{{language_code}}"
                routes.append((fallback, {"get": f"Read the {term} in the nearest language"}))
            routes.append((f"{one}/{part}/{{language_code}}", single))
        routes.append((f"{one}/statements", {"get": "Read all statements", "post": "Add a statement"}))
        routes.append((f"{one}/statements/{{statement_id}}", _STATEMENT))
    routes.append(("/statements/{statement_id}", _STATEMENT))
    routes.append(("/search/{collection}", {"get": "Find entities by the beginning of a name (q, language)"}))
    routes.append(("/property-data-types", {"get": "Read the data types of properties"}))
    return routes


_STATEMENT = {
    "get": "Read the statement",
    "put": "Replace the statement",
    "patch": "Patch the statement",
    "delete": "Remove the statement",
}


def _path_parameter(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": _DESCRIBED[name],
        "schema": {"type": "string"},
    }


def _operation(summary: str) -> Json:
    fine = {"description": "Done", "content": {"application/json": {}}}
    error = {"description": "An error: code, message and context", "content": {"application/json": {}}}
    return {"summary": summary, "responses": {"2XX": fine, "4XX": error}}
