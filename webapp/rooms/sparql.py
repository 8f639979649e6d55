"""The SPARQL endpoint at /sparql, its description and that of the data (VoID): for programs, from everywhere.

A result is a file of the engine's own bytes, sent on in pieces; its status is known before its first byte. Errors are
one line of text, or JSON for who asks for JSON. Answers carry the version of the graph, so an unchanged one is 304.
"""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import IO

from flask import Blueprint, Response, current_app, jsonify, redirect, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import BadRequest, HTTPException, NotAcceptable, RequestEntityTooLarge
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as AnyResponse

from capx_graph import languages
from capx_graph.endpoint.answering import Answer, Question
from capx_graph.endpoint.preparing import Reading
from capx_graph.errors import (
    AllowanceSpent,
    CapxError,
    Forbidden,
    InvalidInput,
    InvalidQuery,
    QueryFailed,
    QueryTooLarge,
    QueryTooLong,
    ServiceFailed,
    Unavailable,
    WorkersBusy,
)
from capx_graph.messages import line_of, load_messages
from capx_graph.resources import messages_dir
from capx_graph.terms import RdfFormat
from webapp.errors import refusal
from webapp.needs import services
from webapp.request.visitor import address
from webapp.response import tags
from webapp.response.headers import for_everybody
from webapp.sparql.protocol import GRAPHS, LARGEST_BODY, Asked, asked, chosen_type, engine_type, with_charset

blueprint = Blueprint("sparql", __name__)

STATUSES: tuple[tuple[type[CapxError], int], ...] = (
    (QueryFailed, 400),
    (InvalidInput, 400),
    (Forbidden, 403),
    (QueryTooLarge, 413),
    (AllowanceSpent, 429),
    (ServiceFailed, 502),
    (Unavailable, 503),
    (QueryTooLong, 504),
)
_CHUNK = 1 << 16
_WORTH_COMPRESSING = 1024
_DAY = "86400"
_RDF = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


@blueprint.route("/sparql", methods=["GET", "POST"], endpoint="query", provide_automatic_options=False)
@blueprint.route("/sparql/", methods=["GET", "POST"], endpoint="query_slash", provide_automatic_options=False)
def query() -> AnyResponse:
    """Answers a query; without one, describes the endpoint."""
    request.max_content_length = LARGEST_BODY
    wanted = asked(request)
    if wanted.query is None:
        if request.method == "POST":
            raise BadRequest("there is no query: send it as the parameter 'query'")
        if request.accept_mimetypes.best_match([*_RDF, "text/html"], default="text/turtle") == "text/html":
            answer = redirect("/query", 303)
            answer.vary.add("Accept")
            return answer
        return _described(services().description.service, wanted.form)
    return _answered(wanted, wanted.query)


@blueprint.route("/sparql", methods=["OPTIONS"])
@blueprint.route("/sparql/", methods=["OPTIONS"])
@blueprint.route("/.well-known/void", methods=["OPTIONS"])
def options() -> Response:
    """Tells browsers of other sites that they may ask."""
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    wished = request.headers.get("Access-Control-Request-Headers", "Accept, Content-Type")
    response.headers["Access-Control-Allow-Headers"] = wished
    response.headers["Access-Control-Max-Age"] = _DAY
    response.vary.add("Access-Control-Request-Headers")
    return response


@blueprint.get("/.well-known/void", provide_automatic_options=False)
def void() -> Response:
    """Describes the data."""
    return _described(services().description.void, asked(request).form)


def _described(describe: object, form: str) -> Response:
    media_type = chosen_type(request.headers.get("Accept"), form, table=False)
    if media_type is None:
        raise NotAcceptable(f"the description comes as {', '.join(_RDF)}")
    assert callable(describe)
    body: bytes = describe(_RDF[engine_type(media_type, table=False)])
    response = Response(body, content_type=with_charset(media_type))
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept")
    return response.make_conditional(request)  # type: ignore[return-value]


