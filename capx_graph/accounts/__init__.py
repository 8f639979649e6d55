"""The private store: accounts, sessions, bot passwords, consumers of OAuth. Rooms above import from here."""

from __future__ import annotations

from capx_graph.accounts.consumers import Consumer, Consumers
from capx_graph.accounts.directory import FILE_NAME, GROUPS, Accounts, canonical_name
from capx_graph.accounts.grants import GRANTS, rights_of
from capx_graph.accounts.sessions import StoredSession

__all__ = [
    "FILE_NAME",
    "GRANTS",
    "GROUPS",
    "Accounts",
    "Consumer",
    "Consumers",
    "StoredSession",
    "canonical_name",
    "rights_of",
]
