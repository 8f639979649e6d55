"""Instants as they are kept and written: whole seconds since 1970 in a store, ISO 8601 with a final Z in an answer.

Anyone may import this leaf. Within the house an instant is a ``datetime`` with its zone; a clock gives one, and tests
hand in a clock of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)


def to_epoch(at: datetime) -> int:
    """Whole seconds since 1970, as our stores keep an instant."""
    return int(at.timestamp())


def from_epoch(seconds: float) -> datetime:
    """The instant of so many seconds since 1970, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def stamp(at: datetime) -> str:
    """An instant as MediaWiki writes it, such as 2026-11-29T02:50:00Z; parts of a second are dropped."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> datetime:
    """The instant that ISO 8601 text with a zone names, in UTC; raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the instant needs a time zone, such as a final Z")
    return moment.astimezone(UTC)


def said_instant(text: str | None) -> datetime | None:
    """The instant of a literal of the graph, in UTC, which is meant where no zone is named; None where it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
