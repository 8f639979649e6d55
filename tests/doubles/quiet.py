"""Parts of the services in which nothing ever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from capx_graph.status import Stand


@dataclass
class FakeStore:
    version: int = 1


def wiki_app(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"wiki {environ['PATH_INFO']}".encode()]


class FakeMembers:
    """Nobody was ever called otherwise."""

    def formerly(self, name: str, /) -> None:
        return None

    def named(self, name: str, /) -> None:
        return None


class FakeContacts:
    """Nobody ever chose a channel."""

    stamp = ""


@dataclass
class FakeAccounts:
    members: FakeMembers = field(default_factory=FakeMembers)
    contacts: FakeContacts = field(default_factory=FakeContacts)


@dataclass
class FakeStanding:
    """The data is as it should be unless a test says otherwise."""

    stand: Stand = field(default_factory=lambda: Stand(datetime(2026, 6, 1, tzinfo=UTC), behind=False))

    def now(self) -> Stand:
        return self.stand
