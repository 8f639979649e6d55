"""Answers kept under their ETags: what a client would be told is unchanged need not be drawn again for the next one.

For rooms whose answers to strangers depend on nothing but what their tag is made of; they call ``keep_answers``. A
page says who is signed in, so the answers of members are neither kept nor marked; it writes whole addresses, so that
the host asked is in the tag. Bounded by size; the oldest go first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from flask import Blueprint, Response, current_app, g, request
from flask.sansio.blueprints import BlueprintSetupState

from webapp.needs import services
from webapp.request.absolute import origin
from webapp.request.visitor import identity
from webapp.response import tags
from webapp.response.headers import for_everybody, page_tag

_MOST = 32 << 20
"""Bytes of all answers kept."""
_LARGEST = 4 << 20


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class KeptAnswers:
    """For all threads."""

    _answers: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, tag: str) -> Response | None:
        """The answer of this tag, new for this request."""
        with self._lock:
            kept = self._answers.get(tag)
            if kept is None:
                return None
            self._answers.move_to_end(tag)
        return Response(kept.body, headers=list(kept.headers))

    def keep(self, tag: str, response: Response) -> None:
        """Keep an answer, before anything is done to it for one client alone."""
        body = response.get_data()
        if len(body) > _LARGEST:
            return
        with self._lock:
            if tag not in self._answers:
                self._answers[tag] = _Kept(body, tuple(response.headers))
                self._bytes += len(body)
            while self._bytes > _MOST:
                _, gone = self._answers.popitem(last=False)
                self._bytes -= len(gone.body)


def keep_answers(blueprint: Blueprint, stamp: Callable[[], str]) -> None:
    """Keep the answers of a room; ``stamp`` says what they depend on besides the graph, the address and the reader.

    The tag is settled before an answer is made: one made while the graph changes is kept under what it began with.
    """
    place = f"capx_kept_{blueprint.name}"

    @blueprint.record
    def prepare(state: BlueprintSetupState) -> None:
        state.app.extensions[place] = KeptAnswers()

    def answers() -> KeptAnswers:
        kept: KeptAnswers = current_app.extensions[place]
        return kept

    def tag() -> str:
        found: str | None = g.get("kept_tag")
        if found is None:
            found = g.kept_tag = tags.tag_of(
                page_tag(), origin(services().namespaces.site), request.script_root, stamp()
            )
        return found

    @blueprint.before_request
    def known() -> Response | None:
        """304 when the client has this answer already, the kept one when another stranger was given it."""
        if identity().account is not None or not tags.is_reading():
            return None
        return tags.unchanged(tag()) or answers().get(tag())

    @blueprint.after_request
    def marked(response: Response) -> Response:
        if identity().account is not None or response.status_code not in (200, 304):
            return response
        if response.status_code == 200 and request.method == "GET":
            answers().keep(tag(), response)
        return for_everybody(tags.marked(response, tag()))
