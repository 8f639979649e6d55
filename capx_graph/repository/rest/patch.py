"""JSON Patch (RFC 6902) with the errors that the Wikibase REST API gives; imported by the rest rooms only.

``check_patch`` judges the form of a patch before anything is looked up, ``patched`` applies it to a copy. A few
``copy`` operations can double a document until memory is full, so copying has a budget.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from capx_graph.repository.rest.errors import RestError, invalid_value, missing_field

Json = Any
_MOST_COPIED = 100_000
_NEEDS = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from", "remove": None}


def check_patch(patch: object) -> list[dict[str, Json]]:
    """The operations of a patch; raises Problem for what is none."""
    if not isinstance(patch, list):
        raise invalid_value("/patch", patch)
    for index, operation in enumerate(patch):
        _check_operation(operation, f"/patch/{index}")
    return patch


def _check_operation(operation: object, path: str) -> None:
    if not isinstance(operation, dict):
        raise invalid_value(path, operation)
    for name in ("op", "path"):
        if name not in operation:
            raise missing_field(path, name)
    kind = operation["op"]
    if not isinstance(kind, str) or kind not in _NEEDS:
        raise invalid_value(f"{path}/op", kind)
    if not isinstance(operation["path"], str):
        raise invalid_value(f"{path}/path", operation["path"])
    needed = _NEEDS[kind]
    if needed is not None and needed not in operation:
        raise missing_field(path, needed)
    if needed == "from" and not isinstance(operation["from"], str):
        raise invalid_value(f"{path}/from", operation["from"])


def patched(document: Json, operations: Sequence[dict[str, Json]]) -> Json:
    """The document after the operations; raises RestError (409) when one of them does not apply."""
    result = copy.deepcopy(document)
    budget = _MOST_COPIED
    for index, operation in enumerate(operations):
        if operation["op"] == "copy":
            budget -= _size(result, operation["from"])
            if budget < 0:
                text = "Edit resulted in a resource that exceeds the size limit"
                raise RestError(400, "resource-too-large", text, {"limit": _MOST_COPIED})
        result = _applied(result, operation, f"/patch/{index}")
    return result


def _size(document: Json, pointer: str) -> int:
    """How many values stand at a place and below it."""
    try:
        left = [_get(document, pointer)]
    except _NoTarget:
        return 0
    count = 0
    while left:
        value = left.pop()
        count += 1
        left += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return count


class _NoTarget(Exception):
    """A pointer leads nowhere."""


def _applied(document: Json, operation: dict[str, Json], place: str) -> Json:
    kind, path = operation["op"], operation["path"]
    if kind in ("move", "copy"):
        try:
            value = copy.deepcopy(_get(document, operation["from"]))
            document = _remove(document, operation["from"]) if kind == "move" else document
        except _NoTarget as error:
            raise _target_not_found(f"{place}/from") from error
    else:
        value = copy.deepcopy(operation.get("value"))
    try:
        if kind == "test":
            actual = _get(document, path)
            if not _equal(actual, value):
                context = {"path": place, "actual_value": actual}
                raise RestError(409, "patch-test-failed", "Test operation in the provided patch failed", context)
            return document
        if kind == "remove":
            return _remove(document, path)
        return _put(document, path, value, replace=kind == "replace")
    except _NoTarget as error:
        raise _target_not_found(f"{place}/path") from error


def _target_not_found(path: str) -> RestError:
    return RestError(409, "patch-target-not-found", "Target not found on resource", {"path": path})


def _tokens(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise _NoTarget
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def _get(document: Json, pointer: str) -> Json:
    for token in _tokens(pointer):
        document = _child(document, token)
    return document


def _child(container: Json, token: str) -> Json:
    if isinstance(container, dict) and token in container:
        return container[token]
    if isinstance(container, list):
        return container[_index(token, len(container))]
    raise _NoTarget


def _index(step: str, length: int) -> int:
    """An existing place of a list."""
    plain = step == "0" or (step.isascii() and step.isdigit() and step[0] != "0")
    if not plain or len(step) > 9 or int(step) >= length:
        raise _NoTarget
    return int(step)


def _put(document: Json, pointer: str, value: Json, *, replace: bool) -> Json:
    tokens = _tokens(pointer)
    if not tokens:
        return value
    parent, last = _get(document, pointer.rpartition("/")[0]), tokens[-1]
    if replace:
        _child(parent, last)
    if isinstance(parent, dict):
        parent[last] = value
    elif not isinstance(parent, list):
        raise _NoTarget
    elif replace:
        parent[_index(last, len(parent))] = value
    else:
        parent.insert(len(parent) if last == "-" else _index(last, len(parent) + 1), value)
    return document


def _remove(document: Json, pointer: str) -> Json:
    tokens = _tokens(pointer)
    if not tokens:
        return None
    parent, last = _get(document, pointer.rpartition("/")[0]), tokens[-1]
    _child(parent, last)
    if isinstance(parent, dict):
        del parent[last]
    else:
        del parent[_index(last, len(parent))]
    return document


def _equal(left: Json, right: Json) -> bool:
    """Equality of JSON: true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_equal, left, right))
    return bool(left == right)
