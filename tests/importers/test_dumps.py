"""Published dumps: whole files with true checksums, found at their addresses, made anew at night."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from capx_graph.dumps import KEPT, MEDIA_TYPES, Dumps
from capx_graph.errors import Conflict
from capx_graph.jobs.nightly import next_night
from capx_graph.terms import RdfFormat, parse_rdf
from tests.doubles.services import FakeServices
from webapp import create_app

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)


@dataclass
class Services(FakeServices):
    dumps: Any = None


def writers() -> dict[str, Any]:
    return {name: lambda out, name=name: out.write(name.encode() * 1000) for name in MEDIA_TYPES}


def test_a_publication_is_found_listed_described_and_downloaded(tmp_path: Path) -> None:
    dumps = Dumps(tmp_path / "dumps")
    client = create_app(Services(dumps=dumps)).test_client()
    assert client.get("/dumps/").status_code == 200
    assert client.get("/dumps/index.json").get_json()["dumps"] == []
    nothing = list(parse_rdf(client.get("/dumps/dcat.ttl").data, RdfFormat.TURTLE))
    assert nothing
    assert not [one for one in nothing if one.predicate.value.endswith("distribution")]
    made = dumps.publish(writers(), at=NOW)
    listed = client.get("/dumps/", headers={"Accept": "application/json"}).get_json()["dumps"][0]
    assert listed["date"] == "2026-06-01T02:00:00Z"
    page = client.get("/dumps/").text
    for file in listed["files"]:
        answer = client.get(file["url"].removeprefix("http://localhost"))
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"]
        assert len(answer.data) == file["size"]
        assert gzip.decompress(answer.data) == file["name"].encode() * 1000
        assert file["sha256"] in page
        answer.close()
        with client.get(answer.request.path, headers={"Range": "bytes=0-9"}) as part:
            assert (part.status_code, len(part.data)) == (206, 10)
    sums = client.get(f"/dumps/{made.name}/SHA256SUMS", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in sums.headers
    assert sums.text.splitlines() == [f"{file['sha256']}  {file['name']}" for file in listed["files"]]
    sums.close()
    latest = client.get("/dumps/latest/graph.nt.gz")
    assert latest.headers["Location"] == f"/dumps/{made.name}/graph.nt.gz"
    description = client.get("/dumps/dcat.ttl")
    assert listed["files"][0]["sha256"] in description.text
    assert len(list(parse_rdf(description.data, RdfFormat.TURTLE))) > 25
    assert dumps.newest_rdf() == (f"/dumps/{made.name}/graph.nt.gz", f"/dumps/{made.name}/graph.ttl.gz")


@pytest.mark.parametrize("path", ["latest/index.json", "20260601T020000Z/../x", "x/graph.nt.gz", "latest/..%2fLOCK"])
def test_nothing_but_dumps_is_given_away(tmp_path: Path, path: str) -> None:
    dumps = Dumps(tmp_path)
    dumps.publish(writers(), at=NOW)
    assert create_app(Services(dumps=dumps)).test_client().get(f"/dumps/{path}").status_code == 404


def test_a_publication_that_fails_leaves_nothing_and_old_ones_go(tmp_path: Path) -> None:
    dumps = Dumps(tmp_path)

    def failing(out: BinaryIO) -> None:
        out.write(b"half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        dumps.publish({"graph.nt.gz": failing}, at=NOW)
    assert dumps.publications() == ()
    for day in range(KEPT + 2):
        dumps.publish(writers(), at=NOW + timedelta(days=day))
    assert [one.at for one in dumps.publications()] == [NOW + timedelta(days=day) for day in (4, 3, 2)]
    with pytest.raises(Conflict):
        dumps.publish(writers(), at=NOW + timedelta(days=4))


def test_the_next_night_is_always_ahead() -> None:
    assert next_night(NOW, 2) == NOW + timedelta(days=1)
    assert next_night(NOW, 3) == NOW + timedelta(hours=1)
    assert next_night(NOW - timedelta(seconds=1), 2) == NOW
