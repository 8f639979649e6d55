"""Reports to the maintainers: without an account, within bounds, read by nobody else, gone with who wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from capx_graph.accounts import Accounts, Report
from capx_graph.accounts.reports import MOST
from capx_graph.cli.entry import capx
from tests.houses.directory import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as opened:
        yield opened


def sent(home: House, **given: str) -> int:
    """The status after sending a report."""
    fields = home.form("/report?page=/directory", "/report") | {"kind": "fault", "said": "It broke.", "name": ""}
    return home.client.post("/report", data=fields | given).status_code


def kept(home: House) -> list[Report]:
    return list(home.services.accounts.reports.since())


def test_a_stranger_reports_a_fault_of_a_page(home: House) -> None:
    assert sent(home) == 303
    (report,) = kept(home)
    assert (report.kind, report.said, report.page, report.user_id) == ("fault", "It broke.", "/directory", None)
    assert "Thank you" in home.client.get("/report?sent=1").text


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"said": "  "}, 400),
        ({"said": "x" * 4001}, 400),
        ({"kind": "gossip"}, 400),
        ({"token": "stolen"}, 403),
        ({"name": "a program"}, 303),
    ],
)
def test_a_report_that_is_none_is_not_kept(home: House, given: dict[str, str], status: int) -> None:
    assert sent(home, **given) == status
    assert not kept(home)


def test_a_page_elsewhere_is_no_page_of_ours(home: House) -> None:
    assert sent(home, page="https://evil.example/") == 303
    assert kept(home)[0].page == "/search"


def test_what_was_typed_stands_in_the_form_escaped(home: House) -> None:
    fields = home.form("/report", "/report") | {"kind": "gossip", "said": "<script>alert(1)</script>"}
    page = home.client.post("/report", data=fields).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_client_reports_five_times_in_ten_minutes(home: House) -> None:
    assert [sent(home) for _ in range(6)] == [303] * 5 + [429]
    assert len(kept(home)) == 5


def test_a_members_reports_leave_with_them(home: House) -> None:
    home.sign_in("Ana")
    assert sent(home) == 303
    assert kept(home)[0].user_id is not None
    told = home.services.erasures.export("Ana", at=home.services.settings.now())
    assert b"It broke." in told.as_json()
    home.services.erasures.erase("Ana")
    assert not kept(home)


def test_when_too_many_are_kept_the_oldest_makes_room(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    for number in range(3):
        accounts.reports.add(Report("fault", str(number)), user_id=None)
    with accounts.database.writing() as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'report'", (MOST,))
    accounts.reports.add(Report("fault", "new"), user_id=None)
    assert [report.said for report in accounts.reports.since()] == ["1", "2", "new"]
    accounts.close()


def test_maintainers_take_reports_out_and_forget_them(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    for said in ("eins", "zwei"):
        accounts.reports.add(Report("question", said, language="de"), user_id=None)
    accounts.close()
    given = ["--data", str(tmp_path), "reports"]
    lines = CliRunner().invoke(capx, [*given, "--after", "1"]).output.splitlines()
    assert [json.loads(line)["said"] for line in lines] == ["zwei"]
    CliRunner().invoke(capx, [*given, "--drop", "1"])
    left = CliRunner().invoke(capx, given).output
    assert "eins" not in left
    assert "zwei" in left
