"""The forms by which a maintainer keeps a capacity, filled in and sent."""

from __future__ import annotations

from tests.houses.directory import House


def details(home: House, item: str) -> dict[str, str]:
    """The form of a capacity as it is drawn, with what it holds."""
    facts = home.services.directory_work.taxonomy.facts(item)
    held = facts.details
    fields = home.form(f"/directory/edit/{item}", f"/directory/edit/{item}")
    return fields | {
        "label": held.label,
        "description": held.description,
        "parent": held.parent or "",
        "colour": held.colour,
        "wikidata": held.wikidata,
    }


def edit(home: House, item: str, **changed: str) -> int:
    return home.client.post(f"/directory/edit/{item}", data=details(home, item) | changed).status_code


def act(home: House, item: str, what: str, **fields: str) -> tuple[int, str]:
    """Sends one of the further forms of a capacity."""
    sent = home.form(f"/directory/edit/{item}", f"/directory/edit/{item}/{what}") | fields
    answer = home.client.post(f"/directory/edit/{item}/{what}", data=sent)
    return answer.status_code, answer.text


def parents(home: House, item: str) -> tuple[str, ...]:
    directory = home.directory
    return directory.tree.parents.get(item, ())
