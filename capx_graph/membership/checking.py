"""What the shapes say of a profile, field by field, before anything of it is kept.

Only this package imports it. All of the profile is looked at as if it were public, so that publishing a field later
meets no surprise; the context is the types of what is named, and nothing of other people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from capx_graph import languages
from capx_graph.directory import DirectoryCache
from capx_graph.errors import InvalidInput
from capx_graph.items.checking import ShapeCheck
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, Keys
from capx_graph.membership.changes import Fault, fault
from capx_graph.membership.fields import CHOSEN_FROM, FIELD_OF, LONGEST_TEXT, MOST_LINES, Field, Part
from capx_graph.membership.statements import Statements
from capx_graph.messages import Translator, load_messages
from capx_graph.model import EntityJson, EntityKind, Page
from capx_graph.ontology import Instance
from capx_graph.resources import messages_dir
from capx_graph.shapes import Result
from capx_graph.spelling import unseen_in
from capx_graph.taxonomy.statements import applied

Problems = Mapping[Field, tuple[Fault, ...]]


class ProfileCheck:
    """Checks profiles of one Wikibase; ``refusal`` says what that Wikibase has against a statement, and ``pages``
    finds what is in no list of the directory.
    """

    def __init__(
        self,
        instance: Instance,
        directory: DirectoryCache,
        statements: Statements,
        *,
        shapes: ShapeCheck,
        pages: Callable[[Iterable[str]], Mapping[str, Page]],
        refusal: Callable[[Mapping[str, Any]], InvalidInput | None],
    ) -> None:
        self._instance = instance
        self._directory = directory
        self._statements = statements
        self._shapes = shapes
        self._pages = pages
        self._reader = KeyReader(Vocabulary(instance))
        self._refusal = refusal

    def problems(self, empty: EntityJson, parts: Mapping[Field, Part], reader: Sequence[str]) -> Problems:
        """All that keeps a profile from being saved, in the reader's words; ``empty`` is an item without its fields.

        A field that cannot even be looked at by the shapes is left out of what they are asked about.
        """
        tr = load_messages(messages_dir()).translator(reader[0])
        kinds = self._kinds(parts)
        plain = {part: faults for part, content in parts.items() if (faults := self._plain(part, content, kinds, tr))}
        unread = {*plain, *((Field.OFFERS,) if Field.KNOWS in plain else ())}
        wanted = {part: content.lines for part, content in parts.items() if part not in unread}
        entity = applied(empty, {"claims": self._statements.changes(empty, wanted)})
        shaped = self._shaped(entity, kinds, reader)
        return {**self._refused(entity, tr), **shaped, **plain}

    def _shaped(self, entity: EntityJson, kinds: Mapping[str, EntityKind], reader: Sequence[str]) -> Problems:
        keys = Keys()
        for item, kind in kinds.items():
            keys.learn(kind, item, item)
        found: dict[Field, dict[str, Fault]] = {}
        for result in self._shapes.violations(EntityKind.PERSON, [entity], keys):
            said = fault(result.message(reader), result.field, getattr(result.value, "value", ""))
            found.setdefault(self._field_of(result, entity), {}).setdefault(said, said)
        return {part: tuple(faults.values()) for part, faults in found.items()}

    def _kinds(self, parts: Mapping[Field, Part]) -> dict[str, EntityKind]:
        """What the things named are. Projects are no entries of the directory: they are looked for among the pages,
        of which those that belong to somebody may say anything.
        """
        entries = self._directory.current().entries
        named = {line.value for content in parts.values() for line in content.lines}
        found = {item: entries[item].kind for item in named if item in entries}
        projects = self._pages([line.value for line in parts[Field.TAKING_PART].lines[:MOST_LINES]])
        for item, page in projects.items():
            if page.entity is not None and page.owner is None and self._reader.kind(page.entity) is EntityKind.PROJECT:
                found[item] = EntityKind.PROJECT
        return found

    def _refused(self, entity: EntityJson, tr: Translator) -> Problems:
        """What the Wikibase itself would not take, told before anything is kept: it would wait for ever."""
        found: dict[Field, dict[str, Fault]] = {}
        for name, part in FIELD_OF.items():
            for statement in entity["claims"].get(self._instance.property_id(name), ()):
                if self._refusal(statement):
                    held = statement["mainsnak"].get("datavalue", {}).get("value", "")
                    value = str(held.get("text", "") if isinstance(held, Mapping) else held)
                    said = fault(tr.text("mend-refused", value[:60]), name, value)
                    found.setdefault(part, {}).setdefault(said, said)
        return {part: tuple(faults.values()) for part, faults in found.items()}

    def _plain(self, part: Field, content: Part, kinds: Mapping[str, EntityKind], tr: Translator) -> tuple[Fault, ...]:
        """What no shape has to say: sizes, and ids that are none."""
        found: dict[str, Fault] = {}
        if len(content.lines) > MOST_LINES:
            found[""] = fault(tr.text("mend-many", MOST_LINES))
        for line in content.lines:
            texts = []
            if max(len(line.value), len(line.page)) > LONGEST_TEXT:
                texts.append(tr.text("mend-long", LONGEST_TEXT, f"{line.value[:40]}…"))
            if unseen := unseen_in(line.value + line.page + line.evidence):
                texts.append(tr.text("mend-character", unseen))
            if part in CHOSEN_FROM and kinds.get(line.value) is not CHOSEN_FROM[part]:
                texts.append(tr.text("mend-unlisted", line.value[:40]))
            if line.name == "about" and line.language not in languages.monolingual_codes():
                texts.append(tr.text("mend-language", line.language[:40]))
            for text in texts:
                found.setdefault(text, fault(text, line.name, line.value))
        return tuple(found.values())

    def _field_of(self, result: Result, entity: Mapping[str, Any]) -> Field:
        """The field to mend: by the property, or by the statement that the rule looked at."""
        if result.field in FIELD_OF and result.focus == result.record:
            return FIELD_OF[result.field]
        names = {self._instance.property_id(name): name for name in FIELD_OF}
        focus = getattr(result.focus, "value", "")
        for property_id, held in entity["claims"].items():
            if property_id in names and any(focus.endswith(s["id"].replace("$", "-")) for s in held):
                return FIELD_OF[names[property_id]]
        return FIELD_OF.get(result.field, Field.ABOUT)
