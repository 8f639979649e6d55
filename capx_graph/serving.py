"""Where the service answers that has the data open, in a small file of the disposable ones; ``capx status`` reads it.

Leaf. The file goes when the service ends; what a killed one leaves names an address that nobody answers at.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

_FILE = "serving.json"
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 read here, bound elsewhere


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    @property
    def local(self) -> Address:
        """The same as somebody on this machine asks it."""
        return Address(_ANY.get(self.host, self.host), self.port)


def tell(cache: Path, address: Address) -> None:
    """Says that a service answers here."""
    cache.mkdir(parents=True, exist_ok=True)
    aside = cache / f"{_FILE}.{os.getpid()}.tmp"
    aside.write_text(json.dumps({"host": address.host, "port": address.port}), encoding="utf-8")
    aside.replace(cache / _FILE)


def forget(cache: Path) -> None:
    """Nobody answers any more."""
    (cache / _FILE).unlink(missing_ok=True)


def told(cache: Path) -> Address | None:
    """Where a service said that it answers; None when none did."""
    try:
        found = json.loads((cache / _FILE).read_text(encoding="utf-8"))
        return Address(str(found["host"]), int(found["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
