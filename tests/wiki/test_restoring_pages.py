"""Undoing and restoring on the pages of the wiki: who may, what an edit in between does, what cannot be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.houses.small_wiki import READER, first_item, terms
from tests.houses.wiki_site import Site


def restore_form(site: Site, **changed: str) -> Any:
    """The form that a member is shown for an undo of the newest revision of Q1, sent."""
    newest = str(site.wiki.newest("Q1"))
    html = site.client.get(f"/wiki/Item:Q1?action=edit&undo={newest}").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    form = {name: fields[name] for name in ("token", "base", "undo") if name in fields}
    return site.client.post("/wiki/Item:Q1", data=form | {"summary": "why not"} | changed)


def test_a_member_undoes_an_edit(site: Site) -> None:
    site.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    site.sign_in("Ana")
    answer = restore_form(site)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wiki/Item:Q1?action=history")
    assert "first Q1" in site.text("/wiki/Item:Q1")
    assert "Undid revision" in site.text("/wiki/Item:Q1?action=history")
    assert site.wiki.repository.history.revisions(entity_id="Q1", limit=1)[0].actor == "Ana"


def test_a_member_restores_a_revision(site: Site) -> None:
    old = site.wiki.newest("Q1")
    site.wiki.edit(first_item(labels={}, claims=[]), actor="Eve")
    site.sign_in("Ana")
    html = site.client.get(f"/wiki/Item:Q1?action=edit&restore={old}").text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert site.client.post("/wiki/Item:Q1", data=form).status_code == 303
    assert not site.services.wiki_pages.difference("Q1", old, site.wiki.newest("Q1"), reader=READER).facts


def test_a_visitor_is_told_how(site: Site) -> None:
    newest = site.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    told = site.text(f"/wiki/Item:Q1?action=edit&undo={newest}")
    assert "Members do this here" in told
    assert '<form class="wiki-form"' not in site.client.get(f"/wiki/Item:Q1?action=edit&undo={newest}").text
    for token in ("", "+\\", "x"):
        form = {"token": token, "base": str(newest), "undo": str(newest)}
        assert site.client.post("/wiki/Item:Q1", data=form).status_code == 403
    assert site.wiki.newest("Q1") == newest


@pytest.mark.parametrize("token", ["", "+\\", "0" * 40 + "+\\"])
def test_another_sites_form_does_nothing(site: Site, token: str) -> None:
    newest = site.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    site.sign_in("Ana")
    assert restore_form(site, token=token).status_code == 403
    assert site.wiki.newest("Q1") == newest


def test_a_session_without_the_right_to_edit_does_nothing(site: Site) -> None:
    newest = site.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    site.sign_in("Ana", rights=frozenset({"read"}))
    assert "wiki-form" not in site.client.get(f"/wiki/Item:Q1?action=edit&undo={newest}").text
    assert restore_form(site, base=str(newest), undo=str(newest)).status_code == 403


def test_an_edit_in_between_is_shown_before_anything_happens(site: Site) -> None:
    bad = site.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    site.sign_in("Ana")
    other = site.wiki.edit(first_item(labels=terms(en="spoilt", fr="premier")), actor="Bo")
    answer = restore_form(site, base=str(bad), undo=str(bad))
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.text
    assert 'value="why not"' in answer.text
    assert site.wiki.newest("Q1") == other


def test_an_undo_that_cannot_be_says_so(site: Site) -> None:
    bad = site.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    site.wiki.edit(first_item(labels=terms(en="mended")), actor="Bo")
    assert "cannot be undone" in site.text(f"/wiki/Item:Q1?action=edit&undo={bad}", 409)


def test_nothing_of_an_owned_page_is_offered_or_brought_back(site: Site) -> None:
    newest = site.wiki.newest("Q5")
    site.sign_in("Olga")
    assert "only they edit it" in site.text(f"/wiki/Item:Q5?action=edit&restore={newest}", 403)
    bad = site.wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    html = site.client.get(f"/wiki/Item:Q1?action=edit&undo={bad}").text
    token = re.findall(r'name="token" value="([^"]*)"', html)[0]
    form = {"token": token, "base": str(newest), "restore": str(newest)}
    assert site.client.post("/wiki/Item:Q5", data=form).status_code == 403
