"""Which form a file has, told by what is in it; and its records with the fields that are used.

Only this package imports it. The name of a file counts only where it holds nothing but names by number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from capx_graph.errors import InvalidInput
from capx_graph.importers.outside.forms import (
    COLUMNS,
    FIELDS,
    MARKS,
    NAMED,
    RECONCILED,
    TABLES,
    Form,
    Listing,
    kind_of,
)
from capx_graph.importers.outside.texts import read_rows, read_text
from capx_graph.importers.records import Record
from capx_graph.importers.rejects import Reject
from capx_graph.items.drafts import Problem

_HINTS = ("reconciled_", "_reconciled", "_wikidata", "_qid", "_id", "_item")
_KNOWN = (
    "a CSV of Let's Connect with the column username and want_to_learn or want_to_share, an answer of the Capacity "
    "Exchange's interface (/users/, /organizations/, /skill/, /territory/ ...) as JSON, or one of the Commons tables "
    "users.tab, capacities.tab, badges.tab"
)
_NOT_WORD = re.compile(r"\W+")


def recognise(path: Path) -> Listing:
    """A file read; raises NotFound, and InvalidInput where it has no form that is known."""
    text = read_text(path)
    if text.lstrip()[:1] in ("{", "["):
        return _of_json(path, text)
    return _of_rows(path, list(read_rows(text, path.name)))


# -- JSON


def _of_json(path: Path, text: str) -> Listing:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{path} is not JSON: {error}") from error
    if isinstance(content, dict) and isinstance(content.get("jsondata"), dict):
        content = content["jsondata"]  # as action=jsondata answers it
    if isinstance(content, dict) and isinstance(content.get("schema"), dict):
        return _of_table(path, content)
    if isinstance(content, dict) and isinstance(content.get("results"), list):
        content = content["results"]
    if isinstance(content, dict) and content and all(_is_number(key) for key in content):
        return _of_names(path, content)
    records = content if isinstance(content, list) else [content]
    form = next((form for mark, form in MARKS for one in records if isinstance(one, dict) and mark in one), None)
    if form is None:
        if not records:
            return Listing(Form.PEOPLE, path.name, ())
        raise InvalidInput(f"{path} is of no form that is known here: {_KNOWN}")
    return _listing(form, path.name, enumerate(records, start=1))


def _of_table(path: Path, content: Mapping[str, object]) -> Listing:
    schema, rows = content["schema"], content.get("data")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    names = [field.get("name") if isinstance(field, dict) else None for field in fields or ()]
    form = next((form for columns, form in TABLES if columns <= {name for name in names if name}), None)
    if form is None or not isinstance(rows, list):
        columns = ", ".join(str(name) for name in names)
        raise InvalidInput(f"{path} is a table with the columns {columns or '(none)'}; known are {_KNOWN}")

    def records() -> Iterator[tuple[int, object]]:
        for number, row in enumerate(rows, start=1):
            fits = isinstance(row, list) and len(row) == len(names)
            yield number, dict(zip(names, row, strict=True)) if fits else None

    return _listing(form, path.name, records())


def _of_names(path: Path, content: Mapping[str, object]) -> Listing:
    """Names by number, as the interface's /list/ has them."""
    stem = path.stem.casefold()
    form = next((form for part, form in NAMED if part in stem), None)
    if form is None:
        raise InvalidInput(
            f"{path} holds names by number and does not say of what; call it territory.json, language.json, "
            f"wikimedia_project.json, affiliation.json or badges.json"
        )
    named = [{"id": int(key), "name": name} for key, name in content.items()]
    return _listing(form, path.name, enumerate(named, start=1))


def _is_number(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 10


def _listing(form: Form, file: str, rows: Iterable[tuple[int, object]]) -> Listing:
    records: list[Record] = []
    refused: list[Reject] = []
    for number, row in rows:
        where = f"{file}:{number}"
        if not isinstance(row, Mapping):
            refused.append(_refused(where, form, "must have a value for every field"))
        elif form is Form.LETS_CONNECT:
            records.append(Record(where, _columns(row)))
        else:
            data = {**row, **_of_user(row)} if form is Form.PEOPLE else row
            records.append(Record(where, {name: data[name] for name in FIELDS[form] if name in data}))
    return Listing(form, file, tuple(records), tuple(refused))


def _of_user(row: Mapping[str, object]) -> dict[str, object]:
    user = row.get("user")
    return {"username": user.get("username")} if isinstance(user, Mapping) else {}


def _refused(where: str, form: Form, rule: str) -> Reject:
    return Reject(where, "", {}, (Problem("", None, rule),), kind_of(form))


# -- CSV


def _of_rows(path: Path, rows: Sequence[tuple[int, list[str]]]) -> Listing:
    if not rows:
        raise InvalidInput(f"{path} is empty; known are {_KNOWN}")
    header = [_field(name) for name in rows[0][1]]
    if "username" not in header or not any(name.startswith(("want_to_learn", "want_to_share")) for name in header):
        raise InvalidInput(f"{path} has the columns {', '.join(rows[0][1])[:200]}; known is {_KNOWN}")
    if repeated := next((name for name in header if name and header.count(name) > 1), None):
        raise InvalidInput(f"{path} has more than one column for {repeated}; keep one")
    records: list[Record] = []
    refused: list[Reject] = []
    for number, row in rows[1:]:
        where = f"{path.name}:{number}"
        if len(row) > len(header):
            rule = f"has {len(row)} cells where the header has {len(header)}: quote cells that hold the separator"
            refused.append(_refused(where, Form.LETS_CONNECT, rule))
            continue
        cells = zip(header, row, strict=False)
        records.append(Record(where, {name: cell for name, cell in cells if name and cell}))
    return Listing(Form.LETS_CONNECT, path.name, tuple(records), tuple(refused))


def _columns(row: Mapping[str, object]) -> dict[str, object]:
    """The same of JSON, as Let's Connect's own service gives it."""
    return {field: value for name, value in row.items() if (field := _field(str(name))) and value not in (None, "")}


def _field(name: str) -> str:
    """The field of a column, whatever way it is written; empty for a column that is not used."""
    plain = _NOT_WORD.sub("_", name.casefold().strip("\ufeff ")).strip("_")
    if plain in COLUMNS:
        return COLUMNS[plain]
    for hint in _HINTS:
        base = plain.removeprefix(hint) if hint.endswith("_") else plain.removesuffix(hint)
        if base != plain and base in COLUMNS and base != "username":
            return COLUMNS[base] + RECONCILED
    return ""
