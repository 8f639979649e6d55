"""``capx manager``: the operator's word about who manages what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from capx_graph.cli.context import Context
from capx_graph.cli.managing import manager
from capx_graph.errors import InvalidInput, NotFound
from capx_graph.membership import Line, Part, State
from capx_graph.model import EntityKind
from capx_graph.stewardship import KINDS
from tests.houses.directory import House, house

Run = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


@pytest.fixture
def run(home: House) -> Run:
    """Runs a command beside the service; answers what it said."""
    context = Context(data=str(home.services.settings.data))

    def running(*arguments: str) -> str:
        done = CliRunner().invoke(manager, arguments, obj=context)
        if done.exception is not None:
            raise done.exception
        return done.output

    return running


def propose(home: House, name: str, text: str) -> int:
    home.session(name)
    account = home.services.accounts.account(name)
    assert account is not None
    parts = {"names": Part(State.PUBLIC, (Line("label", text, language="pt"),))}
    home.services.accounts.members.of(account)
    home.services.stewardship.proposing.propose(account, KINDS[EntityKind.ORGANIZATION], parts)
    return account.user_id


def test_the_operator_lists_and_confirms_what_is_proposed(home: House, run: Run) -> None:
    ana = propose(home, "Ana", "Grupo do Vale")
    assert "organization\tGrupo do Vale\tAna" in run("list")
    with pytest.raises(NotFound):
        run("confirm", "Grupo de Ninguém", "Ana")
    with pytest.raises(NotFound):
        run("confirm", "Grupo do Vale", "Nobody")
    assert "Ana manages" in run("confirm", "grupo do vale", "Ana")
    home.services.ingest.catch_up()
    (hit,) = home.client.get("/search.json?q=Grupo+do+Vale").get_json()["hits"]
    assert home.services.accounts.managers.manages(ana, hit["id"])
    assert run("list") == ""
    assert f"confirmed\t{hit['id']} Grupo do Vale\tAna" in run("list", "--all")
    with pytest.raises(InvalidInput):
        run("decline", "Grupo do Vale", "Ana")
    run("remove", "Grupo do Vale", "Ana")
    assert not home.services.accounts.managers.manages(ana, hit["id"])


def test_the_operator_declines_with_a_reason(home: House, run: Run) -> None:
    ana = propose(home, "Ana", "Outro Grupo")
    number = home.services.accounts.proposals.waiting()[0].number
    run("decline", str(number), "Ana", "--reason", "there is one already")
    assert home.services.accounts.proposals.of_member(ana)[0].answer == "there is one already"
    assert home.client.get("/search.json?q=Outro+Grupo").get_json()["total"] == 0
