"""What a person shows to members only: a part of their page that strangers never get, however they ask.

Only the room of people's pages imports it. Nothing here is in the graph, so no search, query or dump can have it.
"""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph.accounts import Member
from capx_graph.membership import Field, Line
from capx_graph.model import Ref
from webapp.needs import accounts, services
from webapp.request.reader import reader
from webapp.request.visitor import identity, is_limited


@dataclass(frozen=True, slots=True)
class MembersOnly:
    """Lines by field, and the names of what they name."""

    parts: dict[Field, tuple[Line, ...]]
    names: dict[str, Ref]


def members_only(name: str) -> MembersOnly | None:
    """What the person of this name shows to whoever is signed in; None for strangers, and where it is nothing."""
    if identity().account is None or is_limited():
        return None
    member = accounts().members.named(name)
    parts = dict(services().membership.own.for_members(member)) if member else {}
    if not parts:
        return None
    values = [line.value for lines in parts.values() for line in lines]
    return MembersOnly(parts, services().membership.naming.refs(values, reader().chain))


def present_name(name: str) -> str | None:
    """How somebody is called now who was called so, if they have a page that everybody may see."""
    found: Member | None = accounts().members.formerly(name)
    return found.name if found is not None and found.item else None
