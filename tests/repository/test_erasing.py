"""A person erased from the repository: nothing of them in any table or file, everything of others as it was."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.errors import Forbidden
from capx_graph.mentions import ERASED, Mentions
from capx_graph.repository.history.recentchanges import Wanted
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import FILE_NAME, Repository
from tests.repository.drafts import item_draft, property_draft, string_claim

NAME = "Zorkmid Quux"
SECRET = "plantedsecret"


def pointing(property_id: str, target: str, **more: Any) -> dict[str, Any]:
    value = {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": target}}
    return {
        "mainsnak": {"snaktype": "value", "property": property_id, "datavalue": value},
        "type": "statement",
        **more,
    }


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    opened = Repository.open(tmp_path, clock=lambda: datetime(2026, 1, 20, 5, tzinfo=UTC))
    opened.bulk([property_draft("P1", "wikibase-item"), property_draft("P2", "string")], actor="Setup")
    opened.bulk([item_draft("Q1", SECRET, string_claim("P2", f"{SECRET} text"), owner=NAME)], actor=NAME)
    opened.bulk([item_draft("Q1", f"{SECRET} again", owner=NAME)], actor=NAME)
    opened.bulk(
        [item_draft("Q2", "club", pointing("P1", "Q1"), pointing("P1", "Q3")), item_draft("Q3", "other")], actor="Ben"
    )
    snak = pointing("P1", "Q1")["mainsnak"]
    deep = pointing("P1", "Q3", qualifiers={"P1": [snak]}, references=[{"snaks": {"P1": [snak]}}])
    opened.bulk([item_draft("Q4", "somebody", deep, owner="Cem")], actor="Cem")
    opened.bulk([item_draft("Q3", "another")], actor="Ben", summary=f"/* undo:0||7|{NAME} */ thanks, Zorkmid_Quux!")
    opened.bulk([item_draft("Q3", "yet another")], actor=NAME, summary="my edit")
    yield opened
    opened.close()


def contents(folder: Path) -> bytes:
    """Every byte of the files, and every text that the tables hold compressed."""
    found = b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        for (packed,) in connection.execute("SELECT content FROM revision WHERE content IS NOT NULL"):
            found += zlib.decompress(packed)
    return found


def test_nothing_is_left_of_a_person_in_tables_and_files(repository: Repository, tmp_path: Path) -> None:
    assert SECRET.encode() in contents(tmp_path)
    done = repository.erase([NAME], ["Q1"])
    assert done.erased == ("Q1",)
    assert set(done.changed) == {"Q2", "Q4"}
    repository.compact()
    found = contents(tmp_path)
    for trace in (SECRET, NAME, "Zorkmid", "Quux"):
        assert trace.encode() not in found, trace
    assert repository.page("Q1") is None
    assert repository.history.revisions(entity_id="Q1") == []


def test_others_lose_what_led_to_the_person_and_nothing_else(repository: Repository) -> None:
    repository.erase([NAME], ["Q1"])
    assert targets(repository, "Q2") == ["Q3"]
    page = repository.page("Q4")
    assert page is not None
    assert page.owner == "Cem"
    assert page.entity is not None
    [statement] = page.entity["claims"]["P1"]
    assert "qualifiers" not in statement
    assert "references" not in statement
    lines = repository.history.revisions(entity_id="Q3")
    assert [line.actor for line in lines] == [ERASED, "Ben", "Ben"]
    assert lines[1].summary == f"/* undo:0||7|{ERASED} */ thanks, {ERASED}!"
    # What is written by the erasure is in the normal form that any edit would give.
    entity = page.entity
    [receipt] = repository.bulk([item_draft("Q4", "somebody", *entity["claims"]["P1"], owner="Cem")], actor="Cem")
    assert not receipt.changed


def targets(repository: Repository, entity_id: str) -> list[str]:
    page = repository.page(entity_id)
    assert page is not None
    assert page.entity is not None
    return [statement["mainsnak"]["datavalue"]["value"]["id"] for statement in page.entity["claims"].get("P1", [])]


def test_mirrors_learn_of_it_and_months_stay_counted(repository: Repository) -> None:
    begun = dict(repository.lives.begun())
    repository.erase([NAME], ["Q1"])
    [line] = [line for line in repository.recent_changes.find(Wanted()) if line.log]
    assert line.log is not None
    assert (line.log.entity_id, line.log.action, line.log.actor, line.log.comment) == ("Q1", "delete", ERASED, "")
    repository.close()
    again = Repository.open(Path(repository._database._path).parent)
    assert again.lives.begun() == begun
    assert again.lives.ended() == {"2026-01": 1}
    assert "Q1" in {change.entity_id for change in again.changes_after(0)}
    again.close()


def test_nobody_puts_anything_under_the_id_of_an_erased_person(repository: Repository) -> None:
    repository.erase([NAME], ["Q1"])
    for owner in (None, NAME, "Ben"):
        with pytest.raises(Forbidden):
            repository.bulk([item_draft("Q1", "back", owner=owner)], actor=owner or "Ben")
    head = repository.head()
    assert repository.erase([NAME], ["Q1"]).erased == ()
    assert repository.head() == head


def test_everything_that_an_account_owns_and_all_redirects_to_it_go(repository: Repository) -> None:
    repository.bulk([item_draft("Q7", "second", owner=NAME), item_draft("Q8", "third")], actor=NAME)
    with repository.transaction() as transaction:
        page = transaction.page("Q8")
        assert page is not None
        transaction.redirect(page, "Q7", Author("Ben"))
    assert repository.erase([NAME], []).erased == ("Q1", "Q7", "Q8")
    assert repository.page("Q8") is None


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("Ana Silva", "by ana_Silva and Ana Silva.", f"by {ERASED} and {ERASED}."),
        ("Ana Silva", "[[User:Ana Silva|me]], @Ana_Silva", f"[[User:{ERASED}|me]], @{ERASED}"),
        ("Ana Silva", "Ana Silvania stays", "Ana Silvania stays"),
        ("Zoë", "Zoë, user:Zo%C3%AB; Zoëtrope", f"Zoë, user:{ERASED}; Zoëtrope"),
        ("En", "/* wbsetlabel-set:1|en */ en", "/* wbsetlabel-set:1|en */ en"),
        ("En", "/* undo:0||3|En */ User:En", f"/* undo:0||3|{ERASED} */ User:{ERASED}"),
        ("Item", "[[Item:Q1]]: item", f"[[Item:Q1]]: {ERASED}"),
        ("$1.*", "costs $1.* or $100", f"costs {ERASED} or $100"),
        ("<b>x</b>", "a <b>x</b> b", f"a {ERASED} b"),
        (r"\1\g<0>", r"a \1\g<0> b", f"a {ERASED} b"),
        ("محمد علي", "شكرا محمد_علي", f"شكرا {ERASED}"),
        ("* /x", "/* restore:0||1|* /x */", f"/* restore:0||1|{ERASED} */"),
        ("", "nothing", "nothing"),
        ("   ", "no thing", "no thing"),
    ],
)
def test_a_name_is_taken_out_of_what_others_wrote(name: str, text: str, wanted: str) -> None:
    assert Mentions([name]).replaced(text) == wanted


@given(st.text(min_size=4, max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_no_name_breaks_a_text_and_words_around_it_stay(name: str, before: str, after: str) -> None:
    if " ".join(name.replace("_", " ").split()) == name:
        said = Mentions([name]).replaced(f"{before} {name} {after}")
        assert json.dumps(said)
        assert Mentions([name]).within(f"; {name} ;")
