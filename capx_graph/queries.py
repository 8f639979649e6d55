"""SPARQL queries as files: found, checked, and bound to parameters; anyone may import this loader.

A file is a header of comments (``# title:``, ``# description:``, ``# param NAME TYPE: help``, ``# view:``) and a
query that runs unchanged, because every parameter stands on a line of its own with a default value:
``VALUES ?x { ... }`` for the parameter of that name, and ``VALUES (?x ?y) { ... } # param NAME`` or
``LIMIT 20 # param NAME`` for the one named behind it. Binding replaces such lines whole, by terms that ``terms``
has serialised, so no value can change a query's shape. (The engine's own substitutions do not reach subqueries.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from capx_graph.errors import InvalidParameter, InvalidTerm, NotFound, OntologyError
from capx_graph.instants import instant
from capx_graph.messages import Told, told
from capx_graph.model import EntityKind
from capx_graph.namespaces import XSD, WikibaseNamespaces
from capx_graph.resources import queries_dir
from capx_graph.terms import BlankNode, Literal, NamedNode, Term, date_time, integer, iri, literal, to_sparql

Cell = Term | None
Value = Cell | int | Sequence[Cell] | Sequence[Sequence[Cell]]
"""What a parameter takes: a term, None for "any", terms, rows of terms, or a number for LIMIT and OFFSET."""

CHARTS = frozenset({"bar", "line", "area", "pie", "scatter", "bubble", "treemap"})
VIEWS = CHARTS | {"table", "map", "graph", "timeline", "tree", "images"}
ENTITY_TYPES = frozenset({"item", *(kind.value for kind in EntityKind)})
TYPES = ENTITY_TYPES | {"iri", "text", "language_tag", "integer", "instant", "term", "row", "limit", "offset"}

_PARAM = re.compile(r"# param (?P<name>[a-z][a-z0-9_]*) (?P<type>[a-z_]+)(?P<many>\*?): (?P<help>\S.*)")
_TEXT = re.compile(r"# (?P<key>title|description|view): (?P<text>\S.*)")
_CONTINUED = re.compile(r"#   (?P<text>\S.*)")
_VALUES = re.compile(
    r"(?P<indent>\s*)VALUES\s+(?P<variables>\?\w+|\(\s*\?\w+(?:\s+\?\w+)*\s*\))\s*"
    r"\{.*\}\s*?(?:\s# param (?P<name>\w+))?\s*"
)
_SLICE = re.compile(r"(?P<indent>\s*)(?P<word>LIMIT|OFFSET)\s+\d+\s+# param (?P<name>\w+)\s*")
_MARKER = re.compile(r"# param (?P<name>\w+)\s*$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as its file declares it; ``many`` means that any number of alternatives may be given."""

    name: str
    type: str
    many: bool
    help: str

    def read(self, text: str, *, namespaces: WikibaseNamespaces) -> Term:
        """The term that a person wrote as text: ``Q12`` or an IRI for an entity, else by the type.

        Raises InvalidParameter.
        """
        try:
            return _read(self.type, text, namespaces)
        except (InvalidTerm, ValueError) as error:
            raise InvalidParameter(self.name, text, _rule(self.type)) from error


@dataclass(frozen=True, slots=True)
class BoundQuery:
    """Text ready for an engine, and the name of its file for messages and logs."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query file, checked; ``text`` is the whole file and runs as it is."""

    name: str
    title: str
    description: str
    view: str
    parameters: tuple[Parameter, ...]
    text: str
    slots: tuple[tuple[int, str, str], ...]
    """For each line that a parameter replaces: its number from 0, the parameter, the text before the values."""

    def unchanged(self) -> BoundQuery:
        """The query with its own defaults."""
        return BoundQuery(self.name, self.text)

    def bind(self, **values: Value) -> BoundQuery:
        """The query with these values; every parameter must be given, none else. Raises InvalidParameter."""
        for parameter in self.parameters:
            if parameter.name not in values:
                raise InvalidParameter(parameter.name, None, f"{self.name} needs it")
        return self.bind_some(values)

    def bind_some(self, values: Mapping[str, Value]) -> BoundQuery:
        """The query with these values and its own defaults for the other parameters; raises InvalidParameter."""
        declared = {parameter.name: parameter for parameter in self.parameters}
        for name, value in values.items():
            if name not in declared:
                raise InvalidParameter(name, value, f"{self.name} has only {', '.join(declared) or 'no parameters'}")
        lines = self.text.split("\n")
        for number, name, head in self.slots:
            if name in values:
                lines[number] = _line(declared[name], head, values[name])
        return BoundQuery(self.name, "\n".join(lines))


def load(name: str) -> Query:
    """The query ``queries/NAME.rq``, such as ``search/hits``; raises NotFound or OntologyError."""
    return _load(queries_dir(), name)


@cache
def _load(folder: Path, name: str) -> Query:
    path = folder / f"{name}.rq"
    if not re.fullmatch(r"[a-z0-9_]+(/[a-z0-9_]+)*", name) or not path.is_file():
        raise NotFound(f"there is no query {name!r}")
    return parse(name, path.read_text(encoding="utf-8"))


def names() -> tuple[str, ...]:
    """The names of all query files, sorted."""
    folder = queries_dir()
    return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.rq")))


