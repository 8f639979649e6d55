"""Edits in a service whose directory lives in a connected Wikibase: they go there, and are seen here at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph.accounts import Accounts
from capx_graph.connected import open_sync
from capx_graph.errors import Conflict
from capx_graph.namespaces import OWN_IDS
from capx_graph.services import Services, open_services
from tests.houses.upstream import Remote, remote_wiki, settings_for

PASSWORD = "0123456789abcdef" * 2


def label(text: str) -> dict[str, dict[str, dict[str, str]]]:
    return {"labels": {"en": {"language": "en", "value": text}}}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Remote, Services]]:
    folder: Path = tmp_path_factory.mktemp("writing")
    with remote_wiki(folder / "remote") as remote:
        accounts = Accounts(folder / "remote")
        accounts.add("Robot", "a long password of it", groups=("bot", "sysop"))
        accounts.add_bot_password("Robot", "capx", password=PASSWORD)
        accounts.close()
        remote.item("film", claims=[("instanceOf", remote.instance.item_id("Capacity"))])
        credentials = {"CAPX_WIKIBASE_USER": "Robot@capx", "CAPX_WIKIBASE_PASSWORD": PASSWORD}
        settings = settings_for(
            remote, folder / "data", CAPX_SPARQL_WORKERS="1", CAPX_WIKIBASE_PAUSE="0", **credentials
        )
        with open_services(settings) as services, open_sync(services.repository, settings) as sync:
            sync.once()
            services.ingest.catch_up()
            yield remote, services


def there(remote: Remote, text: str) -> str:
    found = [
        p.entity_id for p in remote.repository.scan("item") if p.entity and p.entity["labels"] == label(text)["labels"]
    ]
    return found[0]


def test_an_edit_of_what_lives_there_goes_there_and_is_seen_here_at_once(both: tuple[Remote, Services]) -> None:
    remote, services = both
    film = there(remote, "film")
    page = services.repository.page(film)
    assert page is not None
    receipt = services.writer.update(
        film, label("film making"), account="Ana", base_revision=page.revision_id, summary="a better name"
    )
    mine, theirs = services.repository.page(film), remote.repository.page(film)
    assert mine is not None
    assert theirs is not None
    assert mine.entity == theirs.entity
    assert mine.revision_id == theirs.revision_id == receipt.revision_id
    assert services.ingest.cursor == services.repository.head(), "and in the graph"
    line = remote.repository.history.revision(receipt.revision_id)
    assert line is not None
    assert "a better name (for Ana)" in line.summary
    with pytest.raises(Conflict):
        services.writer.update(film, label("too late"), account="Ana", base_revision=page.revision_id)


def test_what_is_made_without_an_owner_is_made_there(both: tuple[Remote, Services]) -> None:
    remote, services = both
    made = services.writer.create({"type": "item", **label("sound")}, account="Ana")
    assert int(made.entity_id[1:]) < OWN_IDS
    assert remote.repository.page(made.entity_id) is not None
    assert services.repository.page(made.entity_id) is not None
    services.writer.delete(made.entity_id, account="Ana", reason="a mistake")
    assert remote.repository.page(made.entity_id) is None
    assert services.repository.page(made.entity_id) is None


def test_a_persons_page_is_made_here(both: tuple[Remote, Services]) -> None:
    remote, services = both
    services.accounts.add("Bo", "another long password")
    head = remote.repository.head()
    made = services.writer.create({"type": "item", **label("Bo")}, account="Bo", owner="Bo")
    assert int(made.entity_id[1:]) > OWN_IDS
    changed = services.writer.update(
        made.entity_id, label("Bo B."), account="Bo", base_revision=made.revision_id, summary="my name"
    )
    assert changed.changed
    assert remote.repository.head() == head, "nothing of it goes there"


def test_two_items_there_are_merged_there(both: tuple[Remote, Services]) -> None:
    remote, services = both
    one = services.writer.create({"type": "item", **label("one of two")}, account="Ana")
    two = services.writer.create({"type": "item", **label("two of two")}, account="Ana")
    services.writer.merge(one.entity_id, two.entity_id, account="Ana")
    merged = services.repository.page(one.entity_id)
    assert merged is not None
    assert merged.redirect_to == two.entity_id
    assert remote.repository.redirects_to(two.entity_id) == [one.entity_id]
