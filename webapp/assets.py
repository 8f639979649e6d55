"""Static files under addresses that change with their content, so that browsers may keep them for a year.

``asset("app.css")`` in a template is ``/static/app.css?v=<hash>``; a request that carries the hash is answered as
immutable. The files are few and small: each is read and compressed once a process, and only known names are served.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, make_response, request
from werkzeug.exceptions import NotFound

STATIC = Path(__file__).resolve().parent / "static"
_KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent; ``packed`` is its gzip form where that is smaller."""

    data: bytes
    packed: bytes | None
    media_type: str
    fingerprint: str


@cache
def _names() -> frozenset[str]:
    return frozenset(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())


@cache
def _file(name: str) -> StaticFile:
    """The file of a known name."""
    data = (STATIC / name).read_bytes()
    packed = gzip.compress(data, 9, mtime=0)
    return StaticFile(
        data=data,
        packed=packed if len(packed) < len(data) else None,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        fingerprint=hashlib.sha256(data).hexdigest()[:12],
    )


def fingerprint(name: str) -> str:
    """The first characters of the file's SHA-256."""
    return _file(name).fingerprint


def asset(name: str) -> str:
    """The address of a static file."""
    return _address(request.script_root, name)


@lru_cache(maxsize=256)
def _address(script_root: str, name: str) -> str:
    return f"{script_root}/static/{name}?v={fingerprint(name)}"


def static(filename: str) -> Response:
    """A static file; raises NotFound for a name that is none."""
    if filename not in _names():
        raise NotFound
    found = _file(filename)
    packed = found.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = make_response(packed or found.data)
    response.content_type = found.media_type
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(found.fingerprint, weak=True)
    known = request.args.get("v") == found.fingerprint
    response.headers["Cache-Control"] = _KEPT_FOR_A_YEAR if known else "no-cache"
    response.make_conditional(request)
    return response


def install(app: Flask) -> None:
    """Serves the files and makes ``asset`` known to templates."""
    app.add_url_rule("/static/<path:filename>", "static", static)
    app.add_template_global(asset)
