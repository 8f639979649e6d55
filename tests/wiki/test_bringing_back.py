"""Undoing edits and restoring revisions: what comes back, and when nothing may."""

from __future__ import annotations

from pathlib import Path

import pytest

from capx_graph.errors import Conflict, Forbidden, RateLimited
from capx_graph.wikipages import Comment, Restore, Undo, WikiPages
from tests.houses.small_wiki import READER, SmallWiki, first_item, small_wiki, terms


def test_an_undo_keeps_what_was_changed_since(wiki: SmallWiki, pages: WikiPages) -> None:
    bad = wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    good = wiki.edit(first_item(labels=terms(en="spoilt", fr="premier")), actor="Bo")
    base, changes = pages.preview(Undo("Q1", bad), reader=READER)
    assert base == good
    assert {(fact.fact, fact.language) for fact in changes} == {("label", "en"), ("label", "pt")}
    pages.bring_back(Undo("Q1", bad), base=base, actor="Ana", said="vandalism")
    labels = {one.language: one.label for one in pages.entity("Q1", reader=READER).terms if one.label}
    assert labels == {"en": "first", "pt": "primeiro", "fr": "premier"}
    newest = pages.history("Q1", reader=READER).page.lines[0]
    assert newest.comment == Comment("undo", ("0", "", str(bad), "Eve"), ("vandalism",))


def test_an_undo_is_refused_where_the_same_was_changed_again(wiki: SmallWiki, pages: WikiPages) -> None:
    bad = wiki.edit(first_item(labels=terms(en="spoilt")), actor="Eve")
    wiki.edit(first_item(labels=terms(en="mended")), actor="Bo")
    with pytest.raises(Conflict, match="later edits"):
        pages.preview(Undo("Q1", bad), reader=READER)


def test_several_edits_are_undone_together(wiki: SmallWiki, pages: WikiPages) -> None:
    before = wiki.newest("Q1")
    wiki.edit(first_item(labels=terms(en="a")), actor="Eve")
    last = wiki.edit(first_item(labels=terms(en="b"), claims=[]), actor="Eve")
    pages.bring_back(Undo("Q1", last, before), base=last, actor="Ana")
    assert not pages.difference("Q1", before, wiki.newest("Q1"), reader=READER).facts


def test_a_restored_revision_is_the_newest_again(wiki: SmallWiki, pages: WikiPages) -> None:
    before = wiki.newest("Q1")
    wiki.edit(first_item(claims=[]), actor="Eve")
    last = wiki.edit(first_item(claims=[], labels={}), actor="Eve")
    made = pages.bring_back(Restore("Q1", before), base=last, actor="Ana")
    assert not pages.difference("Q1", before, made, reader=READER).facts
    assert wiki.repository.page("Q1").entity == wiki.repository.revision("Q1", before).entity  # type: ignore[union-attr]
    assert pages.history("Q1", reader=READER).page.lines[0].comment.action == "restore"


def test_nothing_is_brought_back_over_somebody_elses_edit(wiki: SmallWiki, pages: WikiPages) -> None:
    seen = wiki.newest("Q1")
    wiki.edit(first_item(labels=terms(en="other")), actor="Bo")
    with pytest.raises(Conflict, match="meanwhile"):
        pages.bring_back(Restore("Q1", seen), base=seen, actor="Ana")


def test_nothing_of_an_owned_page_is_brought_back_not_even_by_its_owner(wiki: SmallWiki, pages: WikiPages) -> None:
    newest = wiki.newest("Q5")
    for asked in (Undo("Q5", newest), Restore("Q5", newest)):
        with pytest.raises(Forbidden):
            pages.preview(asked, reader=READER)
        with pytest.raises(Forbidden):
            pages.bring_back(asked, base=newest, actor="Olga")


def test_a_rule_broken_by_now_keeps_the_earlier_state_away(wiki: SmallWiki, pages: WikiPages) -> None:
    property_ = {"type": "property", "id": "P2", "datatype": "string"}
    before = wiki.newest("P2")
    wiki.edit(property_ | {"labels": terms(en="renamed")}, actor="Ana")
    wiki.edit({"type": "property", "id": "P12", "datatype": "string", "labels": terms(en="text")}, actor="Ana")
    with pytest.raises(Exception, match="A rule forbids") as raised:
        pages.bring_back(Restore("P2", before), base=wiki.newest("P2"), actor="Ana")
    assert type(raised.value).__name__ == "InvalidInput"


def test_the_first_revision_cannot_be_undone(wiki: SmallWiki, pages: WikiPages) -> None:
    with pytest.raises(Conflict, match="first revision"):
        pages.preview(Undo("Q1", wiki.newest("Q1")), reader=READER)


def test_bringing_back_counts_as_an_edit(tmp_path: Path) -> None:
    with small_wiki(tmp_path) as wiki:
        object.__setattr__(wiki.repository.settings, "edits_per_minute", 1)
        pages = WikiPages(wiki.repository)
        first = wiki.newest("Q1")
        second = wiki.edit(first_item(labels={}), actor="Eve")
        third = pages.bring_back(Restore("Q1", first), base=second, actor="Ana")
        with pytest.raises(RateLimited):
            pages.bring_back(Restore("Q1", second), base=third, actor="Ana")
        pages.bring_back(Restore("Q1", second), base=third, actor="Bot", counted=False)
