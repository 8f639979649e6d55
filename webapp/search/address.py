"""The address of a search, and the addresses one step away from it: with a value more, without it, another page.

A link keeps all of the search but the paging, which starts over with every change; parameters at their default
are left out, so that equal searches have equal addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from webapp.search.parameters import PARAMETERS, Given

_DEFAULTS = {parameter.name: parameter.default for parameter in PARAMETERS}
_PAGING = "offset"
_MANNERS = frozenset({"sort", "limit", "offset", "uselang"})
"""What of an address says how to show what is found."""


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """A search as name and values."""

    asked: Mapping[str, tuple[str, ...]]
    page: str = "search.page"

    @classmethod
    def of(cls, asked: Given, *, page: str = "search.page") -> SearchAddress:
        """The address of what was asked; ``page`` is the endpoint that answers it."""
        found = ((parameter.name, asked.get(parameter.name, ())) for parameter in PARAMETERS)
        return cls({name: values for name, values in found if values and values != (_DEFAULTS[name],)}, page)

    def url(self, endpoint: str | None = None, **more: str) -> str:
        """The address; ``more`` are parameters of the page only."""
        values: dict[str, Any] = {name: list(asked) for name, asked in self.asked.items()}
        return url_for(endpoint or self.page, **(values | more))

    @property
    def conditions(self) -> str:
        """What is searched, as parameters, without paging, order and language."""
        kept = {name: values for name, values in self.asked.items() if name not in _MANNERS}
        return urlencode([(name, value) for name, values in kept.items() for value in values])

    def removing(self, name: str, value: str) -> SearchAddress:
        return self._with(name, tuple(kept for kept in self.asked.get(name, ()) if kept != value))

    def replacing(self, name: str, value: str) -> SearchAddress:
        """With this one value (none when it is empty or the default) instead of those it had."""
        return self._with(name, (value,) if value else ())

    def clearing(self) -> SearchAddress:
        """Without any condition, in the same language."""
        return SearchAddress({name: values for name, values in self.asked.items() if name == "uselang"}, self.page)

    def _with(self, name: str, values: tuple[str, ...]) -> SearchAddress:
        kept = {other: asked for other, asked in self.asked.items() if other not in {name, _PAGING}}
        return SearchAddress.of({**kept, name: tuple(dict.fromkeys(values))}, page=self.page)
