"""What the parts of the ``query`` module have in common.

Only this package imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from capx_graph.instants import from_epoch
from capx_graph.repository.api.call import Call, Json
from capx_graph.repository.api.errors import ApiError
from capx_graph.repository.api.parameters import LIMIT, LIMIT_HIGH, Param, Values
from capx_graph.repository.history.lines import Period
from capx_graph.repository.ids import NAMESPACES, namespace_of, title_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a part answers, and where to go on when there is more."""

    answer: Json
    going_on: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its parameters have the prefix before their names."""

    name: str
    run: Callable[[Call, Values], Outcome]
    prefix: str = ""
    params: tuple[Param, ...] = ()


@dataclass(frozen=True, slots=True)
class PagePart:
    """Something told of each page."""

    name: str
    prefix: str
    params: tuple[Param, ...]


ALL_NAMESPACES = (*map(str, range(16)), "120", "121", "122", "123")
MANY_NAMESPACES = Param("namespace", choices=ALL_NAMESPACES, many=True, all_mark="*")
DIRECTION = Param("dir", choices=("newer", "older"), default="older")


def kinds_in(namespaces: Sequence[str]) -> list[str] | None:
    """The kinds of entities in the namespaces; None for all when no namespace is named."""
    return [kind for kind, number in NAMESPACES.items() if str(number) in namespaces] if namespaces else None


def limit_param(default: int = 10) -> Param:
    """How many lines a list shows at most."""
    return Param("limit", "limit", default=default, least=1, most=LIMIT, most_high=LIMIT_HIGH)


def place(at: int, number: int) -> str:
    """Where a list in order of time goes on."""
    return f"{from_epoch(at).strftime('%Y%m%d%H%M%S')}|{number}"


def number_in(text: str | None, *, module: str) -> int | None:
    """The number at the end of where a list goes on; raises ApiError."""
    if text is None:
        return None
    number = text.rpartition("|")[2]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise ApiError("badcontinue", "Invalid continue param. Pass the original value back.", module=module)
    return int(number)


def period(values: Values, *, oldest_first: bool) -> Period:
    """The time between ``start`` and ``end``; the start is the later one unless the oldest come first."""
    start, end = values.number("start"), values.number("end")
    return Period(start, end) if oldest_first else Period(end, start)


def split_page(rows: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """The rows to show of one more than wanted, and the first of the next page."""
    return rows[:limit], rows[limit] if len(rows) > limit else None


def title_fields(entity_id: str) -> Json:
    """Namespace and title of a page."""
    return {"ns": namespace_of(entity_id), "title": title_of(entity_id)}


def makes_redirect(summary: str) -> bool:
    """Whether an edit with this summary made a page a redirect, for which MediaWiki has a tag."""
    return summary.startswith("/* wbcreateredirect:")


def mark(call: Call, target: Json, key: str, *, present: bool) -> None:
    """A fact that is only told when it holds."""
    if present:
        target[key] = True if call.version > 1 else ""
