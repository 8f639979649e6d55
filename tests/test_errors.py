"""The tree of errors: drawn on top of its file as the classes are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from capx_graph import errors
from capx_graph.errors import CapxError


def drawn() -> Iterator[tuple[str, str]]:
    """Each error of the drawing, and the one that it hangs on."""
    above = {-4: "CapxError"}
    for indent, name in re.findall(r"^([│ ]*)[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE):
        above[len(indent)] = name
        yield name, above[len(indent) - 4]


def test_the_drawing_and_the_classes_agree_in_their_order() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CapxError)]
    assert list(drawn()) == [(kind.__name__, kind.__mro__[1].__name__) for kind in kinds[1:]]
