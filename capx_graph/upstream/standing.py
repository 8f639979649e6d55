"""How far a mirror follows its Wikibase: written down with the pages. Only this package imports it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the mirror follows: ``at`` by the wiki's clock; ``swept`` when all revisions were last compared.

    ``glance`` is the id from which on the next stretch of them is compared in between.
    """

    model: str = ""
    at: str = ""
    swept: str = ""
    glance: str = ""

    @classmethod
    def read(cls, text: str) -> Standing:
        """From what the mirror keeps; anything unreadable is a standing at the beginning."""
        try:
            return cls(**json.loads(text)) if text else cls()
        except (ValueError, TypeError):
            return cls()

    def text(self) -> str:
        """What the mirror keeps, to be read again."""
        return json.dumps(asdict(self))

    @property
    def instant(self) -> datetime | None:
        """``at``; None before the first load."""
        return datetime.fromisoformat(self.at) if self.at else None
