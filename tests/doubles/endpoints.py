"""Local servers for tests of what goes out: one that counts who knocks, one that answers SPARQL."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs

Answering = Callable[[str], tuple[int, str, bytes]]
"""From the text of a query to status, media type and body."""


def _nothing(query: str) -> tuple[int, str, bytes]:
    return 500, "text/plain", b"no"


class Listener:
    """Listens on a free port of this machine; ``requests`` are the queries it was asked."""

    def __init__(self, answering: Answering = _nothing, port: int = 0) -> None:
        self.requests: list[str] = []
        self.agents: list[str] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                listener.agents.append(self.headers.get("User-Agent", ""))
                form = parse_qs(body).get("query", [body])
                listener.requests.append(form[0])
                status, media_type, data = answering(form[0])
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, format: str, *arguments: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/sparql"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
