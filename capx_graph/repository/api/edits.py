"""What all writing modules share: the parameters of an edit, its author, its outcome.

Rooms of the API import it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from capx_graph.repository.api.call import Call, Json, missing_groups, permission_denied
from capx_graph.repository.api.parameters import TAGS, Param, flag
from capx_graph.repository.editing.edit import Edit, Loaded, Saved
from capx_graph.repository.history.summaries import CONTENT_LANGUAGE
from capx_graph.repository.ids import parse_id
from capx_graph.repository.refusals import Message, Refused, fault
from capx_graph.repository.storage.transaction import Author

EDIT_PARAMS = (
    Param("summary"),
    TAGS,
    Param("baserevid", "integer"),
    flag("bot"),
)
"""Parameters of every module that edits; the token is read by the door."""


@contextmanager
def editing(call: Call) -> Iterator[Edit]:
    """One edit, one transaction; raises Refused for somebody who edits too fast."""
    wait = 0 if call.identity.may("noratelimit") else call.wiki.rate.wait(call.identity.name)
    if wait:
        call.reply.headers["Retry-After"] = str(wait)
        messages = (Message("wikibase-api-failed-save"), Message("actionthrottledtext"))
        raise Refused("too many edits in a minute", code="failed-save", messages=messages, codes=("ratelimited",))
    with call.repository.transaction() as transaction:
        yield Edit(transaction)


def author(call: Call, summary: str) -> Author:
    """Who makes this edit, with the summary of it."""
    bot = call.values.on("bot") and call.identity.may("bot")
    return Author(call.identity.name, summary, bot=bot)


def said(call: Call) -> str:
    """What the author says of the edit."""
    return call.values.text("summary")


def unit_names(call: Call) -> Callable[[str], str | None]:
    """Names of units for summaries, which are in the language of the content."""

    def name(entity_id: str) -> str | None:
        label = call.wiki.terms.label(entity_id, CONTENT_LANGUAGE)
        return label.text if label else None

    return name


def base_revision(call: Call) -> int:
    """The revision that the edit builds on, 0 for the newest."""
    return max(call.values.number("baserevid") or 0, 0)


def check_may_edit(call: Call) -> None:
    """Refuses those who may not edit, as modules do that look before they work."""
    if not call.identity.may("edit"):
        raise permission_denied(missing_groups(call.repository.settings.site_name))


def save(call: Call, edit: Edit, loaded: Loaded, entity: Json, summary: Callable[[], str] | str) -> Saved:
    """Saves an edit of a module that looks for permission last; raises Refused."""
    if not call.identity.may("edit"):
        messages = (
            Message("wikibase-api-failed-save"),
            missing_groups(call.repository.settings.site_name),
            Message("permissionserrors"),
        )
        raise Refused(
            "you may not edit", code="failed-save", messages=messages, codes=("permissiondenied", "permissionserrors")
        )
    text = summary if isinstance(summary, str) else summary()
    saved = edit.save(loaded, entity, author(call, text), owner=call.identity.new_pages_owner)
    if saved.warning:
        call.warnings.add_message(call.module, Message(saved.warning))
    return saved


def entity_id_of(text: str) -> str:
    """The id that a client names; raises Refused."""
    entity_id = parse_id(text)
    if entity_id is None:
        raise fault(f"{text!r} is not an entity id", "invalid-entity-id")
    return entity_id
