"""The repository's own door: base, ids, bulk, change log, owned pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from capx_graph.errors import BaseMismatch, Forbidden, InvalidRecord
from capx_graph.importers.population import Demonstration
from capx_graph.importers.sources import BenchDirectory
from capx_graph.repository.editing.edit import Edit
from capx_graph.repository.editing.merging import redirect
from capx_graph.repository.storage.content import pack
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import FILE_NAME, Repository
from tests.repository.drafts import item_draft, property_draft, string_claim


@pytest.fixture
def repository(tmp_path: Path) -> Any:
    opened = Repository.open(tmp_path / "data", clock=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    yield opened
    opened.close()


def test_the_base_is_kept_and_another_one_refused(tmp_path: Path) -> None:
    Repository.open(tmp_path, base="https://capx.example.org").close()
    reopened = Repository.open(tmp_path)
    assert reopened.base == "https://capx.example.org"
    reopened.close()
    with pytest.raises(BaseMismatch, match=r"belongs to https://capx\.example\.org"):
        Repository.open(tmp_path, base="http://127.0.0.1:8000")


def test_ids_are_never_given_out_twice_even_when_nothing_was_written(repository: Repository) -> None:
    assert repository.allocate("item", 2) == ["Q1", "Q2"]
    repository.reserve("item", 199)
    assert repository.allocate("item", 1) == ["Q200"]
    assert repository.allocate("property", 1) == ["P1"]


def test_bulk_writes_complete_entities_with_the_hashes_of_wikibase(repository: Repository) -> None:
    guid = "Q1$00000000-0000-4000-8000-000000000001"
    repository.bulk([property_draft("P1", "string"), item_draft("Q1", "one", string_claim("P1", "x", guid))], actor="A")
    page = repository.page("Q1")
    assert page is not None
    assert page.entity is not None
    assert page.modified == datetime(2026, 1, 2, tzinfo=UTC)
    snak = {
        "snaktype": "value",
        "property": "P1",
        "hash": "9b99748fee73e9b2c37df29b86551e8d6bb50617",
        "datavalue": {"value": "x", "type": "string"},
        "datatype": "string",
    }
    assert page.entity["claims"] == {"P1": [{"mainsnak": snak, "type": "statement", "id": guid, "rank": "normal"}]}


def test_an_entity_that_is_already_so_gets_no_revision(repository: Repository) -> None:
    repository.bulk([item_draft("Q1", "one")], actor="A")
    head = repository.head()
    (receipt,) = repository.bulk([item_draft("Q1", "one")], actor="A")
    assert not receipt.changed
    assert repository.head() == head


def test_a_batch_with_one_wrong_record_writes_nothing(repository: Repository) -> None:
    repository.bulk([property_draft("P1", "string")], actor="A")
    with pytest.raises(InvalidRecord, match="Q2"):
        repository.bulk([item_draft("Q1", "one"), item_draft("Q2", "two", string_claim("P1", " x"))], actor="A")
    assert repository.page("Q1") is None


def test_items_of_a_batch_may_mention_one_another(repository: Repository) -> None:
    value = {"type": "wikibase-entityid", "value": {"id": "Q2"}}
    claim = {"mainsnak": {"snaktype": "value", "property": "P1", "datavalue": value}, "type": "statement"}
    drafts = [property_draft("P1", "wikibase-item"), item_draft("Q1", "one", claim), item_draft("Q2", "two")]
    repository.bulk(drafts, actor="A")
    assert set(repository.pages(["Q1", "Q2", "Q3"])) == {"Q1", "Q2"}


def test_the_change_log_names_each_entity_once_under_its_newest_sequence(repository: Repository) -> None:
    repository.bulk([item_draft("Q1", "one"), item_draft("Q2", "two")], actor="A")
    cursor = repository.head()
    repository.bulk([item_draft("Q1", "uno"), item_draft("Q2", "due")], actor="A")
    repository.delete(["Q1"], actor="A")
    changes = repository.changes_after(cursor)
    assert [change.entity_id for change in changes] == ["Q2", "Q1"]
    assert changes[-1].sequence == repository.head()
    assert repository.page("Q1") is None


def test_a_scan_shows_one_moment(repository: Repository) -> None:
    repository.bulk([item_draft("Q1", "one"), item_draft("Q2", "two")], actor="A")
    head, pages = repository.scan_with_head("item")
    first = next(pages)
    repository.bulk([item_draft("Q2", "later"), item_draft("Q3", "new")], actor="A")
    rest = list(pages)
    assert [page.entity_id for page in (first, *rest)] == ["Q1", "Q2"]
    assert rest[0].entity is not None
    assert rest[0].entity["labels"]["en"]["value"] == "two"
    assert head < repository.head()


def test_only_its_owner_changes_an_owned_page(repository: Repository) -> None:
    repository.bulk([item_draft("Q1", "me", owner="Ana")], actor="Ana")
    with pytest.raises(Forbidden):
        repository.bulk([item_draft("Q1", "not me")], actor="Ben")
    with pytest.raises(Forbidden):
        repository.delete(["Q1"], actor="Ben")
    repository.bulk([item_draft("Q1", "myself")], actor="Ana")
    page = repository.page("Q1")
    assert page is not None
    assert page.owner == "Ana"


def test_nobody_but_its_owner_puts_anything_under_the_id_of_a_deleted_owned_page(repository: Repository) -> None:
    repository.bulk([item_draft("Q1", "me", owner="Ana"), item_draft("Q2", "other")], actor="Ana")
    repository.delete(["Q1"], actor="Ana")
    for owner in (None, "Ben"):
        with pytest.raises(Forbidden):
            repository.bulk([item_draft("Q1", "not me", owner=owner)], actor="Ben")
    for act in (
        lambda transaction, page: transaction.redirect(page, "Q2", Author("Ben")),
        lambda transaction, page: redirect(Edit(transaction), "Q1", "Q2", author=Author("Ben")),
        lambda transaction, page: transaction.save({"id": "Q1"}, Author("Ben"), page=page),
    ):
        with pytest.raises(Forbidden), repository.transaction() as transaction:
            act(transaction, transaction.page("Q1"))
    with repository.transaction() as transaction:
        deleted = transaction.page("Q1")
        assert deleted is not None
        assert transaction.undelete(deleted, Author("Ben")) == 0
    assert repository.page("Q1") is None
    repository.bulk([item_draft("Q1", "me again")], actor="Ana")
    page = repository.page("Q1")
    assert page is not None
    assert page.owner == "Ana"


def test_people_of_an_older_file_belong_to_the_importers_of_this_one(tmp_path: Path) -> None:
    older = Repository.open(tmp_path)
    owners = {"Q1": "Import", "Q2": "Demo", "Q3": "Ana"}
    for entity_id, owner in owners.items():
        older.bulk([item_draft(entity_id, "person", owner=owner)], actor=owner)
    older.close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version=1")
    newer = Repository.open(tmp_path)
    kept = {page.entity_id: page.owner for page in newer.pages(owners).values()}
    newer.close()
    assert kept == {"Q1": BenchDirectory.owner, "Q2": Demonstration.owner, "Q3": "Ana"}


def test_withdrawn_text_of_an_owned_page_is_not_in_the_files(repository: Repository, tmp_path: Path) -> None:
    secret = "withdrawnsecret"
    repository.bulk([item_draft("Q1", secret, owner="Ana")], actor="Ana", summary=f"I am {secret}")
    page = repository.page("Q1")
    assert page is not None
    packed = pack(page.entity or {})[0]
    assert packed in _files(tmp_path)
    repository.bulk([item_draft("Q1", "else", owner="Ana")], actor="Ana")
    repository.forget_deleted_text()
    assert secret.encode() not in _files(tmp_path)
    assert packed not in _files(tmp_path)


def test_the_text_of_a_deleted_owned_page_is_not_in_the_files(repository: Repository, tmp_path: Path) -> None:
    repository.bulk([item_draft("Q1", "withdrawnsecret", owner="Ana")], actor="Ana")
    page = repository.page("Q1")
    assert page is not None
    repository.delete(["Q1"], actor="Ana")
    assert b"withdrawnsecret" not in _files(tmp_path)
    assert pack(page.entity or {})[0] not in _files(tmp_path)


def _files(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())


def test_listeners_hear_of_every_commit(repository: Repository) -> None:
    heard: list[int] = []
    repository.on_commit(lambda: heard.append(repository.head()))
    repository.bulk([item_draft("Q1", "one")], actor="A")
    assert heard == [repository.head()]
