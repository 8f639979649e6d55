"""Applications behind a socket of this machine, for tests of what clients see; they end at once when they are told to.

``waitress`` is what serves in production and keeps connections; ``werkzeug`` has a thread for each request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from waitress.server import create_server
from werkzeug.serving import make_server


@contextmanager
def waitress(app: Any, *, threads: int = 4) -> Iterator[str]:
    """The address of an application."""
    with running(create_server(app, host="127.0.0.1", port=0, threads=threads)) as address:
        yield address


@contextmanager
def running(server: Any) -> Iterator[str]:
    """The address of a server of waitress that is made already."""
    thread = Thread(target=server.run, daemon=True)
    thread.start()

    def end() -> None:
        """Its loop ends when nothing is open, and wakes up by itself every second only."""
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()

    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Held, so that the loop does not close the pipe before it is written to.
        with server.trigger.lock:
            server.trigger.thunks.append(end)
            server.trigger._physical_pull()
        thread.join(10)
        assert not thread.is_alive()
        server.task_dispatcher.shutdown()


@contextmanager
def werkzeug(app: Any, *, port: int = 0, threaded: bool = True) -> Iterator[str]:
    """The address of an application."""
    server = make_server("127.0.0.1", port, app, threaded=threaded)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
