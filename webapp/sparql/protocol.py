"""The SPARQL 1.1 Protocol as requests and media types: what a client asks for, and in which form it takes the answer.

Used by the room of the endpoint. Parameters are read strictly as UTF-8; unknown ones are ignored, as clients send many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from werkzeug import Request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from capx_graph.errors import UpdateRefused
from capx_graph.repository.acceptance import best_match

LARGEST_BODY = 2 << 20
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"

_JSON = "application/sparql-results+json"
_XML = "application/sparql-results+xml"
TABLES: Mapping[str, str] = {
    _JSON: _JSON,
    "application/json": _JSON,
    _XML: _XML,
    "application/xml": _XML,
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
    "text/xml": _XML,
}
"""The media types of tables that may be asked for, to the engine's name of the form."""

GRAPHS: Mapping[str, str] = {
    "text/turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "application/rdf+xml": "application/rdf+xml",
    "application/ld+json": "application/ld+json",
    "application/x-turtle": "text/turtle",
    "text/n3": "text/turtle",
    "text/plain": "application/n-triples",
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
}
_NAMES: Mapping[str, tuple[str, str]] = {
    "json": (_JSON, "application/ld+json"),
    "xml": (_XML, "application/rdf+xml"),
    "csv": ("text/csv", ""),
    "tsv": ("text/tab-separated-values", ""),
    "ttl": ("", "text/turtle"),
    "turtle": ("", "text/turtle"),
    "n3": ("", "text/turtle"),
    "nt": ("", "application/n-triples"),
    "ntriples": ("", "application/n-triples"),
    "n-triples": ("", "application/n-triples"),
    "rdf": ("", "application/rdf+xml"),
    "rdfxml": ("", "application/rdf+xml"),
    "rdf+xml": ("", "application/rdf+xml"),
    "jsonld": ("", "application/ld+json"),
    "json-ld": ("", "application/ld+json"),
}
"""``format=`` and ``output=``: to a table's and a graph's media type; empty where the form does not fit."""

_TEXT_TYPES = ("text/csv", "text/tab-separated-values", "text/turtle", "text/n3", "text/plain", "text/xml")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request that mean something; ``query`` is None where none was sent."""

    query: str | None
    form: str
    uselang: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def asked(request: Request) -> Asked:
    """What a request asks; raises BadRequest, UnsupportedMediaType, UpdateRefused."""
    pairs = _pairs(request.query_string)
    direct: str | None = None
    if request.method == "POST" and not _is_in_address(request, pairs):
        media_type = request.mimetype
        if media_type == UPDATE:
            raise UpdateRefused("this endpoint answers queries only; edit through the pages or the Action API")
        if media_type not in {FORM, DIRECT}:
            raise UnsupportedMediaType(f"a query is sent as {FORM} or {DIRECT}, not as {media_type or 'nothing'!r}")
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise UnsupportedMediaType("a query is sent without Content-Encoding")
        if request.mimetype_params.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType("a query is sent in UTF-8")
        if media_type == FORM:
            pairs += _pairs(request.get_data(cache=False))
        else:
            direct = _decoded(request.get_data(cache=False))
    return _asked(pairs, direct)


def _is_in_address(request: Request, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether a POST has everything in its address and no body, as wikibaseintegrator asks; its type says nothing."""
    return not request.content_length and any(name in ("query", "update") for name, _ in pairs)


def _asked(pairs: Sequence[tuple[str, str]], direct: str | None) -> Asked:
    if any(name == "update" for name, _ in pairs):
        raise UpdateRefused("this endpoint answers queries only; edit through the pages or the Action API")
    texts = [value for name, value in pairs if name == "query"]
    if direct is not None:
        texts.append(direct)
    if len(texts) > 1:
        raise BadRequest("there is more than one query")
    forms = [value for name, value in pairs if name in {"format", "output"} and value]
    return Asked(
        query=texts[0].removeprefix("\ufeff") if texts else None,  # editors begin files with the mark of byte order
        form=forms[0].lower() if forms else "",
        uselang=next((value for name, value in pairs if name == "uselang"), "").lower(),
        default_graphs=tuple(value for name, value in pairs if name == "default-graph-uri" and value),
        named_graphs=tuple(value for name, value in pairs if name == "named-graph-uri" and value),
    )


@lru_cache(maxsize=256)
def chosen_type(accept: str | None, form: str, *, table: bool) -> str | None:
    """The media type to answer with: that of ``format=`` where it fits, else the best of ``Accept``; None for none."""
    offered = TABLES if table else GRAPHS
    named = _NAMES.get(form, ("", ""))[0 if table else 1] or (form if form in offered else "")
    return named or best_match(accept, list(offered))


def engine_type(media_type: str, *, table: bool) -> str:
    """The engine's own name for the form of a media type."""
    return (TABLES if table else GRAPHS)[media_type]


def with_charset(media_type: str) -> str:
    """The Content-Type: texts say that they are UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type in _TEXT_TYPES else media_type


def _pairs(data: bytes) -> list[tuple[str, str]]:
    """The parameters of a form; UTF-8 that is not escaped is taken as it stands, as ``curl -d`` sends it."""
    try:
        return parse_qsl(data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise BadRequest("a parameter is not UTF-8") from error
    except ValueError as error:
        raise BadRequest("there are too many parameters") from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("the query is not UTF-8") from error
