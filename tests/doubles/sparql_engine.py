"""A SPARQL engine that answers by a script, rightly or in every wrong way."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from capx_graph.store.remoteengine import RemoteEngine, RemoteLimits
from capx_graph.store.remotewire import Addresses

JSON = "application/sparql-results+json"
TABLE = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
QUICK = RemoteLimits(query=1.0, write=1.0, most_bytes=1 << 16, tries=3)


@dataclass
class Script:
    """What a fake engine does with each request in turn; the last one again and again."""

    acts: list[Callable[[BaseHTTPRequestHandler], None]]
    seen: list[str] = field(default_factory=list)

    def act(self, handler: BaseHTTPRequestHandler) -> None:
        self.seen.append(handler.command)
        (self.acts.pop(0) if len(self.acts) > 1 else self.acts[0])(handler)


def answer(status: int, media_type: str, body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Byte after byte until the reader hangs up, for whom no single read ever waits long."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    with suppress(OSError):
        while not _has_hung_up(handler.connection):
            handler.wfile.write(b" ")


def _has_hung_up(connection: socket.socket) -> bool:
    """Whether a reader goes within the time between two drops: what can be read of them then is the end."""
    return bool(select.select([connection], [], [], 0.02)[0])


def break_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(TABLE[:20])
    handler.connection.shutdown(socket.SHUT_RDWR)


OK = answer(200, JSON, TABLE)


@contextmanager
def fake(*acts: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[RemoteEngine, Script]]:
    script = Script(list(acts))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            script.act(self)

        def do_GET(self) -> None:
            script.act(self)

        def log_message(self, format: str, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    try:
        yield RemoteEngine(Addresses(address, address), user_agent="tests", limits=QUICK), script
    finally:
        server.shutdown()
        server.server_close()


def ask(engine: RemoteEngine) -> bytes:
    return engine.ask("SELECT ?x { ?x ?y ?z }", graph="urn:g", accept=JSON)
