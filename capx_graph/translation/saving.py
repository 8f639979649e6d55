"""A translator's form becomes one edit under their account: only what they changed, on the revision that they saw.

Given out by the package. Saving says that the texts were looked at: the mark of an unreviewed translation goes, and
an outdated one that is left as it is counts as still right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capx_graph.errors import Conflict, InvalidInput, InvalidParameter
from capx_graph.messages import told
from capx_graph.model import EntityJson, Receipt
from capx_graph.repository.store import Repository
from capx_graph.taxonomy import CapacityCheck, same_words, tidy
from capx_graph.taxonomy.statements import applied
from capx_graph.translation.confirmed import Confirmed
from capx_graph.translation.model import PARTS, Translated, TranslationConflict, Words
from capx_graph.translation.workspace import Desk, words
from capx_graph.wikibase.writer import Writer

_MOST_ALIASES = 50

Json = dict[str, Any]


class Saving:
    """Saves translations into one repository."""

    def __init__(
        self, repository: Repository, desk: Desk, writer: Writer, *, check: CapacityCheck, confirmed: Confirmed
    ) -> None:
        self._repository = repository
        self._desk = desk
        self._writer = writer
        self._check = check
        self._confirmed = confirmed

    def save(self, given: Translated, *, account: str, reader: Sequence[str] = ("en",)) -> Receipt:
        """Raises TranslationConflict, InvalidInput (a text that cannot be, a rule of the shapes), EditRefused."""
        self._desk.check_languages(given.source, given.target)
        page = self._desk.page(given.item)
        seen = self._repository.revision(given.item, given.base)
        entity = page.entity
        assert entity is not None
        if seen is None or seen.entity is None:
            raise TranslationConflict(given.item, words(entity, given.target))
        changes = _changes(given, seen.entity, entity)
        marks = self._desk.unreviewed(entity, given.target)
        if marks and (changes or words(entity, given.target).label):
            changes["claims"] = [{"id": mark, "remove": ""} for mark in marks]
        if not changes:
            self._still_right(given)
            return Receipt(given.item, page.revision_id, changed=False)
        self._check.check({given.item: applied(entity, changes)}, reader)
        receipt = self._send(given, changes, account, words(seen.entity, given.target))
        self._still_right(given)
        return receipt

    def _send(self, given: Translated, changes: Json, account: str, seen: Words) -> Receipt:
        summary = f"translation into {given.target}"
        try:
            return self._writer.update(given.item, changes, account=account, base_revision=given.base, summary=summary)
        except Conflict as error:
            now = self._desk.page(given.item)
            assert now.entity is not None
            theirs = words(now.entity, given.target)
            if theirs == seen:
                # Nobody was faster: another item has this name and definition.
                raise InvalidInput(same_words(error)) from error
            raise TranslationConflict(given.item, theirs) from error

    def _still_right(self, given: Translated) -> None:
        """What is outdated even now was left as it is by somebody who saw both texts."""
        page = self._desk.page(given.item)
        assert page.entity is not None
        source, target = words(page.entity, given.source), words(page.entity, given.target)
        for name in self._desk.formerly(page, given.source, given.target):
            key = (given.item, name, given.source, given.target)
            self._confirmed.confirm(key, source.text(name), target.text(name))


def _changes(given: Translated, seen: EntityJson, now: EntityJson) -> Json:
    """What the translator changed of what they saw, without what is meanwhile as they want it."""
    before, present = words(seen, given.target), words(now, given.target)
    changes: Json = {}
    for name, text in (("label", given.label), ("description", given.description)):
        line = tidy(name, text)
        if line not in (before.text(name), present.text(name)):
            term = {"language": given.target, "value": line} if line else {"language": given.target, "remove": ""}
            changes[PARTS[name]] = {given.target: term}
    wanted = _aliases(given)
    if wanted is not None and wanted not in (before.aliases, present.aliases):
        removed = [a for a in present.aliases if a in before.aliases and a not in wanted]
        added = [a for a in wanted if a not in present.aliases]
        terms = [{"language": given.target, "value": a, "remove": ""} for a in removed]
        terms += [{"language": given.target, "value": a, "add": ""} for a in added]
        if terms:
            changes["aliases"] = {given.target: terms}
    label, description = (tidy(name, text) for name, text in (("l", given.label), ("d", given.description)))
    if label and label == description:
        raise InvalidInput(told("translate-repeats"))
    return changes


def _aliases(given: Translated) -> tuple[str, ...] | None:
    if given.aliases is None:
        return None
    lines = tuple(dict.fromkeys(line for text in given.aliases if (line := tidy("aliases", text))))
    if len(lines) > _MOST_ALIASES:
        raise InvalidParameter("aliases", len(lines), told("mend-many", _MOST_ALIASES))
    return lines
