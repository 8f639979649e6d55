"""The example questions in the reader's language: titles, descriptions, and fields for their parameters.

The files of the examples hold English; the messages ``query-example-NAME-title`` and ``-about`` translate it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from capx_graph.messages import Translator
from capx_graph.model import EntityKind
from capx_graph.queries import Parameter
from capx_graph.queryhelp.gallery import Example
from webapp.request.reader import reader


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an example's form; ``things`` is where it asks for names while somebody types."""

    name: str
    label: str
    value: str
    default: str
    kind: str
    things: str | None

    @property
    def input_type(self) -> str:
        """The type of the HTML field."""
        if self.kind in ("integer", "limit", "offset"):
            return "number"
        return "date" if self.kind == "instant" and len(self.value) in (0, 10) else "text"


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A question for a page; ``search`` is everything that it may be found by, folded."""

    name: str
    topic: str
    title: str
    description: str
    view: str
    federated: bool
    example: Example

    @classmethod
    def of(cls, example: Example) -> ExampleView:
        """The question in the reader's language."""
        tr = reader().tr
        return cls(
            name=example.name,
            topic=example.topic,
            title=_said(tr, f"query-example-{example.name}-title", example.query.title),
            description=_said(tr, f"query-example-{example.name}-about", example.query.description),
            view=example.query.view.split()[0],
            federated=example.federated,
            example=example,
        )

    @property
    def search(self) -> str:
        """What a search in the page looks at: the texts here and in English, and the names of the parameters."""
        query = self.example.query
        return " ".join(
            (self.title, self.description, query.title, query.description, *(one.name for one in query.parameters))
        ).casefold()

    def fields(self, given: Mapping[str, str]) -> tuple[Field, ...]:
        """The form: the values given, else the file's own."""
        return tuple(self._field(parameter, given) for parameter in self.example.parameters)

    def _field(self, parameter: Parameter, given: Mapping[str, str]) -> Field:
        tr = reader().tr
        default = self.example.default(parameter.name)
        is_thing = parameter.type in set(EntityKind)
        asked: dict[str, Any] = {"class": parameter.type}  # a keyword of Python, so it is passed by its name
        return Field(
            name=parameter.name,
            label=_said(tr, f"query-field-{parameter.name}", parameter.help),
            value=given.get(parameter.name, "") or default,
            default=default,
            kind=parameter.type,
            things=url_for("query.things", **asked) if is_thing else None,
        )


def _said(tr: Translator, key: str, english: str) -> str:
    return tr.text(key) if tr.has(key) else english
