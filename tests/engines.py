"""Real SPARQL engines of other people, started on the loopback for tests of the remote graph."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from capx_graph.store.remote import RemoteStore
from capx_graph.store.remoteengine import Addresses, RemoteEngine, RemoteLimits

_NUMBERS = count(1)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def oxigraph_server() -> Iterator[Addresses]:
    """The server of the package ``oxigraph``, in memory."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/query?query=ASK%7B%7D", process)
        yield Addresses(f"{address}/query", f"{address}/update", f"{address}/store")
    finally:
        process.terminate()
        process.wait(timeout=10)


def remote_store(addresses: Addresses, limits: RemoteLimits | None = None) -> RemoteStore:
    """An empty store of its own in an engine that several tests share."""
    engine = RemoteEngine(addresses, user_agent="capx-graph tests", limits=limits)
    return RemoteStore(engine, f"http://test{next(_NUMBERS)}.example")


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, "the engine ended at once"
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            process.poll()
    raise TimeoutError(address)
