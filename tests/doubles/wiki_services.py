"""Fixed services with a real wiki beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from capx_graph.notices.reconfirming import Reconfirmation
from tests.doubles.services import FakeServices

SPECIAL = (
    "/wiki/Special:RecentChanges",
    "/wiki/Special:ListProperties",
    "/wiki/Special:Statistics",
    "/wiki/Special:WhatLinksHere/Item:Q1",
)


PAGES = ("/wiki/Item:Q1", "/wiki/Property:P4", "/wiki/Item:Q5", "/wiki/Item:Q1?action=history", *SPECIAL)


@dataclass
class WikiFakes(FakeServices):
    """Fixed services with a real wiki beside them."""

    wiki_pages: Any = None
    accounts: Any = None

    @property
    def reconfirmation(self) -> Reconfirmation:
        """Who is here shows nothing, and is asked nothing."""
        return Reconfirmation(self.accounts, None, lambda: datetime.now(UTC))
