"""What is told of the history of pages, a frozen line each, and what may be asked of it.

Any room of the repository may import it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page in a list, with the size of its text; ``deleted`` ones appear only where they are asked for."""

    page_id: int
    entity_id: str
    revision_id: int
    redirect_to: str | None
    owner: str | None
    deleted: bool


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision; ``hidden`` says that its text was dropped."""

    revision_id: int
    page_id: int
    entity_id: str
    parent_id: int
    at: int
    actor: str
    summary: str
    bot: bool
    minor: bool
    new: bool
    size: int
    parent_size: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry of the log; ``revisions`` is the number of revisions that an undeletion brought back."""

    log_id: int
    at: int
    actor: str
    type: str
    action: str
    page_id: int
    entity_id: str
    comment: str
    bot: bool
    revisions: int


@dataclass(frozen=True, slots=True)
class Period:
    """Instants (Unix seconds) between which something happened, both included."""

    since: int | None = None
    until: int | None = None


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class Which:
    """Which revisions: by an account or not by one, of pages of some kinds, first ones; None leaves it open."""

    actor: str | None = None
    not_by: str | None = None
    kinds: Collection[str] | None = None
    new: bool | None = None


ALL = Which()
