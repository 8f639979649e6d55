"""People in the dump of a Wikibase: what it says of them as drafts, because they published it elsewhere and not here.

Given out by the package. Whom the dump calls made up, and whose item is here already, it leaves to the import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from capx_graph.accounts import DraftRecord, Said, canonical_name
from capx_graph.errors import InvalidInput
from capx_graph.importers.population import MARK
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import values_of
from capx_graph.membership.fields import CHOSEN_FROM, Field
from capx_graph.membership.statements import Statements
from capx_graph.model import EntityJson
from capx_graph.repository.ids import ITEM, parse_of_kind
from capx_graph.spelling import spaced

SOURCE = "wikibase"
_MADE_UP = (MARK, "GeneratedData")


class DumpedPeople:
    """Takes people out of a dump; ``is_here`` says of an item whether this repository has it."""

    def __init__(self, vocabulary: Vocabulary, file: str, *, is_here: Callable[[str], bool]) -> None:
        self._statements = Statements(vocabulary)
        self._class = vocabulary.property_id("instanceOf")
        self._person = vocabulary.item_id("Person")
        self._username = vocabulary.property_id("username")
        self._source = vocabulary.property_id("source")
        self._made_up = {vocabulary.item_id(name) for name in _MADE_UP}
        self._file = file
        self._is_here = is_here
        self.drafts: dict[str, DraftRecord] = {}
        """What was taken out, by name."""

    def takes(self, entity: EntityJson) -> bool:
        """Whether an entity is somebody whom nobody made up; what it says of them is kept then."""
        if not isinstance(entity.get("claims"), Mapping) or parse_of_kind(str(entity.get("id")), ITEM) is None:
            return False
        try:
            if self._person not in values_of(entity, self._class):
                return False
            if not self._made_up.isdisjoint(values_of(entity, self._source)) or self._is_here(str(entity["id"])):
                return False
            names = list(values_of(entity, self._username))
            values = tuple(self._said(entity))
        except (KeyError, TypeError, AttributeError, ValueError):
            return False  # of no form that could be taken in; refused where it is read
        for name in names:
            self._keep(name, values, entity)
        return True

    def _keep(self, name: str, values: tuple[Said, ...], entity: EntityJson) -> None:
        try:
            written = canonical_name(spaced(name))
        except InvalidInput:
            return  # nobody can sign in under it
        self.drafts[written] = DraftRecord(written, SOURCE, self._file, int(str(entity["id"])[1:]), values)

    def _said(self, entity: EntityJson) -> list[Said]:
        found = []
        for part in (part for part in Field if part is not Field.ACTIVITY):
            for line in self._statements.lines(entity, part):
                item = line.value if part in CHOSEN_FROM else ""
                found.append(Said(line.name, line.value, item, level=line.level, language=line.language))
        return found
