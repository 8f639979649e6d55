"""Reads a Wikibase JSON dump into the repository, under the ids that it has.

Same normal forms and rules as any edit, with three allowances that a dump needs: a value may name an entity that
comes later or was deleted, a term may be in any language, and a unit under the address of the wiki that the dump
comes from becomes one here. Properties are made first, because a dump has them in any place.
The surprising thing: a statement of a property that cannot be had here (a datatype of an extension) is left out and
reported, the rest of its entity is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from capx_graph.errors import CapxError, DataError, InvalidRecord
from capx_graph.model import SYSTEM, Draft, Receipt
from capx_graph.repository.dumps.file import DumpLine, read_dump
from capx_graph.repository.editing.bulk import BulkWriter, Prepared
from capx_graph.repository.entities import EntityReader
from capx_graph.repository.statements import StatementReader
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository
from capx_graph.repository.values.datatypes import VALUE_TYPES
from capx_graph.repository.values.validators import Validators

ACTOR = f"{SYSTEM}Dump"
"""Owns nothing, so that a dump writes no owned page."""

Json = dict[str, Any]
_BATCH = 250
_LANGUAGE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_FOREIGN_ITEM = re.compile(r"https?://[^\s<>\"]+/entity/(Q[1-9][0-9]*)\Z")


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something of the dump that was not taken: the line, the entity, and why."""

    line: int
    entity_id: str
    reason: str


@dataclass(slots=True)
class DumpReport:
    """What became of a dump."""

    written: int = 0
    unchanged: int = 0
    rejected: int = 0
    statements_left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Ready:
    line: DumpLine
    prepared: Prepared


@dataclass(slots=True)
class DumpImport:
    """One import; ``reject`` hears of all that is not taken, ``progress`` of the position in the file."""

    repository: Repository
    actor: str = ACTOR
    reject: Callable[[Rejection], None] = lambda _: None
    progress: Callable[[int], None] = lambda _: None
    left_out: Callable[[Json], bool] | None = None
    """Says of an entity whether it is passed over in silence, and what others say about it with it."""
    report: DumpReport = field(default_factory=DumpReport)
    _gone: frozenset[str] = frozenset()

    def run(self, path: Path) -> DumpReport:
        """Imports the file; raises DataError when it is no dump."""
        seen = 0
        self._gone = self._left_out(path)
        made = {receipt.entity_id for receipt, _ in self._write(self._bare_properties(path)) if receipt}
        lines = read_dump(path)
        while batch := list(islice(lines, _BATCH)):
            seen += sum(line.entity is not None for line in batch)
            batch = [line for line in batch if line.entity is None or line.entity.get("id") not in self._gone]
            if not batch:
                continue
            if not seen:
                raise DataError(f"{path} is no Wikibase JSON dump: line {batch[0].number}: {batch[0].error}")
            for receipt, rejection in self._write(self._ready(batch)):
                if rejection is not None:
                    self._rejected(rejection)
                elif receipt is not None and (receipt.changed or receipt.entity_id in made):
                    self.report.written += 1
                else:
                    self.report.unchanged += 1
            self.progress(batch[-1].position)
        return self.report

    def _left_out(self, path: Path) -> frozenset[str]:
        """The ids that are passed over, found before anything is written: others may mention them earlier."""
        if self.left_out is None:
            return frozenset()
        found = (line.entity for line in read_dump(path) if line.entity is not None)
        return frozenset(str(entity.get("id")) for entity in found if self.left_out(entity))

    def _bare_properties(self, path: Path) -> Iterator[_Ready]:
        """New properties without their statements, so that every datatype is known before statements are read."""
        known = self.repository.datatypes()
        writer = self._writer()
        for line in read_dump(path, only_properties=True):
            entity = line.entity
            if entity is None or entity.get("type") != "property" or entity["id"] in known:
                continue
            datatype = entity.get("datatype")
            if isinstance(datatype, str) and datatype in VALUE_TYPES:
                bare = {key: value for key, value in entity.items() if key not in ("claims", "statements")}
                try:
                    (prepared,) = writer.prepare([Draft(bare)])
                except InvalidRecord:
                    continue  # met again, and reported, in its place
                yield _Ready(line, prepared)

    def _ready(self, lines: Iterable[DumpLine]) -> Iterator[_Ready]:
        writer = self._writer()
        datatypes = self.repository.datatypes()
        for line in lines:
            if line.entity is None:
                self._rejected(_rejection(line, line.error))
                continue
            entity = self._usable(line, datatypes)
            try:
                (prepared,) = writer.prepare([Draft(entity)])
            except InvalidRecord as error:
                self._rejected(_rejection(line, str(error)))
                continue
            yield _Ready(line, prepared)

    def _writer(self) -> BulkWriter:
        validators = Validators(
            entity_base=self.repository.namespaces.entity,
            exists=lambda _: True,
            known_language=lambda code: bool(_LANGUAGE.match(code)),
        )
        datatype_of = self.repository.datatypes().get
        reader = EntityReader(StatementReader(datatype_of, validators), lambda code: bool(_LANGUAGE.match(code)))
        return BulkWriter(reader, validators, datatype_of)

    def _usable(self, line: DumpLine, datatypes: Mapping[str, str]) -> Json:
        """The entity without statements that cannot be had here, units under this wiki's address."""
        entity = dict(line.entity or {})
        claims = entity.pop("claims", None) or {}
        groups = claims.values() if isinstance(claims, Mapping) else [claims]
        kept = []
        for statement in (statement for group in groups if isinstance(group, list) for statement in group):
            if self._gone and any(_target(snak) in self._gone for snak in _snaks(statement)):
                continue
            missing = next((p for p in _properties(statement) if p not in datatypes), None)
            if missing is None:
                kept.append(_with_local_units(statement, self.repository.namespaces.entity))
            else:
                self.report.statements_left_out += 1
                reason = f"a statement is left out: {missing} is of a datatype unknown here, or deleted"
                self.reject(Rejection(line.number, str(entity.get("id")), reason))
        return entity | {"claims": kept}

    def _write(self, ready: Iterable[_Ready]) -> Iterator[tuple[Receipt | None, Rejection | None]]:
        """Writes in batches of one transaction; a batch that a rule stops is written entity by entity."""
        stream = iter(ready)
        while batch := list(islice(stream, _BATCH)):
            try:
                receipts = self._commit(batch)
            except CapxError:
                yield from map(self._alone, batch)
            else:
                yield from ((receipt, None) for receipt in receipts)

    def _alone(self, one: _Ready) -> tuple[Receipt | None, Rejection | None]:
        try:
            return self._commit([one])[0], None
        except CapxError as error:
            return None, _rejection(one.line, str(error))

    def _commit(self, batch: Iterable[_Ready]) -> list[Receipt]:
        author = Author(self.actor, "imported from a dump", bot=True)
        with self.repository.transaction() as transaction:
            return self._writer().write([one.prepared for one in batch], transaction, author)

    def _rejected(self, rejection: Rejection) -> None:
        self.report.rejected += 1
        self.reject(rejection)


