"""Requests to a wiki that gives up in time: a deadline for the whole answer, a cap on its size, no redirect followed.

Only this package imports it.
"""

from __future__ import annotations

import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter

DEADLINE = 15.0
_LARGEST = 256 * 1024
_CHUNK = 16 * 1024


class CarefulAdapter(HTTPAdapter):
    """Reads an answer whole, as long as it comes in time and is small."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """One request, one answer; raises requests' own errors."""
        end = time.monotonic() + DEADLINE
        kwargs.update(stream=True, timeout=(5.0, DEADLINE))
        response = super().send(request, *args, **kwargs)
        read = bytearray()
        for chunk in response.iter_content(_CHUNK):
            read += chunk
            if len(read) > _LARGEST or time.monotonic() > end:
                response.close()
                raise requests.ConnectionError("the answer is too large or too slow")
        response._content = bytes(read)
        return response


def careful(session: requests.Session, user_agent: str) -> None:
    """Makes a session of a library give up in time."""
    session.max_redirects = 0
    session.headers["User-Agent"] = user_agent
    for scheme in ("https://", "http://"):
        session.mount(scheme, CarefulAdapter())
