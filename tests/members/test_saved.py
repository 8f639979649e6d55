"""Saved people and organizations: kept for their owner alone, and left out of the owner's own matches."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from capx_graph.accounts import Accounts, Saved
from capx_graph.cli import main
from capx_graph.settings import SETTINGS
from tests.bench_data.graph import generate

Run = Callable[..., str]
NOW = "2026-06-01T00:00:00Z"


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = Accounts(tmp_path, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    yield made
    made.close()


def test_a_list_is_its_holders_alone(accounts: Accounts) -> None:
    accounts.saved.add("Q1", Saved("Q2", "learner"))
    accounts.saved.add("Q1", Saved("Q10"))
    accounts.saved.add("Q1", Saved("Q2", "sharer"))
    assert accounts.saved.of("Q1") == (Saved("Q2", "sharer"), Saved("Q10"))
    assert accounts.saved.items("Q2") == frozenset()
    accounts.saved.remove("Q1", "Q2")
    assert accounts.saved.items("Q1") == {"Q10"}


def test_lists_are_replaced_whole_and_others_kept(accounts: Accounts) -> None:
    accounts.saved.replace({"Q1": [Saved("Q2")], "Q3": [Saved("Q4")]})
    accounts.saved.replace({"Q1": []})
    assert (accounts.saved.of("Q1"), accounts.saved.of("Q3")) == ((), (Saved("Q4"),))


@pytest.fixture
def capx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("CAPX_NOW", NOW)

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["capx", "--data", str(tmp_path / "data"), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert not ended.value.code, err
        return out

    return run


def names(answer: dict[str, Any], lists: tuple[str, ...]) -> set[str]:
    return {hit["name"] if "code" not in hit else hit["code"] for name in lists for hit in answer[name]}


@pytest.mark.slow
def test_imported_lists_are_left_out_of_ones_own_matches(capx: Run, shared: Path, tmp_path: Path) -> None:
    records = generate(shared, 120, tmp_path / "set")
    capx("import", str(records), "--workers", "0")
    people = [json.loads(line) for line in (records / "people.jsonl").read_text(encoding="utf-8").splitlines()]
    active = {person["username"] for person in people if person["active"]}
    person = next(p for p in people if p["active"] and len(p["saved_users"]) > 1 and p["wanted"] and p["languages"])
    saved = {entry["username"] for entry in person["saved_users"]} & active
    asked = ("match", person["username"], "--no-hierarchy", "--limit", "1000", "--format", "json")
    lists = ("learn_from", "share_with", "same_language", "swaps")
    without, whole = json.loads(capx(*asked)), json.loads(capx(*asked, "--saved"))
    assert saved & names(whole, lists)
    assert names(without, lists) == names(whole, lists) - saved
    organizations = {entry["code"] for entry in person["saved_orgs"]}
    towards = ("learn_from_organizations", "share_with_organizations")
    assert names(without, towards) == names(whole, towards) - organizations
    capx("export", "jsonl", str(tmp_path / "out"))
    exported = (tmp_path / "out" / "people.jsonl").read_text(encoding="utf-8")
    assert "learner" not in exported
    assert "sharer" not in exported
