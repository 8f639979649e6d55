"""Back-up and restore: what comes back is what was there at one moment, and nothing damaged or half ever does."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.accounts import Accounts
from capx_graph.backup import making, read_manifest
from capx_graph.connected import load_embedded
from capx_graph.datadir.runs import Runs
from capx_graph.errors import CapxError, Conflict, DataError, NotFound, StoreLocked
from capx_graph.importers.sources import BenchDirectory
from capx_graph.jobs.backups import Restored, back_up, restore
from capx_graph.jobs.operations import export_records
from capx_graph.opening import open_accounts, open_graph, open_importing, open_repository
from capx_graph.privacy import erasures_over
from capx_graph.settings import Settings
from tests.houses.data import differences, edit
from tests.houses.records import write_data

pytestmark = pytest.mark.slow

ANA = "Ana"
PASSWORD = "correct horse battery"
PRIVATE_FILES = {"private.sqlite", "suggestions.sqlite", "links.sqlite", "capx.toml"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with records, a member who is signed in, and files beside the databases."""
    folder = tmp_path_factory.mktemp("backup")
    settings = setting_list.load({}, data=str(folder / "data"))
    with open_importing(settings) as importing:
        importing.importer.run(BenchDirectory(write_data(folder / "set")), rejects=folder / "rejects")
        with open_graph(importing.repository, settings) as graph:
            graph.ingest.catch_up()
    with open_accounts(settings) as accounts:
        accounts.open_session(accounts.add("Bo", PASSWORD), None)
    (settings.data / "capx.toml").write_text('site_name = "Here"\n', encoding="utf-8")
    (settings.data / "translation").mkdir()
    (settings.data / "translation" / "fr.json").write_text("{}", encoding="utf-8")
    return settings.data


@pytest.fixture
def settings(template: Path, tmp_path: Path) -> Settings:
    shutil.copytree(template, tmp_path / "data")
    return setting_list.load({}, data=str(tmp_path / "data"))


def backed_up(settings: Settings, directory: Path, *, private: bool = True) -> Path:
    back_up(settings, directory, texts=setting_list.texts({}, data=str(settings.data)), private=private)
    return directory


def elsewhere(tmp_path: Path) -> Settings:
    return setting_list.load({}, data=str(tmp_path / "elsewhere"))


def people(settings: Settings, folder: Path) -> set[str]:
    export_records(settings, folder)
    lines = (folder / "people.jsonl").read_text(encoding="utf-8").splitlines()
    return {json.loads(line)["username"] for line in lines}


def erase(settings: Settings, name: str) -> None:
    with open_repository(settings) as repository, closing(Accounts(settings.data)) as accounts:
        erasures_over(repository, accounts, load_embedded(), settings=settings).erase(name)


def test_a_back_up_comes_back_elsewhere_with_accounts_but_signed_out(settings: Settings, tmp_path: Path) -> None:
    target = elsewhere(tmp_path)
    done = restore(target, backed_up(settings, tmp_path / "backup"))
    assert isinstance(done, Restored)
    assert (done.kept, done.erased) == ((), False)
    assert people(target, tmp_path / "out") == people(settings, tmp_path / "in") == {ANA}
    assert differences(target) == []
    with open_accounts(target) as accounts:
        assert accounts.check_password("Bo", PASSWORD) is not None
        assert accounts.database.rows("SELECT * FROM session") == []
    assert (target.data / "translation" / "fr.json").read_text(encoding="utf-8") == "{}"
    assert (target.data / "capx.toml").exists()
    found = Runs(settings.data).last("backup")
    assert found is not None
    assert found.ok


def test_only_the_one_who_runs_the_service_reads_a_back_up(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings, tmp_path / "backup")
    assert made.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.rglob("*.sqlite"))


def test_secrets_of_the_settings_are_not_in_the_manifest(settings: Settings, tmp_path: Path) -> None:
    texts = setting_list.texts({"CAPX_OAUTH_SECRET": "hush", "CAPX_SITE_NAME": "There"}, data=str(settings.data))
    made = back_up(settings, tmp_path / "backup", texts=texts).manifest
    assert made.settings["site_name"] == "There"
    assert "hush" not in (tmp_path / "backup" / "manifest.json").read_text(encoding="utf-8")


def test_nothing_is_overwritten_that_was_not_asked_for(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings, tmp_path / "backup")
    with pytest.raises(Conflict, match="not empty"):
        backed_up(settings, made)
    with pytest.raises(Conflict, match="in the data directory"):
        backed_up(settings, settings.data / "inside")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letters").touch()
    with pytest.raises(Conflict, match="not empty"):
        backed_up(settings, tmp_path / "mine")
    with pytest.raises(Conflict, match="--replace"):
        restore(settings, made)
    with pytest.raises(NotFound, match="no data"):
        backed_up(elsewhere(tmp_path), tmp_path / "more")


def test_a_restore_wants_the_service_stopped(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings, tmp_path / "backup")
    with (
        open_repository(settings) as repository,
        open_graph(repository, settings),
        pytest.raises(StoreLocked, match="stop it first"),
    ):
        restore(settings, made, replace=True)


def flip_a_byte(made: Path) -> None:
    path = made / "repository.sqlite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_short(made: Path) -> None:
    path = made / "private.sqlite"
    path.write_bytes(path.read_bytes()[:-1])


