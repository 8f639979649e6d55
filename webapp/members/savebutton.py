"""The button by which a member saves a person or an organization for themselves, wherever a page names one.

Templates and the room of the list import it. Visitors and programs with a bot password get no button, and nobody is
offered to save themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, g

from capx_graph.model import EntityKind, Ref
from webapp.needs import accounts, services
from webapp.request.visitor import identity, is_limited

SAVED_KINDS = (EntityKind.PERSON, EntityKind.ORGANIZATION)


@dataclass(frozen=True, slots=True)
class OwnList:
    """Whose list it is, as the private store knows them, and the items in it."""

    holder: str
    items: frozenset[str]


def own_list() -> OwnList | None:
    """The list of the member who asks, read once a request; None for everybody else."""
    if "own_list" not in g:
        g.own_list = _read()
    found: OwnList | None = g.own_list
    return found


def _read() -> OwnList | None:
    account = identity().account
    if account is None or is_limited():
        return None
    holder = services().membership.own.holder(accounts().members.of(account))
    return OwnList(holder, accounts().saved.items(holder))


def may_save(ref: Ref) -> bool:
    """Whether the button stands beside this thing."""
    own = own_list()
    return own is not None and ref.kind in SAVED_KINDS and ref.id != own.holder


def is_saved(ref: Ref) -> bool:
    """Whether the member has saved it."""
    own = own_list()
    return own is not None and ref.id in own.items


def install(app: Flask) -> None:
    """Makes the button known to templates."""
    app.add_template_global(may_save)
    app.add_template_global(is_saved)
