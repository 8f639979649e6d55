"""Redirects of entities on the pages of the wiki: named, looked at, undone and restored."""

from __future__ import annotations

import pytest

from capx_graph.errors import Conflict
from capx_graph.wikipages import Named, Restore, Undo, WikiPages
from tests.houses.small_wiki import READER, SmallWiki, claim, item, snak
from tests.houses.wiki_site import Site


def test_a_redirect_has_the_name_of_its_target(wiki: SmallWiki, pages: WikiPages) -> None:
    wiki.edit(item("Q6", claim(1, snak("P6", "Q3"), of="Q6")), actor="Ana")
    assert pages.entity("Q6", reader=READER).groups[0].statements[0].value.entity == Named("Q3", "first", "en")
    assert pages.entity("Q3", reader=READER).redirect == Named("Q1", "first", "en")


def test_a_redirect_can_be_looked_at(site: Site) -> None:
    assert "This leads to first" in site.text("/wiki/Item:Q3?redirect=no")
    assert "Redirected from Q3" in site.text("/wiki/Item:Q1?redirectedfrom=Q3")


def test_a_redirect_can_be_undone_and_restored(wiki: SmallWiki, pages: WikiPages) -> None:
    redirect = wiki.newest("Q3")
    undone = pages.bring_back(Undo("Q3", redirect), base=redirect, actor="Ana")
    assert pages.entity("Q3", reader=READER).redirect is None
    pages.bring_back(Restore("Q3", redirect), base=undone, actor="Ana")
    assert pages.entity("Q3", reader=READER).redirect is not None
    assert wiki.repository.redirects_to("Q1") == ["Q3"]


def test_a_redirect_to_what_is_gone_is_not_restored(wiki: SmallWiki, pages: WikiPages) -> None:
    redirect = wiki.newest("Q3")
    undone = pages.bring_back(Undo("Q3", redirect), base=redirect, actor="Ana")
    wiki.repository.delete(["Q1"], actor="Boss")
    with pytest.raises(Conflict, match="cannot redirect"):
        pages.bring_back(Restore("Q3", redirect), base=undone, actor="Ana")
