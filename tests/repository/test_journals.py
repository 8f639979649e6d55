"""Durable files on file systems of a network: a rollback journal, chosen or found out, and nothing lost by it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from capx_graph import settings as setting_list
from capx_graph.datadir import journals
from capx_graph.datadir.journals import ROLLBACK, WAL, journal_mode
from capx_graph.errors import InvalidSetting
from capx_graph.jobs.backups import back_up, restore
from capx_graph.opening import open_accounts, open_repository
from tests.houses.data import edit

MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
33 21 0:50 / /data rw,relatime shared:2 - nfs4 server:/tools rw,vers=4.2
34 33 0:51 / /data/local\\040disk rw - xfs /dev/sdb1 rw
"""


@pytest.mark.parametrize(
    ("directory", "mode"),
    [("/data/project/tool", ROLLBACK), ("/data/local disk/x", WAL), ("/srv", WAL), ("/database", WAL)],
)
def test_a_file_system_of_a_network_is_found_out(
    directory: str, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTS, encoding="utf-8")
    monkeypatch.setattr(journals, "_MOUNTS", tmp_path / "mountinfo")
    assert journal_mode(Path(directory)) == mode


def test_who_knows_better_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "_MOUNTS", tmp_path / "none")
    assert journal_mode(tmp_path) == WAL
    (tmp_path / "capx.toml").write_text('journal = "rollback"\n', encoding="utf-8")
    assert journal_mode(tmp_path) == ROLLBACK
    monkeypatch.setenv("CAPX_JOURNAL", "wal")
    assert journal_mode(tmp_path) == WAL
    monkeypatch.setenv("CAPX_JOURNAL", "quick")
    with pytest.raises(InvalidSetting, match="CAPX_JOURNAL"):
        journal_mode(tmp_path)


def mode_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_data_moves_between_both_ways_and_is_backed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = setting_list.load({}, data=str(tmp_path / "data"))
    edit(settings, "before")
    assert mode_of(settings.data / "repository.sqlite") == "wal"
    monkeypatch.setenv("CAPX_JOURNAL", "rollback")
    edit(settings, "after")
    with open_repository(settings) as repository, open_accounts(settings) as accounts:
        accounts.add("Bo", "correct horse battery")
        assert not list(settings.data.glob("*-wal"))
        back_up(settings, tmp_path / "backup", texts=setting_list.texts({}, data=str(settings.data)))
        repository.compact()
        accounts.database.compact()
    target = setting_list.load({}, data=str(tmp_path / "elsewhere"))
    restore(target, tmp_path / "backup")
    with open_repository(target) as repository, open_accounts(target) as accounts:
        page = repository.page("Q900")
        assert page is not None
        assert page.entity is not None
        assert page.entity["labels"]["en"]["value"] == "after 0"
        assert accounts.names() == ["Bo"]
