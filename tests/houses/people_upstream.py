"""Members whose items go to the connected Wikibase, and what is there of them."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.membership import Change, Field, Line, Part, Profile, State
from capx_graph.model import EntityKind, SearchRequest
from tests.houses.grants import Granting

UPSTREAM = {"CAPX_PEOPLE": "upstream", "CAPX_DELETION_PAGE": "Project:Deletions"}


def publish(both: Granting, name: str, *, there: bool = True, state: State = State.PUBLIC, **said: str) -> Profile:
    """A member says what they offer, and consents to one wording or the other."""
    own, member = both.services.membership.own, both.member(name)
    assert own.there is not None
    lines = tuple(Line(part, value) for part, value in (said or {"offers": both.capacity()}).items())
    now = own.read(member).parts
    part = {"offers": Field.OFFERS, "takesPartIn": Field.TAKING_PART}.get(lines[0].name, Field.ABOUT)
    wording = own.there.wording("t") if there else "t"
    change = Change(Part(state, lines), now[part].mark)
    return own.save(member, {part: change}, agreed=True, wording=wording, language="en")


def there(both: Granting, item: str | None) -> Any:
    """What the wiki has under an id."""
    page = both.remote.repository.page(item or "")
    return page.entity if page else None


def names_found(both: Granting) -> list[str]:
    request = SearchRequest(capacities=(both.capacity(),), classes=(EntityKind.PERSON,))
    return [hit.name for hit in both.services.search.run(request).hits]


def leaves(browser: FlaskClient, name: str) -> str:
    """A member leaves on the pages; answers where they are led."""
    form = browser.get("/me/erase").text
    token = form.partition('action="/me/erase"')[2].partition('name="token" value="')[2].partition('"')[0]
    done = browser.post("/me/erase", data={"token": token, "name": name})
    assert done.status_code == 303, done.text
    return str(done.location)


def record_there(both: Granting, name: str, *, class_name: str = "Person") -> str:
    (item,) = both.remote.repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(both.remote.instance), item, class_name=class_name)
    draft.label("en", name)
    if class_name == "Person":
        draft.add("username", name)
    both.remote.write(draft.entity())
    both.differences()
    return item
