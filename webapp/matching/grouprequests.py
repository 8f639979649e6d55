"""From the parameters of a request to a question about a group; bad input ends here.

Names of people may be many, so forms may be posted; nothing is changed by any of them.
"""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from capx_graph.errors import InvalidParameter
from capx_graph.groups import Group, RingsRequest, TeamRequest
from capx_graph.messages import told
from capx_graph.spelling import one_line
from webapp.request.numbers import between
from webapp.request.visitor import client
from webapp.search.parameters import switched

_LONGEST_NAME = 300
_SMALLEST, _LARGEST = 2, 5
"""How many people a ring may be asked to have."""

Values = MultiDict[str, str]


def rings_request(values: Values, reader: tuple[str, ...]) -> RingsRequest:
    """Rings as they are asked for; raises InvalidParameter."""
    return RingsRequest(
        group(values),
        shortest=_between(values, "shortest", default=3),
        longest=_between(values, "longest", default=5),
        common_language=_switched(values, "common_language"),
        descendants=_switched(values, "descendants"),
        reader=reader,
        client=client(),
    )


def team_request(values: Values, reader: tuple[str, ...]) -> TeamRequest:
    """A team as it is asked for; raises InvalidParameter."""
    return TeamRequest(
        _given(values, "capacity"),
        next(iter(_given(values, "language")), None),
        group(values),
        descendants=_switched(values, "descendants"),
        reader=reader,
        client=client(),
    )


def group(values: Values) -> Group:
    """Whom a question is about: ``person`` repeated, or ``people`` with a name a line; an affiliation; a place."""
    lines = (line for text in values.getlist("people") for line in text.splitlines())
    names = tuple(dict.fromkeys(name for text in (*values.getlist("person"), *lines) if (name := one_line(text))))
    for name in names:
        if len(name) > _LONGEST_NAME:
            raise InvalidParameter("person", name[:40], told("mend-length", _LONGEST_NAME))
    return Group(names, _given(values, "organization"), _given(values, "territory"))


def is_asked(values: Values) -> bool:
    """Whether a form was filled in at all."""
    return any(values.get(name, "").strip() for name in ("person", "people", "organization", "territory", "capacity"))


def _given(values: Values, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values.getlist(name) if value.strip()))


def _between(values: Values, name: str, *, default: int) -> int:
    text = values.get(name, "").strip()
    return between(text, name, least=_SMALLEST, most=_LARGEST) if text else default


def _switched(values: Values, name: str) -> bool:
    """A switch that is on when nothing is said; a form sends 0 and, when its box is ticked, 1 after it."""
    return switched(name, (values.getlist(name) or [""])[-1], default=True)
