"""A name for how graphs are made, so that one made in another way is noticed and built anew; used by ingest alone.

The name is the same in every process: sets and mappings are spelled in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import sha256


def fingerprint(*parts: object) -> str:
    """A short name that differs when any part of any part differs."""
    return sha256(_spelled(parts).encode()).hexdigest()[:16]


def _spelled(value: object) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}({', '.join(_spelled(getattr(value, f.name)) for f in fields(value))})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(f"{_spelled(k)}: {_spelled(v)}" for k, v in value.items())) + "}"
    if isinstance(value, frozenset | set):
        return "{" + ", ".join(sorted(_spelled(member) for member in value)) + "}"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(_spelled(member) for member in value) + ")"
    return repr(value) if isinstance(value, str) else str(value)
