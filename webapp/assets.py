"""Static files under addresses that change with their content, so that browsers may keep them for a year.

``asset("app.css")`` in a template is ``/static/app.css?v=<hash>``; a request that carries the hash is answered as
immutable. Texts are compressed once a process.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC = Path(__file__).resolve().parent / "static"


@cache
def fingerprint(name: str) -> str:
    """The first characters of the file's SHA-256."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file."""
    return url_for("static", filename=name, v=fingerprint(name))


def keep_long(response: Response) -> Response:
    """Lets browsers keep a static file that was asked for by its hash."""
    if request.endpoint == "static" and request.args.get("v") and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def install(app: Flask) -> None:
    """Makes ``asset`` known to templates."""
    app.add_template_global(asset)
    app.after_request(keep_long)
