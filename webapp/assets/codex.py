"""The part of Wikimedia's Codex that the pages use, as one style sheet: its tokens, then the components named here.

Imported by ``files``. Codex comes as one file of all components, 17 kB compressed of which the pages need 5; it lies
in ``static/vendor/codex`` unchanged, and is cut when the process starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

COMPONENTS = frozenset(
    {"button", "checkbox", "field", "icon", "info-chip", "label", "message", "select", "text-area", "text-input"}
)
"""The components whose rules are sent: ``cdx-NAME`` in a template needs its name here, which a test holds."""
TOKENS = "theme-wikimedia-ui-root.css"

MISMADE = {".cdx-message .cdx-message__icon:lang(ar)": ".cdx-message--notice .cdx-message__icon:lang(ar)"}
"""Selectors that Codex makes too wide: the sign of a notice, another one in Arabic, hid those of warnings, errors
and successes there."""

_COMPONENT = re.compile(r"\.cdx-([a-z]+(?:-[a-z]+)*)")
_GROUPS = ("@media", "@supports")


def stylesheet(folder: Path, name: str) -> bytes:
    """Codex's tokens and the rules of our components from the file ``name`` of Codex's folder."""
    whole = (folder / name).read_text(encoding="utf-8")
    return f"{(folder / TOKENS).read_text(encoding='utf-8')}\n{cut(whole)}\n".encode()


def cut(css: str) -> str:
    """The rules that speak of our components only; ``css`` is minified and holds no comments."""
    return "".join(_kept(css))


def _kept(css: str) -> Iterator[str]:
    for prelude, body in _rules(css):
        if prelude.startswith(_GROUPS):
            inside = cut(body)
            if inside:
                yield f"{prelude}{{{inside}}}"
        elif not prelude.startswith("@"):  # @keyframes are of components that wait, and we use none
            selectors = [one for one in _selectors(prelude) if set(_COMPONENT.findall(one)) <= COMPONENTS]
            if selectors:
                yield f"{','.join(MISMADE.get(one, one) for one in selectors)}{{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Each rule as what stands before its braces and in them."""
    start = 0
    while (opened := css.find("{", start)) >= 0:
        depth, end = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[start:opened].strip(), css[opened + 1 : end - 1]
        start = end


def _selectors(prelude: str) -> Iterator[str]:
    """The selectors of a list; commas in brackets separate none."""
    depth, begin = 0, 0
    for at, sign in enumerate(prelude):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            yield prelude[begin:at]
            begin = at + 1
    yield prelude[begin:]
