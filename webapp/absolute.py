"""Whole addresses of this site, for what leaves it: feeds, manifests, site maps.

Rooms import it. The host is the one that was asked; behind a proxy that speaks HTTPS for us, the scheme is that of the
concept base, which the operator has set.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for


def absolute(path: str, *, base: str) -> str:
    """The whole address of a path of this site; ``base`` is the concept base."""
    return f"{origin(base)}{path}"


def absolute_url(endpoint: str, *, base: str, **values: str | None) -> str:
    """The whole address of one of our pages."""
    return absolute(url_for(endpoint, **values), base=base)  # type: ignore[arg-type]


def origin(base: str) -> str:
    """Scheme and host."""
    parts = urlsplit(base)
    scheme = parts.scheme if parts.netloc == request.host else request.scheme
    return f"{scheme}://{request.host}"
