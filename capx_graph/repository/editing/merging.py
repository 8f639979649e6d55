"""Merging one item into another, and redirects.

Only rooms of the repository that write import it. What the target has stays; what differs becomes an alias or a
further statement; a description that differs is a conflict that may be ignored, then the source keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from capx_graph.repository.editing.edit import Edit, Loaded
from capx_graph.repository.editing.operations import is_empty, working_copy
from capx_graph.repository.editing.statements import replace_statement, set_statement, with_reference
from capx_graph.repository.editing.terms import add_aliases
from capx_graph.repository.ids import ITEM, kind_of
from capx_graph.repository.refusals import Message, Refused, fault, refuse_edit
from capx_graph.repository.statements import Json, all_snaks, flat, statements_of
from capx_graph.repository.storage.transaction import Author

CONFLICTS = ("description", "sitelink", "statement")


@dataclass(frozen=True, slots=True)
class Merged:
    """The revisions that a merge made, and whether the source became a redirect."""

    source_revision: int
    target_revision: int
    redirected: bool


def merge_items(edit: Edit, source_id: str, target_id: str, *, ignore: Collection[str], author: Author) -> Merged:
    """Moves everything of the source into the target; raises Refused."""
    source, target = (_load_for_merge(edit, entity_id) for entity_id in (source_id, target_id))
    if source_id == target_id:
        raise _no_merge("You must provide unique ids", "cant-merge-self")
    try:
        left, merged = _merged(source.entity, target.entity, ignore)
    except Refused as error:
        text = error.args[0]
        refusal = fault(text, "failed-modify")
        raise Refused(text, code="failed-modify", messages=refusal.messages, data={"extradata": [text]}) from error
    saved_source = edit.save(source, left, _summarised(author, f"/* wbmergeitems-to:0||{target_id} */"))
    saved_target = edit.save(target, merged, _summarised(author, f"/* wbmergeitems-from:0||{source_id} */"))
    redirected = is_empty(left)
    if redirected:
        redirect(edit, source_id, target_id, author=Author(author.actor, "", bot=author.bot))
    return Merged(saved_source.revision_id, saved_target.revision_id, redirected)


def redirect(edit: Edit, source_id: str, target_id: str, *, author: Author) -> int:
    """Makes an empty item a redirect; answers the new revision; raises Refused."""
    if kind_of(source_id) != kind_of(target_id):
        raise fault("Incompatible entity types", "target-is-incompatible")
    target = edit.transaction.page(target_id)
    if target is None or target.deleted:
        raise fault(f"there is no {target_id}", "no-such-entity")
    if target.redirect_to is not None:
        raise fault(f"Entity {target_id} is a redirect", "target-is-redirect")
    source = edit.transaction.page(source_id)
    if source is None:
        raise fault(f"there is no {source_id}", "no-such-entity")
    if kind_of(source_id) != ITEM:
        raise fault(f"{source_id} cannot be a redirect", "cant-redirect")
    if source.content is not None and source.redirect_to is None and not is_empty(source.content):
        raise fault(f"Can't create redirect on non empty item {source_id}", "origin-not-empty")
    if source_id == target_id:
        raise fault("Cannot redirect an entity to itself.", "source-and-target-are-the-same")
    summary = f"/* wbcreateredirect:0||{source_id}|{target_id} */"
    return edit.transaction.redirect(source, target_id, Author(author.actor, summary, bot=author.bot))


def _load_for_merge(edit: Edit, entity_id: str) -> Loaded:
    try:
        return edit.load(entity_id)
    except Refused as error:
        if error.code != "unresolved-redirect":
            raise _no_merge(f"Entity {entity_id} not found", "no-such-entity") from error
        text = str(error)
        refusal = fault(text, "cant-load-entity-content")
        raise Refused(text, code=refusal.code, messages=refusal.messages, data={"extradata": [text]}) from error


def _no_merge(text: str, code: str) -> Refused:
    return Refused(text, code=code, messages=(Message(f"wikibase-itemmerge-{code}"),), data={"extradata": []})


def _summarised(author: Author, automatic: str) -> Author:
    summary = f"{automatic} {author.summary}" if author.summary else automatic
    return Author(author.actor, summary, bot=author.bot)


def _merged(source: Json, target: Json, ignore: Collection[str]) -> tuple[Json, Json]:
    """What stays in the source, and the target with all the rest."""
    left, merged = working_copy(source), working_copy(target)
    for language, label in source["labels"].items():
        if merged["labels"].setdefault(language, label) != label:
            add_aliases(language, [label["value"]]).apply(merged)
    left["labels"] = {}
    for language, description in source["descriptions"].items():
        if merged["descriptions"].setdefault(language, description) == description:
            del left["descriptions"][language]
        elif "description" not in ignore:
            refuse_edit(f"Conflicting descriptions for language {language}")
    for language, aliases in source["aliases"].items():
        add_aliases(language, [alias["value"] for alias in aliases]).apply(merged)
    left["aliases"] = {}
    if "statement" not in ignore:
        _check_no_links(source, target)
    _merge_statements(source, merged)
    left["claims"] = {}
    return left, merged


def _check_no_links(source: Json, target: Json) -> None:
    found = [*_properties_linking(target, source["id"]), *_properties_linking(source, target["id"])]
    if found:
        refuse_edit(
            "The two items cannot be merged because one of them links to the other using the properties: "
            + ", ".join(found)
        )


def _properties_linking(entity: Json, target_id: str) -> Iterable[str]:
    for statement in statements_of(entity):
        for snak in all_snaks(statement):
            value = snak.get("datavalue")
            if value is not None and value["type"] == "wikibase-entityid" and value["value"]["id"] == target_id:
                yield snak["property"]


def _merge_statements(source: Json, merged: Json) -> None:
    present = {_content_key(statement): statement["id"] for statement in reversed(statements_of(merged))}
    for statement in statements_of(source):
        guid = present.get(_content_key(statement))
        if guid is None:
            set_statement(statement | {"id": None}).apply(merged)
            continue
        current = next(one for one in statements_of(merged) if one["id"] == guid)
        for reference in statement.get("references", ()):
            hashes = {one["hash"] for one in current.get("references", ())}
            if reference["hash"] not in hashes:
                current = with_reference(current, flat(reference["snaks"]), None, None)
        replace_statement(guid, current).apply(merged)


def _content_key(statement: Json) -> tuple[str, frozenset[str]]:
    """Equal for statements that say the same, whatever their rank and references."""
    qualifiers = frozenset(snak["hash"] for snak in flat(statement.get("qualifiers", {})))
    return statement["mainsnak"]["hash"], qualifiers
