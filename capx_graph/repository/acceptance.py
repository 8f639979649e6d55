"""Which of the media types on offer a client's Accept header likes best; a leaf of the repository's HTTP rooms."""

from __future__ import annotations

from collections.abc import Sequence


def best_match(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered type with the highest weight, the first of equals; None when the client takes none of them.

    A type named in full beats ``type/*`` beats ``*/*`` for its own weight, so ``*/*, text/turtle;q=0`` excludes Turtle.
    Without a header, or with an unreadable one, anything goes.
    """
    ranges = _ranges(accept or "")
    if not ranges:
        return offered[0] if offered else None
    weighed = [
        (weight, _place(media_type, ranges), media_type)
        for media_type in offered
        if (weight := _weight(media_type, ranges)) > 0
    ]
    return max(weighed, key=lambda found: (found[0], -found[1]))[2] if weighed else None


def _weight(media_type: str, ranges: dict[str, float]) -> float:
    kind = media_type.partition("/")[0]
    return ranges.get(media_type, ranges.get(f"{kind}/*", ranges.get("*/*", 0.0)))


def _place(media_type: str, ranges: dict[str, float]) -> int:
    """How early the client names the type: among equal weights its own order decides."""
    names = list(ranges)
    kind = media_type.partition("/")[0]
    return next((names.index(name) for name in (media_type, f"{kind}/*", "*/*") if name in ranges), len(names))


def _ranges(accept: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name == "*":
            name = "*/*"
        if "/" in name:
            found.setdefault(name, _quality(parameters))
    return found


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
