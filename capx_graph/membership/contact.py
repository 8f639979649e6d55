"""Where a member may be written to: the address that follows from the channel that they chose, and what to write.

Given out by the package. Only whom a wiki vouches for is known to be the one who has their name there: they are
contacted on their talk page unless they chose otherwise. Whoever has an account of this site alone is contacted
nowhere until they choose, because the name elsewhere may be somebody else's. No address of theirs is ever known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote, urlencode, urlsplit

from capx_graph.accounts import LOCAL, Member
from capx_graph.directory.tree import Tree
from capx_graph.membership.fields import Field, Profile
from capx_graph.profiles import OrganizationProfile, PersonProfile

_TALKED_ABOUT = frozenset(
    {"User", "Project", "Meta", "Wikipedia", "Wikimedia", "Grants", "Help", "Template", "Module", "Event", "Category"}
)
"""Namespaces whose pages have a talk page by their own name; a page of none has it under ``Talk:``."""
_WIKIS = (".wikimedia.org", ".wikipedia.org")
"""Hosts whose pages lie under ``/wiki`` and whose scripts under ``/w``."""


class Channel(StrEnum):
    """How somebody wishes to be contacted."""

    TALK = "talk"
    MAIL = "mail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Contact:
    """A channel and the address that opens it; the person's own addresses are never part of it."""

    channel: Channel
    address: str


@dataclass(frozen=True, slots=True)
class Common:
    """Why two people match, as items: what the asker can learn, what they can teach, what both speak."""

    learn: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def channel_of(member: Member, chosen: str | None) -> Channel:
    """The channel that holds for a member."""
    if chosen is not None:
        return Channel(chosen)
    return Channel.NONE if member.issuer == LOCAL else Channel.TALK


def contact_of(member: Member, chosen: str | None, *, index: str, subject: str) -> Contact | None:
    """Where to write to a member; None for one who is not to be contacted. ``index`` is the wiki's ``index.php``."""
    channel = channel_of(member, chosen)
    if channel is Channel.NONE:
        return None
    name = name_there(member).replace(" ", "_")
    if channel is Channel.MAIL:
        return Contact(channel, _address(index, title=f"Special:EmailUser/{name}", wpSubject=subject))
    return Contact(channel, _new_section(index, f"User_talk:{name}", subject))


def name_there(member: Member) -> str:
    """What a member is called at the wiki that vouches for them: here it may be told apart by the wiki's host."""
    host = (urlsplit(member.issuer).hostname or "") if member.issuer else ""
    return member.name.removesuffix(f" ({host})") if host else member.name


def contact_of_organization(profile: OrganizationProfile, *, subject: str) -> str | None:
    """Where to write to an organization: the talk page of its page on a wiki of Wikimedia, else its website."""
    pages = (_talk_page(address, subject) for address in profile.meta_pages)
    websites = (address for address in profile.websites if _is_web(address))
    return next((found for found in pages if found), None) or next(websites, None)


def common(asker: Profile, other: PersonProfile, tree: Tree) -> Common:
    """What connects the asker, with all that they say of themselves, with what somebody says in public."""
    offered = {statement.capacity.id for statement in other.offers}
    wanted = {statement.capacity.id for statement in other.wants}
    spoken = {skill.language.id for skill in other.languages if skill.level != "0"}
    mine = {line.value for line in asker.lines(Field.LANGUAGES) if line.level != "0"}
    return Common(
        learn=tuple(sorted(_meeting(offered, asker.values(Field.WANTS), tree))),
        share=tuple(sorted(_meeting(set(asker.values(Field.OFFERS)), wanted, tree))),
        languages=tuple(sorted(spoken & mine)),
    )


def _meeting(offered: set[str], wanted: set[str] | frozenset[str], tree: Tree) -> Iterator[str]:
    """What is offered and wanted, itself or something that it is part of."""
    return (item for item in offered if wanted.intersection(tree.above(item)))


def _talk_page(address: str, subject: str) -> str | None:
    parts = urlsplit(address)
    title = unquote(parts.path.removeprefix("/wiki/")) if parts.path.startswith("/wiki/") else ""
    if parts.scheme != "https" or not (parts.hostname or "").endswith(_WIKIS) or not title or parts.port:
        return None
    space, colon, rest = title.partition(":")
    named = space.replace("_", " ").strip()
    if named == "Special":
        return None
    if colon and named in _TALKED_ABOUT:
        title = f"{space}_talk:{rest}"
    elif not (colon and named.lower().endswith("talk")):
        title = f"Talk:{title}"
    return _new_section(f"https://{parts.hostname}/w/index.php", title, subject)


def _new_section(index: str, title: str, subject: str) -> str:
    return _address(index, title=title, action="edit", section="new", preloadtitle=subject)


def _address(index: str, **query: str) -> str:
    return f"{index}?{urlencode(query, quote_via=quote, safe=':/')}"


def _is_web(address: str) -> bool:
    return urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).hostname)
