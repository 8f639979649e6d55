"""What a session is, and how its parts are kept; only rooms of this package import it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from capx_graph.model import Account

SESSION_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A login: the account, and the rights to which it is limited (None: not limited)."""

    account: Account
    rights: frozenset[str] | None


def digest(key: str) -> str:
    """What is kept of a key that only the client holds."""
    return hashlib.sha256(key.encode()).hexdigest()


def kept_rights(rights: Iterable[str] | None) -> str | None:
    """Rights as they are kept."""
    return None if rights is None else " ".join(sorted(rights))


def rights_from(kept: str | None) -> frozenset[str] | None:
    """Rights from how they are kept."""
    return None if kept is None else frozenset(kept.split())