def parse(name: str, text: str) -> Query:
    """A query from the text of a file; raises OntologyError naming the file and what its header or lines lack."""
    lines = text.split("\n")
    texts: dict[str, str] = {}
    parameters: list[Parameter] = []
    body = 0
    last = ""
    for body, line in enumerate(lines):
        if not line.startswith("#"):
            break
        if found := _TEXT.fullmatch(line):
            last = found["key"]
            if last in texts:
                raise OntologyError(f"{name}: the header has two lines '# {last}:'")
            texts[last] = found["text"]
        elif found := _PARAM.fullmatch(line):
            last = ""
            parameters.append(_parameter(name, found, parameters))
        elif (found := _CONTINUED.fullmatch(line)) and last:
            texts[last] += " " + found["text"]
        else:
            raise OntologyError(f"{name}: line {body + 1} is no line of a header: {line!r}")
    for key in ("title", "description", "view"):
        if key not in texts:
            raise OntologyError(f"{name}: the header has no line '# {key}: ...'")
    if texts["view"].split()[0] not in VIEWS:
        raise OntologyError(f"{name}: there is no view {texts['view']!r}, only {', '.join(sorted(VIEWS))}")
    slots = tuple(_slots(name, lines, body, parameters))
    for parameter in parameters:
        if all(slot[1] != parameter.name for slot in slots):
            raise OntologyError(f"{name}: parameter {parameter.name} has no line of its own in the query")
    return Query(name, texts["title"], texts["description"], texts["view"], tuple(parameters), text, slots)


def _parameter(query: str, found: re.Match[str], before: Sequence[Parameter]) -> Parameter:
    parameter = Parameter(found["name"], found["type"], bool(found["many"]), found["help"])
    if parameter.type not in TYPES:
        raise OntologyError(f"{query}: parameter {parameter.name} has the unknown type {parameter.type!r}")
    if any(other.name == parameter.name for other in before):
        raise OntologyError(f"{query}: two parameters are named {parameter.name}")
    return parameter


def _slots(
    query: str, lines: Sequence[str], body: int, parameters: Sequence[Parameter]
) -> Iterator[tuple[int, str, str]]:
    types = {parameter.name: parameter.type for parameter in parameters}
    for number in range(body, len(lines)):
        line = lines[number]
        if found := _SLICE.fullmatch(line):
            name, head = found["name"], f"{found['indent']}{found['word']} "
            fits = types.get(name) == found["word"].lower()
        elif found := _VALUES.fullmatch(line):
            several = found["variables"].startswith("(")
            name = found["name"] or ("" if several else found["variables"][1:])
            head = f"{found['indent']}VALUES {found['variables']} "
            fits = types.get(name) not in ("limit", "offset") and several is (types.get(name) == "row")
        else:
            if marker := _MARKER.search(line):
                raise OntologyError(f"{query}: line {number + 1} is marked for {marker['name']} but cannot be replaced")
            continue
        if name not in types:
            if found["name"]:
                raise OntologyError(f"{query}: line {number + 1} is for {name}, which the header does not declare")
            continue
        if not fits:
            raise OntologyError(f"{query}: line {number + 1} does not fit the type {types[name]} of {name}")
        yield number, name, head


def _line(parameter: Parameter, head: str, value: Value) -> str:
    if parameter.type in ("limit", "offset"):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise InvalidParameter(parameter.name, value, told("mend-whole"))
        return f"{head}{value}"
    several = isinstance(value, Sequence) and not isinstance(value, str)
    if several and not parameter.many:
        raise InvalidParameter(parameter.name, value, told("mend-single"))
    entries: Sequence[Cell | Sequence[Cell]] = value if several else (value,)  # type: ignore[assignment]  # mypy keeps no flag
    if parameter.type == "row":
        return f"{head}{{ {' '.join(_row(parameter, head, entry) for entry in entries)} }}"
    return f"{head}{{ {' '.join(_cell(parameter, entry) for entry in entries)} }}"


def _row(parameter: Parameter, head: str, row: object) -> str:
    if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != head.count("?"):
        raise InvalidParameter(parameter.name, row, f"takes rows of {head.count('?')}")
    return f"({' '.join(_cell(parameter, cell) for cell in row)})"


def _cell(parameter: Parameter, cell: object) -> str:
    if cell is None:
        return "UNDEF"
    if not isinstance(cell, NamedNode | Literal) or not _fits(parameter.type, cell):
        raise InvalidParameter(parameter.name, cell, _rule(parameter.type))
    return to_sparql(cell)


def _rule(type_: str) -> Told:
    """What a value of this type must be; no page takes terms and rows from a reader."""
    if type_ in ENTITY_TYPES:
        return told("mend-item")
    if type_ == "iri":
        return told("mend-iri")
    if type_ == "language_tag":
        return told("mend-code")
    if type_ == "instant":
        return told("mend-moment")
    return told("mend-whole") if type_ in ("integer", "limit", "offset") else told("mend-text")


_DATATYPES = {
    "text": XSD + "string",
    "language_tag": XSD + "string",
    "integer": XSD + "integer",
    "instant": XSD + "dateTime",
}


def _fits(type_: str, term: NamedNode | Literal) -> bool:
    if type_ in ("term", "row"):
        return True
    if isinstance(term, NamedNode):
        return type_ == "iri" or type_ in ENTITY_TYPES
    if type_ == "language_tag" and not re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", term.value):
        return False
    return term.datatype.value == _DATATYPES.get(type_)


def _read(type_: str, text: str, namespaces: WikibaseNamespaces) -> Term:
    if type_ in ENTITY_TYPES:
        return iri(namespaces.entity_iri(text) if re.fullmatch(r"[QP][1-9][0-9]*", text) else text)
    if type_ == "iri":
        return iri(text)
    if type_ == "integer":
        return integer(int(text))
    term: Term = date_time(instant(text).isoformat()) if type_ == "instant" else literal(text)
    if isinstance(term, BlankNode) or not _fits(type_, term):
        raise InvalidTerm(text)
    return term
