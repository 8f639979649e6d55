"""Errors and warnings as the Action API writes them, in each of its formats.

Rooms of the API import it. A Refused of the repository becomes an error as it is; ``ApiError`` is an error of the
API itself (a missing parameter, a wrong token), which has no messages in the older format.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from capx_graph.repository.refusals import Message, Refused

Json = dict[str, Any]
MAILING_LIST = (
    "Subscribe to the mediawiki-api-announce mailing list at "
    "<https://lists.wikimedia.org/postorius/lists/mediawiki-api-announce.lists.wikimedia.org/> "
    "for notice of API deprecations and breaking changes."
)
"""Where the makers of clients hear what changes in the API that this one follows."""
FORMATS = ("plaintext", "wikitext", "html", "raw", "none", "bc")


class ApiError(Exception):
    """The request cannot be served: ``code`` is for programs, the text for people."""

    def __init__(
        self,
        code: str,
        text: str,
        *,
        module: str | None = None,
        data: Json | None = None,
        message: Message | None = None,
    ) -> None:
        super().__init__(text)
        self.code = code
        self.module = module
        self.data = data or {}
        self.message = message
        """MediaWiki's own message for it, which the format ``raw`` names."""


@dataclass(slots=True)
class Warnings:
    """What a client should know although its request was served, by module."""

    texts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)

    def add(self, module: str, code: str, text: str) -> None:
        """A warning in words."""
        self.texts.setdefault(module, []).append((code, text))

    def add_message(self, module: str, message: Message) -> None:
        """A warning as a message of Wikibase."""
        self.messages.setdefault(module, []).append(message)


class ErrorFormat:
    """Writes errors and warnings for one request."""

    def __init__(self, name: str, *, version: int, address: str) -> None:
        self._name = name if name in FORMATS else "bc"
        self._version = version
        self._help = escape(f"See {address} for API usage. {MAILING_LIST}", quote=False)

    def error(self, error: ApiError | Refused) -> Json:
        """The part of the answer that tells of an error."""
        messages = error.messages if isinstance(error, Refused) else ()
        module = error.module if isinstance(error, ApiError) and error.module else "main"
        extra: Json = dict(error.data)
        if messages:
            extra["messages"] = [self.message(message) for message in messages]
        help_key = "docref" if self._version > 1 else "*"
        if self._name == "bc":
            return {"error": {"code": error.code, "info": str(error), **extra, help_key: self._help}}
        entry: Json = {"code": error.code, **self._text(error, messages)}
        if extra:
            entry["data"] = extra
        return {"errors": [entry | {"module": module}], help_key: self._help}

    def _text(self, error: Exception, messages: Iterable[Message]) -> Json:
        if self._name == "none":
            return {}
        if self._name == "raw":
            first = next(iter(messages), error.message if isinstance(error, ApiError) else None)
            return (
                {"key": first.name, "params": list(first.parameters)} if first else {"key": "rawmessage", "params": []}
            )
        text = escape(str(error)) if self._name == "html" else str(error)
        return {("html" if self._name == "html" else "text") if self._version > 1 else "*": text}

    def message(self, message: Message) -> Json:
        """A message for programs: name, parameters, and a rendering for people."""
        html = escape(" ".join([message.name, *map(str, message.parameters)]))
        return {
            "name": message.name,
            "parameters": list(message.parameters),
            "html": html if self._version > 1 else {"*": html},
        }

    def warnings(self, warnings: Warnings) -> Json:
        """The part of the answer that tells of warnings; empty when there are none."""
        if self._name != "bc":
            found = [
                {"code": code, **self._text(Exception(text), ()), "module": module}
                for module, texts in warnings.texts.items()
                for code, text in texts
            ]
            found += [
                {"code": message.name, **self._text(Exception(message.name), (message,)), "module": module}
                for module, messages in warnings.messages.items()
                for message in messages
            ]
            return {"warnings": found} if found else {}
        by_module: dict[str, Json] = {}
        for module, texts in warnings.texts.items():
            key = "warnings" if self._version > 1 else "*"
            by_module[module] = {key: "\n".join(text for _, text in texts)}
        for module, messages in warnings.messages.items():
            told = [self.message(message) | {"type": "warning"} for message in messages]
            by_module.setdefault(module, {})["messages"] = told
        return {"warnings": by_module} if by_module else {}
