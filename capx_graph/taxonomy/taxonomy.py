"""What a maintainer does to the tree of capacities, each a checked edit or two under their own account.

Given out by the package. Nothing of what people published is touched: who knows a merged capacity knows its target,
because the graph follows redirects, and a retired one stays on their profiles with a hint.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from capx_graph.directory import Directory, DirectoryCache
from capx_graph.directory.lookup import entry_meant
from capx_graph.errors import Conflict, InvalidInput, InvalidParameter, NotFound
from capx_graph.instants import Clock, stamp
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.messages import told
from capx_graph.model import EntityJson, EntityKind, Page, Receipt
from capx_graph.repository.store import Repository
from capx_graph.taxonomy.checking import CapacityCheck
from capx_graph.taxonomy.model import CapacityFacts, Details, NewCapacity
from capx_graph.taxonomy.statements import Json, applied, setting, value_of
from capx_graph.taxonomy.wording import same_words, tidy
from capx_graph.wikibase.writer import Writer

ENGLISH = "en"
"""The language in which every capacity has a name; the shapes ask for it."""

_SINGLE = ("broader", "colour", "wikidataId", "capxId", "retired", "replacedBy")
"""Properties with one value at most: after a merge the target's stand alone."""
_OWN = frozenset({"broader", "retired", "replacedBy"})
"""Those that say nothing of the target, even where it has none."""

Reader = Sequence[str]


