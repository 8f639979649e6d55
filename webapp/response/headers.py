"""What every answer carries: security headers, the ETag of the graph's version, compression.

A page depends on the graph's version, the program, the address and the reader; when none has changed, the answer
is 304 before any handler runs. What a member sees may hold more than the graph, and carries no ETag. The policy
allows nothing inline and no other host.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, current_app, make_response, redirect, request

from webapp.needs import services
from webapp.request.visitor import identity
from webapp.response import standing, tags

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""``data:`` is for Codex's icons, which are masks in its style sheet."""

SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_WORTH_COMPRESSING = 1024
_TEXTS = ("text/", "application/json", "application/ld+json", "application/xml", "image/svg+xml")


def page_tag() -> str:
    """The weak ETag of a page that shows the graph."""
    stamp = current_app.extensions["capx_page_stamps"].get(request.endpoint)
    own = stamp() if stamp else ""
    return tags.tag_of_page(str(services().store.version), own, standing.mark())


def unchanged() -> Response | None:
    """304 when the browser already has this page of this version of the graph."""
    return tags.unchanged(page_tag()) if tags.asks_for_change() and _shows_graph() else None


def _shows_graph() -> bool:
    endpoint = request.endpoint or ""
    return endpoint.partition(".")[0] in current_app.extensions["capx_graph_pages"] and identity().account is None


def for_everybody(response: Response) -> Response:
    """The same answer, public: pages of other sites may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def led_to(address: str) -> Response:
    """The answer to a form that was done: its sender reads on there, and reloading sends nothing again."""
    return make_response(redirect(address, 303))


def unkept(response: Response) -> Response:
    """The same answer, kept by no cache: it belongs to one session, or to one moment."""
    response.headers["Cache-Control"] = "no-store"
    return response


def finish(response: Response) -> Response:
    """Adds what every answer carries."""
    there = {name.lower() for name, _ in response.headers}  # asking once for each would be slow: they are a list
    for name, value in SECURITY.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    if "frame-ancestors *" in response.headers["Content-Security-Policy"]:
        del response.headers["X-Frame-Options"]
    if tags.is_reading() and response.status_code == 200 and _shows_graph():
        tags.marked(response, page_tag())
    elif "Cache-Control" not in response.headers:  # in this reader's language, and perhaps for a member
        tags.kept_by_one(response)
    if _reads_graph() and standing.stand().behind:
        response.headers[standing.HEADER] = standing.instant(standing.stand().as_of) or "never"
    return _compressed(response)


def _reads_graph() -> bool:
    return (request.endpoint or "").partition(".")[0] in standing.READERS


def _compressed(response: Response) -> Response:
    fit = (
        response.status_code == 200
        and not response.direct_passthrough  # a file, which the server sends from the disk
        and request.method != "HEAD"
        and request.accept_encodings.quality("gzip") > 0
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(_TEXTS)
    )
    if not fit or len(data := response.get_data()) < _WORTH_COMPRESSING:
        return response
    response.set_data(gzip.compress(data, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def install(app: Flask) -> None:
    """Puts the hooks in place; the last one registered runs first."""
    app.before_request(unchanged)
    app.after_request(finish)