def rewritten(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def act(made: Path) -> None:
        content = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
        change(content)
        (made / "manifest.json").write_text(json.dumps(content), encoding="utf-8")

    return act


def file_named(name: str) -> Callable[[Path], None]:
    return rewritten(lambda content: content["files"].append({"name": name, "size": 0, "sha256": ""}))  # type: ignore[attr-defined]


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a flipped bit": (flip_a_byte, "checksum"),
    "a byte short": (cut_short, "checksum"),
    "a file gone": (lambda made: (made / "private.sqlite").unlink(), "missing"),
    "no manifest": (lambda made: (made / "manifest.json").unlink(), "no finished back-up"),
    "no JSON": (lambda made: (made / "manifest.json").write_text('{"format": 1'), "cannot be read"),
    "a list": (lambda made: (made / "manifest.json").write_text("[]"), "is not what"),
    "a field gone": (rewritten(lambda content: content.pop("base")), "is not what"),
    "of a later program": (rewritten(lambda content: content.update(format=99)), "later version"),
    "of a later repository": (rewritten(lambda content: content.update(repository=99)), "later version"),
    "a name that climbs": (file_named("../outside"), "file name"),
    "a name from the root": (file_named("/etc/passwd"), "file name"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_back_up_is_refused_and_nothing_is_touched(settings: Settings, tmp_path: Path, name: str) -> None:
    made = backed_up(settings, tmp_path / "backup")
    damage, text = DAMAGES[name]
    damage(made)
    before = {path.name: path.read_bytes() for path in settings.data.iterdir() if path.is_file()}
    with pytest.raises(CapxError, match=text):
        restore(settings, made, replace=True)
    assert {path.name: path.read_bytes() for path in settings.data.iterdir() if path.is_file()} == before
    target = elsewhere(tmp_path)
    with pytest.raises(CapxError, match=text):
        restore(target, made)
    assert not (target.data / "repository.sqlite").exists()


def test_a_back_up_that_was_cut_off_is_none_and_the_next_one_clears_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(making, "measured", lambda path, name: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            backed_up(settings, tmp_path / "backup")
    assert (tmp_path / "backup" / "repository.sqlite").exists()
    with pytest.raises(NotFound, match="no finished back-up"):
        restore(elsewhere(tmp_path), tmp_path / "backup")
    found = Runs(settings.data).last("backup")
    assert found is not None
    assert not found.ok
    restore(elsewhere(tmp_path), backed_up(settings, tmp_path / "backup"))
    assert {path.name for path in (tmp_path / "backup").glob("*lock")} == set()


def test_whoever_was_erased_since_is_erased_again(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings, tmp_path / "backup")
    erase(settings, ANA)
    settings.tombstones.unlink()  # those in the data directory are enough
    done = restore(settings, made, replace=True)
    assert done.erased
    assert people(settings, tmp_path / "out") == set()
    assert differences(settings) == []


def test_tombstones_of_the_back_up_hold_where_there_were_none(settings: Settings, tmp_path: Path) -> None:
    erase(settings, ANA)
    made = backed_up(settings, tmp_path / "backup")
    target = elsewhere(tmp_path)
    restore(target, made)
    with open_importing(target) as importing:
        assert importing.erased.stands_for(ANA)


def test_no_graph_of_newer_data_is_believed_after_a_restore(settings: Settings, tmp_path: Path) -> None:
    """As many edits after the restore as before it: the numbers of changes are the same, their contents are not."""
    made = backed_up(settings, tmp_path / "backup")
    edit(settings, "former", 3)
    assert differences(settings) == []
    restore(settings, made, replace=True)
    edit(settings, "other", 3)
    assert differences(settings) == []


def test_a_file_that_came_later_goes(settings: Settings, tmp_path: Path) -> None:
    made = backed_up(settings, tmp_path / "backup")
    (settings.data / "later.json").write_text("{}", encoding="utf-8")
    restore(settings, made, replace=True)
    assert not (settings.data / "later.json").exists()


@pytest.mark.parametrize("step", range(1, 6))
def test_a_restore_that_is_cut_off_lets_nobody_in_until_it_is_run_again(
    settings: Settings, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backed_up(settings, tmp_path / "backup")
    edit(settings, "newer")
    erase(settings, ANA)
    settings.tombstones.unlink()
    steps, whole = iter(range(1, 100)), Path.replace

    def cut_off(path: Path, target: Path) -> Path:
        if ".restoring" in path.parts and next(steps) == step:
            raise KeyboardInterrupt
        return whole(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        with pytest.raises(KeyboardInterrupt):
            restore(settings, made, replace=True)
    with pytest.raises(DataError, match="half restored"), open_repository(settings):
        pass
    with pytest.raises(DataError, match="half restored"), open_accounts(settings):
        pass
    with pytest.raises(DataError, match="half restored"):
        backed_up(settings, tmp_path / "another")
    assert restore(settings, made).erased
    assert people(settings, tmp_path / "out") == set()
    assert differences(settings) == []


def texts_in(folder: Path) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_back_up_without_what_is_private_holds_nothing_of_it_and_takes_nothing_away(
    settings: Settings, tmp_path: Path
) -> None:
    with sqlite3.connect(settings.data / "unknown.sqlite") as connection:
        connection.execute("CREATE TABLE secret AS SELECT 'hush-hush' AS it")
    connection.close()
    erase(settings, ANA)
    made = backed_up(settings, tmp_path / "backup", private=False)
    assert not any(b"argon2" in text or b"hush-hush" in text for text in texts_in(made))
    assert not read_manifest(made).private
    target = elsewhere(tmp_path)
    restore(target, made)
    with open_importing(target) as importing, open_accounts(target) as accounts:
        assert importing.erased.stands_for(ANA)
        assert accounts.names() == []
    done = restore(settings, made, replace=True)
    assert set(done.kept) == {*PRIVATE_FILES, "unknown.sqlite"}
    with open_accounts(settings) as accounts:
        assert accounts.names() == ["Bo"]
