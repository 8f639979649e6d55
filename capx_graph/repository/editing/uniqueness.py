"""Terms that only one entity may have: an item's label with description, a property's label.

Only rooms of the repository that write import it. Only what changes is checked, so that an old clash does not
stand in the way of an unrelated edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from capx_graph.repository.ids import ITEM, PROPERTY, kind_of, link_to
from capx_graph.repository.refusals import Message, Refused, refused_value
from capx_graph.repository.storage.transaction import Transaction

Entity = Mapping[str, Any]
_PAIR = ("labels", "descriptions")


def check_item(entity: Entity, old: Entity | None, transaction: Transaction) -> None:
    """Raises Refused when an item gets the label and description of another one, or one text for both."""
    if entity["type"] != ITEM:
        return
    labels, descriptions = entity["labels"], entity["descriptions"]
    for language in labels.keys() & descriptions.keys():
        label, description = labels[language]["value"], descriptions[language]["value"]
        if old is not None and all(old[terms].get(language) == entity[terms][language] for terms in _PAIR):
            continue
        if label == description:
            raise refused_value("label and description are the same", "label-equals-description", language)
        for other in transaction.entities_labelled(label, language):
            if other == entity["id"] or kind_of(other) != ITEM:
                continue
            if transaction.description(other, language) == description:
                raise refused_value(
                    f"{other} has the same label and description in {language}",
                    "label-with-description-conflict",
                    label,
                    language,
                    link_to(other),
                )


def check_property(entity: Entity, old: Entity | None, transaction: Transaction) -> None:
    """Raises Refused when a property gets the label of another one."""
    if entity["type"] != PROPERTY:
        return
    for language, label in entity["labels"].items():
        if old is not None and old["labels"].get(language) == label:
            continue
        for other in transaction.entities_labelled(label["value"], language):
            if other != entity["id"] and kind_of(other) == PROPERTY:
                parameters = (label["value"], language, link_to(other))
                raise Refused(
                    f"{other} has the same label in {language}",
                    code="failed-save",
                    messages=(
                        Message("wikibase-api-failed-save"),
                        Message("wikibase-validator-label-conflict", parameters),
                    ),
                    codes=("wikibase-validator-label-conflict",),
                )