class Taxonomy:
    """The tree of capacities of one repository."""

    def __init__(
        self,
        repository: Repository,
        directory: DirectoryCache,
        writer: Writer,
        *,
        check: CapacityCheck,
        vocabulary: Vocabulary,
        clock: Clock,
    ) -> None:
        self._repository = repository
        self._directory = directory
        self._writer = writer
        self._check = check
        self._vocabulary = vocabulary
        self._clock = clock

    def directory(self) -> Directory:
        """The directory as of now."""
        return self._directory.current()

    def facts(self, value: str) -> CapacityFacts:
        """A capacity as it stands in the Wikibase; raises NotFound."""
        page = self._page(self._meant(value))
        entity = page.entity
        assert entity is not None
        return CapacityFacts(
            item=page.entity_id,
            revision=page.revision_id,
            details=Details(
                label=_term(entity, "labels"),
                description=_term(entity, "descriptions"),
                parent=self._value(entity, "broader"),
                colour=self._value(entity, "colour") or "",
                wikidata=self._value(entity, "wikidataId") or "",
            ),
            retired=self._value(entity, "retired"),
            replaced_by=self._value(entity, "replacedBy"),
        )

    def add(self, wanted: NewCapacity, *, account: str, summary: str = "", reader: Reader = ("en",)) -> Receipt:
        """Makes a capacity; raises ShapeViolation, InvalidInput, EditRefused (a name that another one has)."""
        draft = ItemDraft(self._vocabulary, "Q0", class_name="Capacity")
        for language, text in wanted.labels.items():
            if line := tidy("label", text):
                draft.label(language, line)
        for language, text in wanted.descriptions.items():
            if line := tidy("description", text):
                draft.description(language, line)
        kept = self._vocabulary.kept_in_directory
        _check_kept(kept, parent=wanted.parent, colour=wanted.colour.strip())
        if wanted.parent:
            draft.add("broader", self._open_parent(wanted.parent))
        elif not wanted.colour.strip() and "colour" not in kept:
            raise _root_without_colour()
        for name, given in (("colour", wanted.colour.upper()), ("wikidataId", wanted.wikidata.upper())):
            if text := tidy(name, given):
                draft.add(name, text)
        entity = draft.entity()
        self._check.check({"Q0": entity}, reader)
        claims = [{key: value for key, value in s.items() if key != "id"} for s in _statements(entity)]
        try:
            return self._writer.create({**entity, "claims": claims}, account=account, summary=summary or "new capacity")
        except Conflict as error:
            # There is nothing yet that somebody could have changed: a name that another item has.
            raise InvalidInput(same_words(error)) from error

    def change(self, item: str, wanted: Details, *, base: int, account: str, reader: Reader = ("en",)) -> Receipt:
        """Saves what the form of a capacity holds, a move included; raises Conflict, ShapeViolation, InvalidInput."""
        page = self._based(item, base)
        entity = page.entity
        assert entity is not None
        present = self._value(entity, "broader")
        parent = present if wanted.parent == present else self._open_parent(wanted.parent) if wanted.parent else None
        if parent is not None and parent in self.directory().tree.beneath(item):
            raise InvalidParameter("parent", parent, told("keep-parent-below"))
        kept = self._vocabulary.kept_in_directory
        _check_kept(kept, parent=parent, colour=wanted.colour.strip())
        if parent is None and not wanted.colour.strip() and "colour" not in kept:
            raise _root_without_colour()
        claims = [
            *setting(entity, "broader", parent, self._vocabulary),
            *setting(entity, "colour", tidy("colour", wanted.colour.upper()) or None, self._vocabulary),
            *setting(entity, "wikidataId", tidy("wikidata", wanted.wikidata.upper()) or None, self._vocabulary),
        ]
        changes: Json = {"claims": claims} if claims else {}
        for part, name, text in (
            ("labels", "label", wanted.label),
            ("descriptions", "description", wanted.description),
        ):
            line = tidy(name, text)
            if line != _term(entity, part):
                removal = {"language": ENGLISH, "remove": ""}
                changes[part] = {ENGLISH: {"language": ENGLISH, "value": line} if line else removal}
        summary = _said(moved=parent != present, parent=parent)
        return self._save(page, changes, account=account, summary=summary, reader=reader)

    def retire(self, item: str, *, base: int, replacement: str | None, reason: str, account: str) -> Receipt:
        """Marks a capacity as not to be chosen any more; what people published of it stays. Raises as ``change``."""
        page = self._based(item, base)
        entity = page.entity
        assert entity is not None
        target = self._open_parent(replacement) if replacement else None
        if target == item:
            raise InvalidParameter("replacement", target, told("keep-replacement-itself"))
        living = [child for child in self.directory().tree.children.get(item, ()) if not self._retired(child)]
        if living:
            raise InvalidInput(told("keep-parts-first", ", ".join(living)))
        since = self._value(entity, "retired") or stamp(self._clock())
        claims = [
            *setting(entity, "retired", since, self._vocabulary),
            *setting(entity, "replacedBy", target, self._vocabulary),
        ]
        said = f"retired: {tidy('reason', reason)}" if reason.strip() else "retired"
        return self._save(page, {"claims": claims} if claims else {}, account=account, summary=said)

    def restore(self, item: str, *, base: int, account: str) -> Receipt:
        """Takes the marks of retirement away again; raises NotFound, Conflict."""
        page = self._based(item, base)
        assert page.entity is not None
        names = ("retired", "replacedBy")
        claims = [change for name in names for change in setting(page.entity, name, None, self._vocabulary)]
        return self._save(page, {"claims": claims} if claims else {}, account=account, summary="not retired any more")

    def merge(self, item: str, target: str, *, base: int, account: str, reader: Reader = ("en",)) -> Receipt:
        """Joins a capacity into another and leaves a redirect; what has one value only is the target's.

        Raises as ``change``; the parts of the merged capacity are then parts of the target.
        """
        page, goal = self._based(item, base), self._page(self._open_parent(target))
        source, entity = page.entity, goal.entity
        assert source is not None
        assert entity is not None
        tree = self.directory().tree
        if goal.entity_id in tree.beneath(item):
            raise InvalidParameter("target", goal.entity_id, told("keep-target-below"))
        self._check.check(self._parts_under(goal.entity_id, tree.beneath(item)[1:], item), reader)
        changes = self._in_the_way(source, entity)
        if changes:
            summary = f"preparing the merge into [[Item:{goal.entity_id}]]"
            self._writer.update(item, changes, account=account, base_revision=base, summary=summary)
        receipt = self._writer.merge(item, goal.entity_id, account=account)
        left = self._repository.page(item)
        if left is None or left.redirect_to is None:
            raise Conflict(f"{item} was joined into {goal.entity_id}, but somebody wrote to it meanwhile")
        return receipt

    def _in_the_way(self, source: EntityJson, target: EntityJson) -> Json:
        """What has to leave a capacity before it can become a redirect: what the target says otherwise, and marks of
        unreviewed texts, since the texts become aliases."""
        names = [name for name in _SINGLE if name in _OWN or self._value(target, name)]
        claims = [change for name in names for change in setting(source, name, None, self._vocabulary)]
        marks = source["claims"].get(self._vocabulary.property_id("unreviewedLanguage"), ())
        claims += [{"id": statement["id"], "remove": ""} for statement in marks]
        changes: Json = {"claims": claims} if claims else {}
        held, kept = source["descriptions"], target["descriptions"]
        other = [language for language in held if language in kept and held[language] != kept[language]]
        if other:
            changes["descriptions"] = {language: {"language": language, "remove": ""} for language in other}
        return changes

    def _parts_under(self, goal: str, below: Iterable[str], item: str) -> dict[str, EntityJson]:
        """What lies below a capacity, as it will be when that has become another one."""
        found: dict[str, EntityJson] = {}
        for entity_id, page in self._repository.pages(below).items():
            if page.entity is not None:
                own = self._value(page.entity, "broader") == item
                claims = setting(page.entity, "broader", goal, self._vocabulary) if own else []
                found[entity_id] = applied(page.entity, {"claims": claims})
        return found

    def _save(self, page: Page, changes: Json, *, account: str, summary: str, reader: Reader = ("en",)) -> Receipt:
        entity = page.entity
        assert entity is not None
        if not changes:
            return Receipt(page.entity_id, page.revision_id, changed=False)
        # What lies below may come to lie too deep: it is looked at too.
        below = self._repository.pages(self.directory().tree.beneath(page.entity_id)[1:])
        around = {item: other.entity for item, other in below.items() if other.entity is not None}
        self._check.check({**around, page.entity_id: applied(entity, changes)}, reader)
        try:
            return self._writer.update(
                page.entity_id, changes, account=account, base_revision=page.revision_id, summary=summary
            )
        except Conflict as error:
            now = self._repository.page(page.entity_id)
            if now is not None and now.revision_id == page.revision_id:
                # Nobody was faster: another item has this name and definition.
                raise InvalidInput(same_words(error)) from error
            raise

    def _based(self, item: str, base: int) -> Page:
        """The capacity in the revision that a form was drawn from; raises Conflict when there is a newer one."""
        page = self._page(item)
        if page.revision_id != base:
            raise Conflict(f"{item} was changed meanwhile")
        return page

    def _page(self, item: str) -> Page:
        page = self._repository.page(item)
        if page is None or page.entity is None or page.owner is not None:
            raise NotFound(told("refused-absent", item))
        return page

    def _meant(self, value: str) -> str:
        found = entry_meant(value, EntityKind.CAPACITY, self.directory())
        if found is None:
            raise NotFound(told("refused-absent", value))
        return found

    def _open_parent(self, value: str) -> str:
        """A capacity that may be chosen; raises InvalidParameter."""
        found = entry_meant(value, EntityKind.CAPACITY, self.directory())
        if found is None or self._retired(found):
            raise InvalidParameter("capacity", value[:40], told("mend-choice", value[:40]))
        return found

    def _retired(self, item: str) -> bool:
        entry = self.directory().entries.get(item)
        return entry is not None and entry.retired is not None

    def _value(self, entity: EntityJson, name: str) -> str | None:
        return value_of(entity, self._vocabulary.property_id(name))


def _check_kept(kept: Collection[str], *, parent: str | None, colour: str) -> None:
    """Refuses to write elsewhere what the directory here keeps for a Wikibase that lacks it."""
    for property_name, name, value in (("broader", "parent", parent), ("colour", "colour", colour)):
        if value and property_name in kept:
            raise InvalidParameter(name, value, told("mend-kept"))


def _root_without_colour() -> InvalidParameter:
    return InvalidParameter("colour", "", told("keep-colour-missing", "#BE0078"))


def _said(*, moved: bool, parent: str | None) -> str:
    if not moved:
        return "details of a capacity"
    return f"moved below [[Item:{parent}]]" if parent else "made a root of the directory"


def _term(entity: EntityJson, part: str) -> str:
    return str(entity[part].get(ENGLISH, {}).get("value", ""))


def _statements(entity: EntityJson) -> Iterable[Any]:
    return [statement for held in entity["claims"].values() for statement in held]
