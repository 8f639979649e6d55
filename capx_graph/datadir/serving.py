"""Where the service answers that has the data open, in a small file of the disposable ones; ``capx status`` reads it.

Leaf. The file goes when the service ends; what a killed one leaves names an address that nobody answers at. And whether
an address can be had at all.
"""

from __future__ import annotations

import errno
import json
import socket
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from capx_graph.datadir import whole
from capx_graph.errors import Unavailable

_FILE = "serving.json"
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 read here, bound elsewhere


@dataclass(frozen=True, slots=True)
class Address:
    """A host, a port, and the path below which everything lies."""

    host: str
    port: int
    prefix: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.prefix}"

    @property
    def local(self) -> Address:
        """The same as somebody on this machine asks it."""
        return replace(self, host=_ANY.get(self.host, self.host))


def tell(cache: Path, address: Address) -> None:
    """Says that a service answers here."""
    whole.put(cache / _FILE, json.dumps(asdict(address)))


def forget(cache: Path) -> None:
    """Nobody answers any more."""
    (cache / _FILE).unlink(missing_ok=True)


def told(cache: Path) -> Address | None:
    """Where a service said that it answers; None when none did."""
    try:
        found = json.loads((cache / _FILE).read_text(encoding="utf-8"))
        return Address(str(found["host"]), int(found["port"]), str(found["prefix"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_free(host: str, port: int) -> None:
    """Raises Unavailable where another listens already, before anything is made that would be in vain."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise refused(host, port, error) from error
        # Whatever else is wrong with the address, the server finds and says better.


def refused(host: str, port: int, error: Exception) -> Unavailable:
    """What to say where nobody can listen, however the service was started."""
    return Unavailable(f"cannot listen on {host} port {port}: {error}; choose another with --port (make run: PORT=)")
