"""What the shapes say of a record, field by field, before anything of it is sent.

Only this package imports it. Only what a change makes worse keeps it from being saved: an old fault of an imported
record keeps nobody from mending another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from capx_graph import languages, zones
from capx_graph.directory import DirectoryCache
from capx_graph.errors import InvalidParameter
from capx_graph.items.checking import ShapeCheck
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import Keys
from capx_graph.membership import LONGEST_TEXT, MOST_LINES, Fault, Line, Part, fault
from capx_graph.messages import Translator, line_of, load_messages
from capx_graph.model import EntityJson
from capx_graph.ontology import Instance
from capx_graph.repository.refusals import Refused
from capx_graph.repository.store import Repository
from capx_graph.resources import messages_dir
from capx_graph.shapes import Result
from capx_graph.spelling import unseen_in
from capx_graph.stewardship.kinds import RecordKind, Shape, Spec
from capx_graph.taxonomy import tidy

Problems = Mapping[str, tuple[Fault, ...]]


class RecordCheck:
    """Checks records of one Wikibase."""

    def __init__(
        self, repository: Repository, instance: Instance, directory: DirectoryCache, shapes: ShapeCheck
    ) -> None:
        self._repository = repository
        self._instance = instance
        self._vocabulary = Vocabulary(instance)
        self._directory = directory
        self._shapes = shapes

    def plain(self, kind: RecordKind, wanted: Mapping[str, Part], reader: Sequence[str]) -> Problems:
        """What no shape has to say of these fields, in the reader's words: sizes, languages, what cannot be."""
        tr = load_messages(messages_dir()).translator(reader[0])
        asked = [spec for spec in kind.fields if spec.name in wanted]
        found = {spec.name: self._plain(spec, wanted[spec.name].lines, tr) for spec in asked}
        return {name: texts for name, texts in found.items() if texts}

    def problems(
        self, kind: RecordKind, before: EntityJson | None, after: EntityJson, reader: Sequence[str]
    ) -> Problems:
        """What the shapes say of the record that they did not say before, in the reader's words."""
        known = {result.fault for result in self._violations(kind, before)} if before is not None else set()
        found: dict[str, dict[str, Fault]] = {}
        for result in self._violations(kind, after):
            if result.fault not in known:
                said = fault(result.message(reader), result.field, getattr(result.value, "value", ""))
                found.setdefault(self._field_of(kind, result, after), {}).setdefault(said, said)
        return {name: tuple(faults.values()) for name, faults in found.items()}

    def _violations(self, kind: RecordKind, entity: EntityJson) -> tuple[Result, ...]:
        keys = Keys()
        for entry in self._directory.current().entries.values():
            keys.learn(entry.kind, entry.id, entry.id)
        return self._shapes.violations(kind.kind, [entity], keys)

    def _plain(self, spec: Spec, lines: Sequence[Line], tr: Translator) -> tuple[Fault, ...]:
        found: dict[str, Fault] = {}
        if len(lines) > MOST_LINES:
            found["many"] = fault(tr.text("mend-many", MOST_LINES))
        if spec.shape in _SINGLE and any(count > 1 for count in Counter(line.name for line in lines).values()):
            found["single"] = fault(tr.text("mend-single"))
        for line in lines:
            for text in self._texts(spec, line, tr):
                found.setdefault(text, fault(text, line.name, line.value))
        return tuple(found.values())

    def _texts(self, spec: Spec, line: Line, tr: Translator) -> list[str]:
        try:
            return self._said(spec, line, tr)
        except InvalidParameter as error:
            return [line_of(error).within(tr)]
        except Refused:
            return [tr.text("mend-refused", line.value[:60])]

    def _said(self, spec: Spec, line: Line, tr: Translator) -> list[str]:
        """What is wrong with one line; raises InvalidParameter and Refused."""
        if spec.shape is Shape.WORDS:
            tidy(line.name, line.value)
            known = line.language in languages.term_codes()
            return [] if known else [tr.text("mend-language", line.language[:40])]
        if max(len(line.value), len(line.page), len(line.evidence)) > LONGEST_TEXT:
            return [tr.text("mend-long", LONGEST_TEXT, f"{line.value[:40]}…")]
        if unseen := unseen_in(line.value + line.page + line.evidence):
            return [tr.text("mend-character", unseen)]
        entries = self._directory.current().entries
        if spec.chosen_from is not None:
            entry = entries.get(line.value)
            known = entry is not None and entry.kind is spec.chosen_from
            return [] if known else [tr.text("mend-unlisted", line.value[:40])]
        if spec.shape is Shape.CHOICE:
            named = {self._vocabulary.individual(spec.codes, code) for code in self._vocabulary.codes(spec.codes)}
            return [] if line.value in named else [tr.text("mend-choice", line.value[:40])]
        if line.name == "timeZone" and not zones.is_zone(line.value):
            return [tr.text("mend-zone", line.value[:40])]
        if spec.shape in _INSTANTS and line.name != "timeZone" and not _is_instant(line.value):
            return [tr.text("mend-instant", line.value[:40])]
        datatype = self._vocabulary.datatype(line.name)
        if datatype == "url" and not line.value.lower().startswith(("http://", "https://")):
            return [tr.text("mend-address", line.value[:60])]
        if datatype in _WRITTEN:
            self._repository.validators.check({"type": "string", "value": line.value}, datatype)
        return []

    def _field_of(self, kind: RecordKind, result: Result, entity: EntityJson) -> str:
        """The field to mend: by the property, or by the statement that the rule looked at."""
        by_property = {name: spec.name for spec in kind.fields for name in spec.properties}
        if result.field in by_property and result.focus == result.record:
            return by_property[result.field]
        names = {self._vocabulary.property_id(name): name for name in by_property if self._instance.maps(name)}
        focus = getattr(result.focus, "value", "")
        for property_id, held in entity["claims"].items():
            if property_id in names and any(focus.endswith(s["id"].replace("$", "-")) for s in held):
                return by_property[names[property_id]]
        return by_property.get(result.field, kind.fields[0].name)


_SINGLE = frozenset({Shape.CHOICE, Shape.TEXT, Shape.TIME, Shape.MARK})
_INSTANTS = frozenset({Shape.TIME, Shape.MARK})
_WRITTEN = frozenset({"string", "external-id", "url", "commonsMedia"})


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
