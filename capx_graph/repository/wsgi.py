"""The embedded Wikibase over HTTP: ``/w/api.php``, ``/entity/ID``, ``/wiki/Special:EntityData/…``.

Rooms above mount the ``WikiApp``; it is a WSGI app without a framework. In this process a caller names the account
that acts in the WSGI environ (``capx.account``), which HTTP cannot set: a server puts headers under ``HTTP_``
only. Whatever a client sends gets an answer of the API, never a status of the 500s.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Request, Response

from capx_graph.model import Account
from capx_graph.pace import customer
from capx_graph.repository.api.call import Wiki
from capx_graph.repository.api.errors import ApiError
from capx_graph.repository.api.main import Api, ApiAnswer, ApiRequest
from capx_graph.repository.api.modules import MODULES
from capx_graph.repository.entitydata import EntityData, EntityDataRequest, HttpAnswer
from capx_graph.repository.identity import IN_PROCESS, AccountStore, Identity, Tokens, member, visitor
from capx_graph.repository.ids import entity_of_title, parse_id, title_of
from capx_graph.repository.oauth import Nonces, SignedRequest, client_credentials, signed_session
from capx_graph.repository.ratelimit import RateLimit
from capx_graph.repository.rdf.entity import EntityRdf
from capx_graph.repository.rest.http import READS, RestRequest
from capx_graph.repository.rest.routes import PATH as REST
from capx_graph.repository.rest.routes import RestApi
from capx_graph.repository.store import Repository
from capx_graph.repository.terms import TermLookup

ACCOUNT = "capx.account"
OWNER = "capx.owner"
COOKIE = "capxwiki_session"
_TOKEN_PATH = "/w/rest.php/oauth2/access_token"  # noqa: S105 - an address
_DATA = "/wiki/Special:EntityData"
_HTML = "text/html; charset=UTF-8"
_LARGEST_BODY = 32 * 1024 * 1024
_GUARDS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "private, no-cache, s-maxage=0"),
)
"""Nothing here is a page that does something, whatever texts are in it; and nothing is true for longer than it is so: a
``Last-Modified`` alone lets caches keep an answer for a while, an entity that was erased since among them."""
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
"""Of answers with tokens (RFC 6749, section 5.1)."""
_LOG = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class _BadAuthorization(Exception):
    """Proof of identity that proves nothing."""


class WikiApp:
    """The WSGI app of one repository."""

    def __init__(self, repository: Repository, accounts: AccountStore) -> None:
        self._repository = repository
        self._accounts = accounts
        self._tokens = Tokens(accounts.secret)
        self._nonces = Nonces()
        rate = RateLimit(repository.settings.edits_per_minute)
        wiki = Wiki(repository, accounts, self._tokens, TermLookup(repository), rate)
        self._api = Api(wiki, MODULES, _LOG.error)
        self._rest = RestApi(repository)
        self._data = EntityData(repository.namespaces, repository, EntityRdf(repository.namespaces, repository))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        response = self._respond(request)
        for name, value in _GUARDS:
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        path = request.path
        if path == "/w/api.php":
            return self._api_response(request)
        if path == _TOKEN_PATH:
            return self._token_response(request)
        if path == REST or path.startswith(f"{REST}/"):
            return self._rest_response(request)
        if path.startswith("/entity/"):
            return _plain(self._data.concept(path.removeprefix("/entity/"), request.args))
        if path == _DATA or path.startswith(f"{_DATA}/"):
            asked = EntityDataRequest(
                path.removeprefix(_DATA).removeprefix("/"),
                request.args,
                request.headers.get("Accept"),
                request.headers.get("If-Modified-Since"),
            )
            return _plain(self._data.answer(asked))
        return self._page_response(path, request.args)

    def _page_response(self, path: str, query: Mapping[str, str]) -> Response:
        """The plainest of pages for people; the web application has better ones in its place."""
        name = path.removeprefix("/wiki/")
        special, _, rest = name.partition("/")
        if special == "Special:EntityPage":
            entity_id = parse_id(rest or query.get("id", ""))
            if entity_id is not None:
                address = f"{self._repository.base}/wiki/{title_of(entity_id)}"
                return Response("", 301, {"Location": address}, content_type=_HTML)
        entity_id = entity_of_title(name) if path.startswith("/wiki/") else None
        if entity_id is None or not self._repository.exists(entity_id):
            return Response("There is no such page.\n", 404, content_type=_HTML)
        data = f"{_DATA}/{entity_id}"
        links = " ".join(f'<a href="{data}.{suffix}">{suffix}</a>' for suffix in ("json", "ttl", "nt", "rdf"))
        head = f"<!DOCTYPE html><html><head><title>{entity_id}</title></head>"
        return Response(f"{head}<body><h1>{entity_id}</h1>{links}</body></html>", content_type=_HTML)

    # -- the REST API

    def _rest_response(self, request: Request) -> Response:
        """A cookie alone stands for nobody when something is written: another site could have sent it."""
        try:
            identity = self._proven_identity(request, {})
        except _BadAuthorization as error:
            return _json({"error": "rest-permission-denied", "message": str(error), "httpCode": 401}, 401)
        if identity is None:
            identity = self._cookie_identity(_cookie(request))
            shown = request.headers.get("X-CSRF-Token", "")
            if request.method not in READS and not self._tokens.matches(shown, "csrf", identity):
                identity = visitor("")
        asked = RestRequest(
            method=request.method,
            path=request.path.removeprefix(REST),
            identity=identity,
            query=_last_of_each(request.args.items(multi=True)),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=_body(request),
        )
        return _plain(self._rest.answer(asked))

    def _token_response(self, request: Request) -> Response:
        """A token of OAuth 2 for a client that shows its key and secret."""
        form = _form(request)
        if request.method != "POST" or form.get("grant_type") != "client_credentials":
            return _json({"error": "unsupported_grant_type", "error_description": "Use client_credentials."}, 400)
        key, secret = client_credentials(request.headers.get("Authorization", ""), form)
        issued = self._accounts.consumers.issue_token(key, secret)
        if issued is None:
            return _json({"error": "invalid_client", "error_description": "Client authentication failed"}, 401)
        token, seconds = issued
        response = _json({"token_type": "Bearer", "expires_in": seconds, "access_token": token}, 200)
        response.headers.update(_NOT_KEPT)
        return response

    # -- the API

    def _api_response(self, request: Request) -> Response:
        query = _last_of_each(request.args.items(multi=True))
        body = _form(request)
        key = _cookie(request)
        made = "" if key else secrets.token_hex(16)
        allowed = _cross_origin(query.get("origin"), request)
        refusal = None
        try:
            identity = self._proven_identity(request, body)
        except _BadAuthorization as error:
            identity, refusal = visitor(""), ApiError("mwoauth-invalid-authorization", str(error))
        if identity is None:
            identity = self._cookie_identity(key or made) if allowed is None else visitor(key or made)
        client = customer(request.remote_addr or "")
        asked = ApiRequest({**query, **body}, frozenset(body), request.method or "GET", identity, client=client)
        answer = self._api.refuse(asked, refusal) if refusal else self._api.serve(asked)
        response = Response(answer.body, content_type="application/json; charset=utf-8")
        response.headers.update(dict(answer.headers))
        response.headers["Cache-Control"] = "private, must-revalidate, max-age=0"
        if allowed is not None:
            response.headers["Access-Control-Allow-Origin"] = allowed
        elif ACCOUNT not in request.environ:
            self._set_cookie(response, answer, key, made, path=request.root_path or "/")
        return response

    def _proven_identity(self, request: Request, form: Mapping[str, str]) -> Identity | None:
        """Who asks, when the request itself proves it: from this process, or by OAuth; raises _BadAuthorization."""
        name = request.environ.get(ACCOUNT)
        if name is not None:
            account = self._accounts.account(name) or Account(name, 0)
            return member(account, IN_PROCESS, owner=request.environ.get(OWNER))
        header = request.headers.get("Authorization", "")
        scheme = header.partition(" ")[0].lower()
        if scheme == "bearer":
            session = self._accounts.consumers.bearer(header[7:].strip())
        elif scheme == "oauth":
            params = [*request.args.items(multi=True), *form.items()]
            signed = SignedRequest(request.method, request.base_url, params)
            session = signed_session(header, signed, self._accounts.consumers, self._nonces)
        else:
            return None
        if session is None:
            raise _BadAuthorization("The authorization headers in your request are not valid.")
        return member(session.account, "oauth", limited_to=session.rights)

    def _cookie_identity(self, key: str) -> Identity:
        session = self._accounts.session(key) if key else None
        return member(session.account, key, limited_to=session.rights) if session else visitor(key)

    def _set_cookie(self, response: Response, answer: ApiAnswer, key: str, made: str, *, path: str) -> None:
        reply = answer.reply
        if reply.ended and key:
            self._accounts.close_session(key)
            response.delete_cookie(COOKIE, path=path)
        elif reply.session or (made and reply.needs_session):
            secure = self._repository.base.startswith("https:")
            response.set_cookie(COOKIE, reply.session or made, path=path, httponly=True, samesite="Lax", secure=secure)


def _cookie(request: Request) -> str:
    """The session key that the client shows; the cookie alone, so that no parameter can stand for it.

    Read as the pages read it: a cookie of another application at this host, whatever is in it, hides ours from neither.
    """
    key = request.cookies.get(COOKIE, "")
    return key if len(key) <= 128 and key.isalnum() else ""


def _form(request: Request) -> dict[str, str]:
    """The parameters of the body; a body that is none, too large or broken has none."""
    if request.method != "POST" or (request.content_length or 0) > _LARGEST_BODY:
        return {}
    media_type = parse_options_header(request.headers.get("Content-Type", ""))[0]
    if media_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {}
    try:
        _, form, _ = parse_form_data(
            request.environ, silent=True, max_form_memory_size=_LARGEST_BODY, max_content_length=_LARGEST_BODY
        )
    except (HTTPException, ValueError, OSError):
        return {}
    return _last_of_each(form.items(multi=True))


def _body(request: Request) -> bytes:
    """The body as it came; nothing of one that is too large."""
    if (request.content_length or 0) > _LARGEST_BODY:
        return b""
    try:
        return request.get_data(cache=False)
    except (HTTPException, OSError):
        return b""


def _last_of_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(pairs)


def _cross_origin(origin: str | None, request: Request) -> str | None:
    """What to allow a page of another site: reading as a visitor, when it asks for ``origin=*``."""
    if origin == "*" and ACCOUNT not in request.environ:
        return "*"
    return None


def _json(content: Mapping[str, object], status: int) -> Response:
    return Response(json.dumps(content), status, content_type="application/json")


def _plain(answer: HttpAnswer) -> Response:
    response = Response(answer.body, answer.status)
    del response.headers["Content-Type"]
    for name, value in answer.headers:
        response.headers[name] = value
    return response
