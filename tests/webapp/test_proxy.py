"""Who a client is behind a web server that passes requests on: what only the proxy that is named may say."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

import pytest

from capx_graph import settings
from capx_graph.errors import InvalidSetting
from capx_graph.serve import bound


def told(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [])
    seen = [environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"].partition(":")[0]]
    return [" ".join(seen).encode()]


def asked(proxy: str) -> str:
    """What the application sees of a request that passes on three headers."""
    server = bound(told, host="127.0.0.1", port=0, threads=1, proxy=proxy)
    running = Thread(target=server.run, daemon=True)
    running.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
    headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    connection.request("GET", "/", headers=headers | {"X-Forwarded-Host": "evil.example"})
    answer = connection.getresponse().read().decode()
    connection.close()
    server.trigger.pull_trigger(server.close)  # in the thread that runs it
    running.join()
    return answer


def test_the_named_proxy_tells_the_client_and_the_scheme_but_not_the_host() -> None:
    assert asked("127.0.0.1") == "198.51.100.7 https 127.0.0.1"


@pytest.mark.parametrize("proxy", ["", "192.0.2.1"])
def test_who_is_not_the_named_proxy_tells_nothing(proxy: str) -> None:
    assert asked(proxy) == "127.0.0.1 http 127.0.0.1"


def test_a_proxy_is_named_by_its_number() -> None:
    with pytest.raises(InvalidSetting, match="CAPX_PROXY"):
        settings.load({"CAPX_PROXY": "*"})
