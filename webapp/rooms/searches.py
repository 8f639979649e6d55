"""Searches that a member keeps, and the feed of each: who has come to match, for any reader of feeds.

The list needs a session of the member's own. A feed needs none: its address is a secret that its owner hands to their
reader and may take back; all that it tells is what everybody can search.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from flask import Blueprint, Response, make_response, render_template, request, url_for

from capx_graph.accounts import SavedSearch
from capx_graph.errors import InvalidInput, InvalidParameter, NotFound
from capx_graph.messages import told
from capx_graph.model import SearchRequest
from capx_graph.search.newmatches import NewMatch
from capx_graph.spelling import one_line
from webapp.members.contacting import unmarked
from webapp.members.signingin import asked_to_sign_in, check_form_of_member, own_member
from webapp.needs import accounts, services
from webapp.request.links import entity_url
from webapp.request.numbers import whole
from webapp.request.pace import paced
from webapp.request.reader import reader
from webapp.request.visitor import address, form_token
from webapp.response import tags
from webapp.response.atom import Entry, atom
from webapp.response.headers import led_to
from webapp.search.address import SearchAddress
from webapp.search.parameters import given, search_request
from webapp.search.sentences import plain

blueprint = Blueprint("searches", __name__)

ACTS = ("save", "remove", "renew", "stop")
MOST_SEARCHES, LONGEST_NAME, LONGEST_SEARCH, ENTRIES = 50, 100, 2_000, 50
ANSWERS_AN_HOUR = 60
"""Answers of one feed that are not "unchanged"; every five minutes from five devices is as many."""


_answers = paced(blueprint, "answers", most=ANSWERS_AN_HOUR, seconds=3600)


@blueprint.after_request
def _kept_by_nobody_else(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/me/searches")
def page() -> Response:
    """The list, the newest first."""
    if refused := asked_to_sign_in():
        return refused
    kept = accounts().searches.of(_own())
    addresses = {one.id: SearchAddress.of(_asked(one.query)) for one in kept}
    return make_response(render_template("me/searches.html", kept=kept, addresses=addresses, token=form_token()))


@blueprint.post("/me/searches")
def change() -> Response:
    """Keeps a search, forgets one, or gives its feed another address or none."""
    check_form_of_member()
    act, own = request.form.get("act", ""), _own()
    searches = accounts().searches
    if act == "save":
        _save(own)
    elif act in ACTS:
        does = {"remove": searches.remove, "renew": searches.renew, "stop": searches.stop}[act]
        does(own, whole(request.form, "search"))
    else:
        raise InvalidParameter("act", act[:40], told("mend-one-of", ", ".join(ACTS)))
    return led_to(url_for("searches.page"))


@blueprint.get("/feeds/<token>.atom")
def feed(token: str) -> Response:
    """Who has come to match a kept search; raises NotFound for an address that its owner took back."""
    found = accounts().searches.with_token(token)
    if found is None:
        if not _answers().admits(address()):
            return _too_often()
        raise NotFound(told("searches-no-feed"))
    tag = _tag(found)
    if same := tags.unchanged(tag):
        return _unlisted(same)
    if not _answers().admits(f"feed {found.id}"):
        return _too_often()
    asked = _asked(found.query)
    matches = services().new_matches.since(_request(asked), found.revision, limit=ENTRIES)
    site = services().settings.site_name
    answer = atom(
        f"{found.name} · {site}",
        SearchAddress.of(asked).url(),
        [_entry(match) for match in matches],
        author=site,
        began=found.made,
        id=f"{services().namespaces.site}/feeds/{found.id}",
    )
    return _unlisted(tags.marked(answer, tag))


def _entry(match: NewMatch) -> Entry:
    hit, tr = match.hit, reader().tr
    name = hit.ref.label if hit.name in (hit.ref.label, hit.ref.id) else f"{hit.ref.label} ({hit.name})"
    why = "; ".join(unmarked(plain(reason, hit.ref.kind, tr)) for reason in hit.reasons)
    page = entity_url(hit.ref) or url_for("search.page")
    return Entry(services().namespaces.entity_iri(hit.ref.id), name, match.at, page, why)


def _save(own: int) -> None:
    name = one_line("".join(letter if letter.isprintable() else " " for letter in request.form.get("name", "")))
    text = request.form.get("query", "")
    if not name or len(name) > LONGEST_NAME:
        raise InvalidParameter("name", name[:40], told("searches-name-length", LONGEST_NAME))
    if len(text) > LONGEST_SEARCH:
        raise InvalidParameter("query", text[:40], told("mend-long", LONGEST_SEARCH, f"{text[:40]}…"))
    asked = _asked(text)
    conditions = SearchAddress.of(asked).conditions
    if not conditions:
        raise InvalidParameter("query", text[:40], told("searches-empty"))
    services().search.query(_request(asked))  # raises InvalidParameter for what cannot be searched
    if len(accounts().searches.of(own)) >= MOST_SEARCHES:
        raise InvalidInput(told("refused-list-full", MOST_SEARCHES))
    accounts().searches.add(own, name, conditions, revision=services().new_matches.newest)


def _asked(text: str) -> Any:
    asked = dict(given(parse_qs(text[:LONGEST_SEARCH])))
    asked.pop("uselang", None)
    return asked


def _request(asked: Any) -> SearchRequest:
    return search_request(asked, reader().chain)


def _own() -> int:
    return own_member().id


def _tag(found: SavedSearch) -> str:
    """Everything that a feed depends on: its search, the graph, the program, the reader."""
    return tags.tag_of(found.token, found.name, found.query, str(services().store.version), reader().key)


def _unlisted(response: Response) -> Response:
    """The same answer, for no search engine: its address is a secret."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _too_often() -> Response:
    response = Response(f"more than {ANSWERS_AN_HOUR} times in an hour\n", status=429, mimetype="text/plain")
    response.headers["Retry-After"] = "600"
    return response