def _rejection(line: DumpLine, reason: str) -> Rejection:
    return Rejection(line.number, str(line.entity["id"]) if line.entity is not None else "", reason)


def _snaks(statement: object) -> Iterator[Json]:
    """The snaks of a statement of whatever shape; what is none is left to the reader to refuse."""
    if not isinstance(statement, dict):
        return
    yield from _dicts([statement.get("mainsnak")])
    for group in _values(statement.get("qualifiers")):
        yield from _dicts(group)
    for reference in _dicts(statement.get("references")):
        for group in _values(reference.get("snaks")):
            yield from _dicts(group)


def _dicts(found: object) -> Iterator[Json]:
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, dict))


def _values(groups: object) -> Iterator[object]:
    if isinstance(groups, dict):
        yield from groups.values()
    elif isinstance(groups, list):
        yield groups


def _target(snak: Json) -> str:
    """The item that a snak leads to."""
    datavalue = snak.get("datavalue")
    value = datavalue.get("value") if isinstance(datavalue, dict) else None
    return str(value.get("id")) if isinstance(value, dict) else ""


def _properties(statement: object) -> Iterator[str]:
    for snak in _snaks(statement):
        if isinstance(snak.get("property"), str):
            yield snak["property"]


def _with_local_units(statement: object, entity_base: str) -> object:
    """The statement with units of another wiki named here: ids are kept, so the item is the same."""
    for snak in _snaks(statement):
        datavalue = snak.get("datavalue")
        if isinstance(datavalue, dict) and datavalue.get("type") == "quantity":
            value = datavalue.get("value")
            if isinstance(value, dict) and isinstance(value.get("unit"), str):
                found = _FOREIGN_ITEM.match(value["unit"])
                if found:
                    value["unit"] = entity_base + found[1]
    return statement
