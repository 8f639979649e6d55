"""A connected Wikibase that only its own may read: signed in to when it asks for that, by whoever edits there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.connected import open_sync
from capx_graph.errors import Forbidden, InvalidParameter
from capx_graph.jobs.handing import reading
from capx_graph.opening import open_repository
from capx_graph.upstream import SyncLoop
from tests.houses.upstream import Answer, Remote, connected, parted, remote_differences, remote_wiki, settings_for

pytestmark = pytest.mark.slow

PASSWORD = "0123456789abcdef0123456789abcdef"
BOT = {"CAPX_WIKIBASE_USER": "Robot@capx", "CAPX_WIKIBASE_PASSWORD": PASSWORD}
WAYS = ("bot password", "OAuth 1", "OAuth 2")


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    with remote_wiki(tmp_path_factory.mktemp("remote")) as wiki:
        wiki.accounts.add("Robot", "a long password of it", groups=("bot",))
        wiki.accounts.add_bot_password("Robot", "capx", password=PASSWORD)
        wiki.is_closed = True
        yield wiki


def credentials(remote: Remote, how: str) -> dict[str, str]:
    if how == "bot password":
        return BOT
    robot = remote.accounts.account("Robot")
    assert robot is not None
    made = remote.accounts.consumers.add(robot, how, protocol=1 if how == "OAuth 1" else 2)
    if how == "OAuth 1":
        return {"CAPX_WIKIBASE_OAUTH1": f"{made.key},{made.secret},{made.access_token},{made.access_secret}"}
    issued = remote.accounts.consumers.issue_token(made.key, made.secret)
    assert issued is not None
    return {"CAPX_WIKIBASE_TOKEN": issued[0]}


@pytest.mark.parametrize("how", WAYS)
def test_it_is_discovered_loaded_followed_and_compared_by_whoever_edits_there(
    remote: Remote, tmp_path: Path, how: str
) -> None:
    with connected(remote, tmp_path / "data", **credentials(remote, how)) as here:
        here.catch_up()
        made = remote.item(f"made while it was closed {how}")
        assert here.catch_up() == 1
        assert here.page(made) is not None
        assert parted(remote, here) == []
        assert remote_differences(here) == []


def test_a_session_that_ran_out_is_opened_again(remote: Remote, tmp_path: Path) -> None:
    with connected(remote, tmp_path / "data", **BOT) as here:
        here.catch_up()
        remote.accounts.end_all_sessions()
        made = remote.item("made after the session ended")
        assert here.catch_up() == 1
        assert here.page(made) is not None


def test_nobody_signs_in_to_a_wiki_that_is_open(remote: Remote, tmp_path: Path) -> None:
    remote.is_closed = False
    remote.asked.clear()
    with connected(remote, tmp_path / "data", **BOT) as here:
        here.catch_up()
    remote.is_closed = True
    assert not [sent for sent in remote.asked if sent.get("meta") == "tokens" or "action" not in sent]


def test_without_credentials_it_is_said_which_settings_name_them(remote: Remote, tmp_path: Path) -> None:
    settings = settings_for(remote, tmp_path / "data")
    with pytest.raises(Forbidden, match="not signed in; set CAPX_WIKIBASE_USER with CAPX_WIKIBASE_PASSWORD"):
        open_repository(settings).__enter__()


@pytest.mark.parametrize("told", [f"you said {PASSWORD}", "Incorrect username or password entered."])
def test_a_login_that_is_refused_is_not_repeated_at_every_look_and_tells_no_secret(
    remote: Remote, tmp_path: Path, caplog: pytest.LogCaptureFixture, told: str
) -> None:
    remote.is_closed = False
    with connected(remote, tmp_path / "data", **BOT) as here:
        here.catch_up()
        remote.is_closed = True
        refused = json.dumps({"login": {"result": "Failed", "reason": told}}).encode()
        remote.fail(lambda sent: Answer(refused) if "action" not in sent else None)
        loop = SyncLoop(here.sync, here.repository.mirror.count, clock=remote.clock.seconds)
        remote.asked.clear()
        for _ in range(5):
            remote.clock.tick(loop.look())
        failure = loop.state().failure or ""
        assert "refused the login of Robot@capx" in failure
        logins = [sent for sent in remote.asked if "action" not in sent]
        assert len(logins) == 1
        assert PASSWORD not in failure + caplog.text
        remote.clock.tick(900)
        assert loop.look() == 1.0, "later on it is tried again"


def test_secrets_are_not_shown(remote: Remote, tmp_path: Path) -> None:
    for how in WAYS:
        given = credentials(remote, how)
        settings = settings_for(remote, tmp_path / how, **given)
        with open_repository(settings) as repository, open_sync(repository, settings) as sync:
            shown = repr(settings) + repr(sync.source) + repr(vars(sync.source)) + repr(settings.writing)
        for secret in given.values():
            for part in secret.split(",") if secret != BOT["CAPX_WIKIBASE_USER"] else ():
                assert part not in shown


@pytest.mark.parametrize("how", WAYS)
def test_credentials_are_read_with_where_they_are_said_to_be_of(remote: Remote, tmp_path: Path, how: str) -> None:
    given = {"CAPX_CONTACT": "tests@example.org", **credentials(remote, how)}
    remote.is_closed = True
    stranger = setting_list.load(given, data=str(tmp_path))
    file = str(tmp_path / "there.ttl")
    with pytest.raises(Forbidden, match="--sign-in"), reading(stranger, remote.api, file):
        pass
    with reading(stranger, remote.api, file, sign_in=True) as there:
        assert there.api == remote.api
    own = setting_list.load({**given, "CAPX_WIKIBASE_URL": remote.api}, data=str(tmp_path))
    with reading(own, remote.api, file) as there:
        assert there.api == remote.api
    with pytest.raises(InvalidParameter, match="https"), reading(stranger, "http://a.example", file, sign_in=True):
        pass
