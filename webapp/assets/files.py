"""Static files under addresses that change with their content, so that browsers may keep them for a year.

``asset("app.css")`` in a template is ``/static/<stamp>/app.css``; a request that carries the present stamp is answered
as immutable. The stamp stands before the name, so that what a script imports by a relative address carries it too: our
scripts, which import one another, share one stamp. The files are few and small: each is read and compressed once a
process, and only known names are served.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from posixpath import join, normpath

from flask import Flask, Response, make_response, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from webapp.assets import codex

STATIC = Path(__file__).resolve().parent.parent / "static"
KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"
KEPT_FOR_A_DAY = "public, max-age=86400"
SCRIPTS = ("js/", "query/")
"""The folders of our own scripts."""

_CODEX = STATIC / "vendor" / "codex"
_MADE: Mapping[str, Callable[[], bytes]] = {
    "codex.css": partial(codex.stylesheet, _CODEX, "codex.style.css"),
    "codex-rtl.css": partial(codex.stylesheet, _CODEX, "codex.style-rtl.css"),
}
_STAMP = re.compile(r"[0-9a-f]{12}")
_COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)
"""In our own style sheets, for those who write them: half a KiB that no page needs."""
_IMPORT = re.compile(r"""^import [^'"()]*['"](\.{1,2}/[^'"]+)['"]""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent; ``packed`` is its gzip form where that is smaller."""

    data: bytes
    packed: bytes | None
    media_type: str
    fingerprint: str


@cache
def _names() -> frozenset[str]:
    return frozenset(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()).union(_MADE)


@cache
def _file(name: str) -> StaticFile:
    """The file of a known name."""
    data = _MADE[name]() if name in _MADE else (STATIC / name).read_bytes()
    if name.endswith(".css") and not name.startswith("vendor/"):
        data = _COMMENT.sub(b"", data)
    packed = gzip.compress(data, 9, mtime=0)
    return StaticFile(
        data=data,
        packed=packed if len(packed) < len(data) else None,
        media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        fingerprint=fingerprint(data),
    )


def fingerprint(data: bytes) -> str:
    """The first characters of the SHA-256."""
    return hashlib.sha256(data).hexdigest()[:12]


def stamp(name: str) -> str:
    """What tells this content of a known file from the next; for a script of ours, what tells all of them."""
    return _scripts() if name.startswith(SCRIPTS) and name.endswith(".js") else _file(name).fingerprint


@cache
def _scripts() -> str:
    names = sorted(name for name in _names() if name.startswith(SCRIPTS) and name.endswith(".js"))
    return fingerprint(b"\0".join(_file(name).data for name in names))


@cache
def imported(name: str) -> tuple[str, ...]:
    """The scripts that a script needs before it runs, found through its ``import`` lines, each once."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        for address in _IMPORT.findall(_file(one).data.decode()):
            other = normpath(join(one, "..", address))
            if other not in found and other != name:
                found[other] = None
                waiting.append(other)
    return tuple(found)


def asset(name: str) -> str:
    """The address of a static file."""
    return _address(request.script_root, name)


@lru_cache(maxsize=256)
def _address(script_root: str, name: str) -> str:
    return f"{script_root}/static/{stamp(name)}/{name}"


def module(name: str, *needed: str) -> Markup:
    """The elements that load a script of ours, and at once with it what it imports and ``needed``, not in turn."""
    ahead = (asset(one) for one in (*imported(name), *needed))
    links = Markup("").join(Markup('<link rel="modulepreload" href="{}">').format(address) for address in ahead)
    return links + Markup('<script type="module" src="{}"></script>').format(asset(name))


def static(filename: str) -> Response:
    """A static file, with a stamp before its name or without; raises NotFound for a name that is none."""
    first, _, rest = filename.partition("/")
    given, name = (first, rest) if _STAMP.fullmatch(first) else ("", filename)
    if name not in _names():
        raise NotFound
    found = _file(name)
    packed = found.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = make_response(packed or found.data)
    response.content_type = found.media_type
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(found.fingerprint, weak=True)
    # A page of the program before this one asks with its own stamp: it gets what there is, to be asked for again.
    response.headers["Cache-Control"] = KEPT_FOR_A_YEAR if given == stamp(name) else "no-cache"
    response.make_conditional(request)
    return response


def favicon() -> Response:
    """The icon, where browsers and feed readers look for one whether or not a page names another."""
    response = static("favicon.ico")
    response.headers["Cache-Control"] = KEPT_FOR_A_DAY
    return response


def install(app: Flask) -> None:
    """Serves the files and makes their addresses known to templates."""
    app.add_url_rule("/static/<path:filename>", "static", static)
    app.add_url_rule("/favicon.ico", "favicon", favicon)
    app.add_template_global(asset)
    app.add_template_global(module)
