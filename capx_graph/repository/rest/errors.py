"""Errors of the Wikibase REST API: status, code, message and context; imported by the rest rooms only.

A ``Problem`` is something wrong with content, wherever it came from: sent in a request it is one error (400), left
by a patch it is another (422), with other codes and more context. Messages are the API's own words, as documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Context = Mapping[str, Any]


class RestError(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status: int, code: str, message: str, context: Context | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.context = context

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        content: dict[str, Any] = {"code": self.code, "message": self.message}
        return content if self.context is None else content | {"context": dict(self.context)}


class Problem(Exception):
    """Content that cannot be taken: ``kind`` is the code of a request's error, ``path`` points to the place."""

    def __init__(self, kind: str, path: str, **details: object) -> None:
        super().__init__(f"{kind} at {path!r}")
        self.kind = kind
        self.path = path
        self.details = details

    def in_request(self) -> RestError:
        """The error when the content was sent."""
        context = {"path": self.path} | {key: value for key, value in self.details.items() if key != "value"}
        return RestError(400, self.kind, _REQUEST_MESSAGES[self.kind].format(path=self.path, **self.details), context)

    def in_patch_result(self) -> RestError:
        """The error when a patch led to the content."""
        code, message, with_value = _PATCH_RESULTS[self.kind]
        context = {"path": self.path} | self.details
        if not with_value:
            context.pop("value", None)
        return RestError(422, code, message, context)


_REQUEST_MESSAGES = {
    "invalid-value": "Invalid value at '{path}'",
    "missing-field": "Required field missing",
    "value-too-long": "The input value is too long",
    "invalid-key": "Invalid key '{key}' in '{path}'",
    "referenced-resource-not-found": "The referenced resource does not exist",
    "cannot-modify-read-only-value": "The input value cannot be modified",
    "statement-group-property-id-mismatch": "Statement's Property ID does not match the Statement group key",
}
_PATCH_RESULTS = {
    "invalid-value": ("patch-result-invalid-value", "Invalid value in patch result", True),
    "missing-field": ("patch-result-missing-field", "Required field missing in patch result", False),
    "value-too-long": ("patch-result-value-too-long", "Patched value is too long", False),
    "invalid-key": ("patch-result-invalid-key", "Invalid key in patch result", False),
    "referenced-resource-not-found": (
        "patch-result-referenced-resource-not-found",
        "The referenced resource does not exist",
        True,
    ),
    "cannot-modify-read-only-value": (
        "patch-result-modified-read-only-value",
        "Read only value in patch result cannot be modified",
        False,
    ),
    "statement-group-property-id-mismatch": (
        "patched-statement-group-property-id-mismatch",
        "Statement's Property ID does not match the Statement group key",
        False,
    ),
}


def invalid_value(path: str, value: object) -> Problem:
    """A value that cannot stand there (400)."""
    return Problem("invalid-value", path, value=value)


def missing_field(path: str, name: str) -> Problem:
    """A field that has to be there (400)."""
    return Problem("missing-field", path, field=name)


def read_only(path: str) -> Problem:
    """A value that nobody may change (400)."""
    return Problem("cannot-modify-read-only-value", path)


def not_found(resource_type: str) -> RestError:
    """No such item, property, statement, label ..."""
    message = "The requested resource does not exist"
    return RestError(404, "resource-not-found", message, {"resource_type": resource_type})


def invalid_path(parameter: str) -> RestError:
    """A part of the address that is of no use (400)."""
    message = f"Invalid path parameter: '{parameter}'"
    return RestError(400, "invalid-path-parameter", message, {"parameter": parameter})


def invalid_query(parameter: str) -> RestError:
    """A parameter of the address that is of no use (400)."""
    message = f"Invalid query parameter: '{parameter}'"
    return RestError(400, "invalid-query-parameter", message, {"parameter": parameter})


def redirected(source: str, target: str) -> RestError:
    """An edit of a redirect."""
    message = f"Item {source} has been redirected to {target}"
    return RestError(409, "redirected-item", message, {"redirect_target": target})


def policy_violation(violation: str, context: Context) -> RestError:
    """A rule over several terms or entities forbids the edit."""
    details = {"violation": violation, "violation_context": dict(context)}
    return RestError(422, "data-policy-violation", "Edit violates data policy", details)


def denied(reason: str | None = None, why: str = "") -> RestError:
    """The account may not do that; ``why`` tells a person."""
    message = "Access to resource is denied"
    if reason is None:
        return RestError(403, "permission-denied-unknown-reason", message)
    return RestError(403, "permission-denied", f"{message}: {why}" if why else message, {"denial_reason": reason})
