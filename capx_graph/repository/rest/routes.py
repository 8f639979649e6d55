"""The Wikibase REST API below ``/w/rest.php``, without a web framework: routes and answers.

The WSGI app hands over a ``RestRequest`` and sends the ``HttpAnswer``. Every route of version 1 is in ``_route``;
what is wrong with a request becomes JSON here, whatever room found it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from capx_graph.repository.entitydata import HttpAnswer
from capx_graph.repository.ids import ITEM
from capx_graph.repository.rest.contentreader import ContentReader
from capx_graph.repository.rest.edits import Body, NotJson, RestEditor, parse_body
from capx_graph.repository.rest.entities import RestEntities
from capx_graph.repository.rest.errors import Problem, RestError, invalid_path
from capx_graph.repository.rest.http import (
    READS,
    BareStatus,
    RestRequest,
    RestResult,
    answer_of,
    answer_of_error,
    answer_of_status,
    framework_error,
)
from capx_graph.repository.rest.openapi import description
from capx_graph.repository.rest.reads import COLLECTIONS, RestReads
from capx_graph.repository.rest.statements import RestStatements
from capx_graph.repository.rest.terms import RestTerms
from capx_graph.repository.store import Repository

PATH = "/w/rest.php"
_JSON_TYPES = ("application/json", "application/json-patch+json")
Handler = Callable[[RestRequest], RestResult]
Methods = dict[str, Handler]


class RestApi:
    """Answers for one repository."""

    def __init__(self, repository: Repository) -> None:
        prefix = f"{repository.base}{PATH}/wikibase/v1"
        editor = RestEditor(repository)
        reader = ContentReader(
            repository.datatype, repository.exists, repository.validators, repository.settings.is_term_language
        )
        self._prefix = prefix
        self._title = repository.settings.site_name
        self._reads = RestReads(repository, prefix)
        self._terms = RestTerms(repository, editor, reader)
        self._statements = RestStatements(repository, editor, reader)
        self._entities = RestEntities(repository, editor, reader)

    def answer(self, request: RestRequest) -> HttpAnswer:
        """The answer to any request below ``/w/rest.php``."""
        segments = request.path.strip("/").split("/")
        methods = self._route(segments)
        if methods is None:
            text = f"The requested relative path ({request.path}) did not match any known handler"
            return framework_error(404, "rest-no-match", text)
        handler = methods.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            allowed = ", ".join(methods)
            return framework_error(405, "rest-wrong-method", f"The allowed methods are {allowed}", ("Allow", allowed))
        if not request.headers.get("user-agent", "").strip():
            error = RestError(400, "missing-user-agent", "Request must include User-Agent header")
            return answer_of_error(error, request.identity)
        return self._handled(request, handler)

    def _handled(self, request: RestRequest, handler: Handler) -> HttpAnswer:
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method not in READS and request.body and content_type not in _JSON_TYPES:
            text = f'The "Content-Type" header must be application/json, not "{content_type}"'
            return framework_error(415, "rest-unsupported-content-type", text)
        try:
            return answer_of(handler(request), request.identity)
        except BareStatus as status:
            return answer_of_status(status)
        except RestError as error:
            return answer_of_error(error, request.identity)
        except Problem as problem:
            return answer_of_error(problem.in_request(), request.identity)
        except (NotJson, RecursionError) as error:
            # Nesting so deep that it cannot be walked is no JSON that anybody means.
            return framework_error(400, "rest-json-body-parse-error", f"The body is no JSON object: {error}")

    def _route(self, segments: list[str]) -> Methods | None:
        """The handlers of a path by method, None for an unknown path."""
        match segments:
            case ["wikibase", "v1", "entities", collection, *rest] if collection in COLLECTIONS:
                return self._entity_route(COLLECTIONS[collection], rest)
            case ["wikibase", "v1", "statements", guid]:
                return self._statement_route(None, guid)
            case ["wikibase", "v1", "property-data-types"]:
                return {"GET": lambda _: self._reads.data_types()}
            case ["wikibase", "v1", "openapi.json"]:
                return {"GET": lambda _: RestResult(description(self._prefix, self._title))}
            case ["wikibase", "v0" | "v1", "search" | "suggest", collection] if collection in COLLECTIONS:
                return {"GET": lambda request: self._reads.search(request, collection)}
        return None

    def _entity_route(self, kind: str, rest: list[str]) -> Methods | None:
        collection = "items" if kind == ITEM else "properties"
        address = f"{self._prefix}/entities/{collection}"
        match rest:
            case []:
                return {"POST": _writing(lambda r, b: self._entities.create(r, b, kind, address))}
            case [text]:
                return {
                    "GET": lambda request: self._reads.entity(request, kind, text),
                    "PATCH": _writing(lambda r, b: self._entities.patch(r, b, kind, text)),
                }
            case [text, ("labels" | "descriptions" | "aliases") as part, *language] if len(language) <= 1:
                return self._term_route(kind, text, part, *language)
            case [
                text,
                ("labels_with_language_fallback" | "descriptions_with_language_fallback") as name,
                language,
            ]:
                terms = name.partition("_")[0]
                return {"GET": lambda request: self._reads.term_with_fallback(request, kind, text, terms, language)}
            case [text, "statements"]:
                return {
                    "GET": lambda request: self._reads.part(request, kind, text, "statements"),
                    "POST": _writing(
                        lambda r, b: self._statements.add(r, b, kind, text, f"{address}/{text}/statements")
                    ),
                }
            case [text, "statements", guid]:
                return self._statement_route((kind, text), guid)
            case [text, "sitelinks"] if kind == ITEM:
                return {"GET": lambda request: self._reads.part(request, kind, text, "sitelinks")}
            case [_, "sitelinks", _] if kind == ITEM:
                return dict.fromkeys(("GET", "PUT", "DELETE"), _no_such_site)
        return None

    def _term_route(self, kind: str, text: str, part: str, language: str | None = None) -> Methods:
        if language is None:
            return {
                "GET": lambda request: self._reads.part(request, kind, text, part),
                "PATCH": _writing(lambda r, b: self._terms.patch(r, b, kind, text, part)),
            }
        methods: Methods = {"GET": lambda request: self._reads.term(request, kind, text, part, language)}
        if part == "aliases":
            methods["POST"] = _writing(lambda r, b: self._terms.add_aliases(r, b, kind, text, language))
        else:
            methods["PUT"] = _writing(lambda r, b: self._terms.put(r, b, kind, text, part, language))
            methods["DELETE"] = _writing(lambda r, b: self._terms.delete(r, b, kind, text, part, language))
        return methods

    def _statement_route(self, subject: tuple[str, str] | None, guid: str) -> Methods:
        return {
            "GET": lambda request: self._reads.statement(request, subject, guid),
            "PUT": _writing(lambda r, b: self._statements.put(r, b, subject, guid)),
            "PATCH": _writing(lambda r, b: self._statements.patch(r, b, subject, guid)),
            "DELETE": _writing(lambda r, b: self._statements.delete(r, b, subject, guid)),
        }


def _writing(handle: Callable[[RestRequest, Body], RestResult]) -> Handler:
    """A handler that is given the body of the request, read."""
    return lambda request: handle(request, parse_body(request))


def _no_such_site(_: RestRequest) -> Any:
    raise invalid_path("site_id")