def _answered(wanted: Asked, text: str) -> Response:
    asked_at = time.monotonic()
    endpoint = services().endpoint
    reading = endpoint.read(text)
    table = reading.form in {"SELECT", "ASK"}
    media_type = chosen_type(request.headers.get("Accept"), wanted.form, table=table)
    if media_type is None:
        raise NotAcceptable(f"{reading.form} answers as {', '.join(_offered(table=table))}")
    chain = _chain(wanted.uselang, request.headers.get("Accept-Language", ""), services().settings.languages)
    key = "\n".join((text, media_type, *wanted.default_graphs, "", *wanted.named_graphs, *chain))
    if reading.lasting and tags.has(tags.tag_of(endpoint.edition, key)):
        return _marked(Response(status=304), reading, key, endpoint.edition)
    engine = engine_type(media_type, table=table)
    question = Question(
        text=text,
        result_type=engine if table else "application/sparql-results+json",
        graph_type="text/turtle" if table else engine,
        languages=chain,
        default_graphs=wanted.default_graphs,
        named_graphs=wanted.named_graphs,
        client=address(),
        asked_at=asked_at,
    )
    answer = endpoint.answer(question)
    response = _streamed(answer)
    response.content_type = with_charset(media_type)
    for note in answer.notes:
        response.headers.add("X-CapX-Note", note)
    return _marked(response, reading, key, answer.edition)


def _offered(*, table: bool) -> list[str]:
    return ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"] if table else [*GRAPHS][:4]


def _marked(response: Response, reading: Reading, key: str, edition: str) -> Response:
    """The version in the ETag; caches may keep an answer and ask whether it still holds."""
    response.vary.update(("Accept", "Accept-Encoding"))
    if reading.follows_reader:
        response.vary.add("Accept-Language")
    if reading.lasting:
        response.set_etag(tags.tag_of(edition, key), weak=True)
        response.headers["Cache-Control"] = "public, no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=256)
def _chain(uselang: str, accepted: str, site: tuple[str, ...]) -> tuple[str, ...]:
    """The reader's languages for labels: ``uselang``, else the browser's, each with its relatives, else the site's.

    English is not added: a query that wants it says so.
    """
    tags = parse_accept_header(accepted, LanguageAccept).values()
    wished = [uselang] if uselang else [languages.from_bcp47(tag) for tag in tags if tag != "*"]
    wished = [code for code in wished if languages.is_known(code)][:5] or [*site]
    chain = languages.reader_chain(wished)
    return chain if languages.LAST_RESORT in wished else chain[:-1]


def _streamed(answer: Answer) -> Response:
    size = answer.size
    stream = answer.outcome.open()
    if size < _WORTH_COMPRESSING or not request.accept_encodings.quality("gzip"):
        if size <= _CHUNK:
            with stream:
                return Response(stream.read())
        response = Response(_pieces(stream))
        response.content_length = size
    else:
        response = Response(_compressed(_pieces(stream)))
        response.headers["Content-Encoding"] = "gzip"
    response.call_on_close(stream.close)  # a client may leave before the end
    return response


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _compressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packing = zlib.compressobj(5, zlib.DEFLATED, 31)  # 31: a gzip header
    for chunk in pieces:
        if packed := packing.compress(chunk):
            yield packed
    yield packing.flush()


@blueprint.errorhandler(CapxError)
def _refused(error: CapxError) -> Response:
    status = next((code for kind, code in STATUSES if isinstance(error, kind)), 500)
    if status == 500:
        current_app.logger.error("the endpoint failed: %s", error)
    response = _error(status, str(error) if status < 500 or status > 500 else "the endpoint failed", error)
    if isinstance(error, AllowanceSpent | WorkersBusy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@blueprint.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    text = error.description or error.name
    if isinstance(error, RequestEntityTooLarge):
        text = f"the request is larger than the limit of {LARGEST_BODY} bytes"
    return _error(error.code or 500, text, error)


def _error(status: int, text: str, error: Exception) -> Response:
    best = request.accept_mimetypes.best_match(["text/plain", "application/json", "application/sparql-results+json"])
    if best is not None and best not in {"text/plain", "*/*"}:
        accepted, site = request.headers.get("Accept-Language", ""), services().settings.languages
        tr = load_messages(messages_dir()).translator(_chain(request.args.get("uselang", ""), accepted, site)[0])
        body = refusal(status, error if isinstance(error, CapxError) else None, tr=tr) | {"message": text}
        if isinstance(error, CapxError):  # what the engine has to say is for who asks in its language
            body |= {"said": line_of(error).within(tr)}
        if isinstance(error, InvalidQuery):
            body |= {"line": error.line, "column": error.column}
        response = jsonify(error=body)
    else:
        response = Response(text + "\n", content_type="text/plain; charset=utf-8")
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.after_request
def _for_everybody(response: Response) -> Response:
    for_everybody(response)
    response.headers["Access-Control-Expose-Headers"] = "Content-Encoding, ETag, Retry-After, X-CapX-Note"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
