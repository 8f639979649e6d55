"""Redirects of entities: what the API tells of them, and who may lead whom where by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.houses.directory import House, house
from tests.repository.calls import small_wiki
from tests.repository.edits import edit

LABEL = {"labels": {"en": {"language": "en", "value": "Renamed by somebody"}}}
DENIED = "permissiondenied"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("redirects")) as home:
        yield home


def test_a_redirect_says_what_it_was_when_it_is_deleted(tmp_path: Path) -> None:
    with small_wiki(tmp_path) as wiki:
        wiki.edit(action="wbeditentity", new="item", data={})
        wiki.edit(action="wbcreateredirect", **{"from": "Q2", "to": "Q1"})
        tags = wiki.call(action="query", titles="Item:Q2", prop="revisions", rvprop="tags")["query"]["pages"][0]
        assert tags["revisions"][0]["tags"] == ["mw-new-redirect"]
        assert '"#REDIRECT [[Item:Q1]]"' in wiki.edit(action="delete", title="Item:Q2")["delete"]["reason"]


def test_redirects_lead_nobody_into_or_out_of_the_directory(home: House) -> None:
    one, other, kept = (home.item(code) for code in ("13", "14", "15"))
    _, junk = edit(home, "Mallory", action="wbeditentity", new="item", data=json.dumps(LABEL))
    for source, target in ((junk, one), (one, junk), (one, other)):
        merge = {"action": "wbmergeitems", "fromid": source, "toid": target, "ignoreconflicts": "description"}
        assert edit(home, "Mallory", **merge)[0] == DENIED
    edit(home, "Mallory", action="wbeditentity", id=junk, clear="1", data="{}")
    assert edit(home, "Mallory", action="wbcreateredirect", **{"from": junk, "to": one})[0] == DENIED
    assert edit(home, "Mia", "maintainer", action="wbeditentity", id=other, clear="1", data="{}")[0] == "saved"
    assert edit(home, "Mia", "maintainer", action="wbcreateredirect", **{"from": other, "to": one})[0] == "saved"
    for target in (junk, kept):
        assert edit(home, "Mallory", action="wbcreateredirect", **{"from": other, "to": target})[0] == DENIED
    page = home.services.repository.page(other)
    assert page is not None
    assert page.redirect_to == one


def test_what_was_deleted_does_not_come_back_as_a_redirect(home: House) -> None:
    one = home.item("18")
    _, own = edit(home, "Mallory", action="wbeditentity", new="item", data=json.dumps(LABEL))
    home.services.repository.delete([one], actor="Mia")
    redirect = {"action": "wbcreateredirect", "from": one, "to": own}
    assert edit(home, "Mallory", **redirect)[0] == DENIED
    assert home.services.repository.page(one) is None
    assert edit(home, "Mia", "maintainer", **redirect)[0] == "saved"


def test_a_redirect_brings_nobody_to_keep_what_is_not_theirs(home: House) -> None:
    """Managers come along when records are joined: whoever joins must be allowed to decide about both."""
    stewards = home.services.stewardship.stewards
    own, other, free = (home.organization(f"Group {number}") for number in range(3))
    for name, item in (("Mallory", own), ("Ana", other)):
        home.session(name)
        account = home.services.accounts.account(name)
        assert account is not None
        home.services.accounts.members.of(account)
        stewards.propose(account, item)
        stewards.confirm(None, item, account.user_id)
    mallory = home.services.accounts.account("Mallory")
    assert mallory is not None
    assert edit(home, "Mallory", action="wbeditentity", id=own, clear="1", data="{}")[0] == "saved"
    for target in (other, free):
        redirect = {"action": "wbcreateredirect", "from": own, "to": target}
        assert edit(home, "Mallory", **redirect)[0] != "saved"
        merge = {"action": "wbmergeitems", "fromid": own, "toid": target, "ignoreconflicts": "description"}
        assert edit(home, "Mallory", **merge)[0] != "saved"
        assert not stewards.may_edit(mallory, target)
