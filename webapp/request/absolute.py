"""Whole addresses of this site, for what leaves it: feeds, manifests, site maps.

Rooms import it. The host is the one that was asked, where the operator knows it: what a client writes into its Host
header would else stand in caches for everybody. Other hosts get addresses at the concept base.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request, url_for

from webapp.needs import services

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?")


def absolute(path: str, *, base: str) -> str:
    """The whole address of a path of this site; ``base`` is the concept base."""
    return f"{origin(base)}{path}"


def absolute_url(endpoint: str, *, base: str, **values: str | None) -> str:
    """The whole address of one of our pages."""
    return absolute(url_for(endpoint, **values), base=base)  # type: ignore[arg-type]


def lasting(path: str) -> str:
    """The address of one of our pages as others should keep it: at the concept base, whatever host was asked."""
    base = urlsplit(services().namespaces.site)
    return f"{base.scheme}://{base.netloc}{path}"


def is_from_here() -> bool:
    """Whether a page of this site sent the request, as its ``Origin`` says.

    The page may be at the concept base or another host of the settings, too: a proxy may pass a host on without its
    port.
    """
    sender = request.headers.get("Origin", "").lower().partition("://")[2]
    return sender in {request.host.lower(), urlsplit(lasting("")).netloc.lower(), *services().settings.hosts}


def origin(base: str) -> str:
    """Scheme and host; the scheme at the base's own host is the base's, for a proxy may speak HTTPS for us."""
    parts = urlsplit(base)
    asked = request.host.lower()
    if asked == parts.netloc.lower() or not _is_ours(asked, parts.hostname or ""):
        return f"{parts.scheme}://{parts.netloc}"
    return f"{request.scheme}://{asked}"


def _is_ours(asked: str, home: str) -> bool:
    """Whether a host may be believed: one of the settings', or this machine while the site's home is this machine."""
    if asked in services().settings.hosts:
        return True
    return home in _THIS_MACHINE and _LOCAL.fullmatch(asked) is not None
